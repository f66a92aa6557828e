/**
 * From kernels to loops, in the vocabulary of {@code code} and in no language: a generator for each producer of an
 * epilogue, one for each of its steps and one for each other kernel. May depend on {@code code}, {@code kernel},
 * {@code kernel.schedule}, {@code target}, {@code graph}, {@code graph.formula}, {@code graph.meaning}, {@code
 * diagnostics}, {@code runtime} and {@code runtime.layout}.
 *
 * <p>A kernel whose units of work (output rows, or columns of channels) can be computed in any order has a method for a
 * range of them, which its own method calls once and a session of several threads once for each part. What a kernel
 * uses in passing lies in work arrays, of which each thread has a set; so nothing is written by two threads.
 *
 * <p>Generated hot loops are plain loops along output channels, which HotSpot's C2 turns into vector
 * instructions; trip counts and strides are constants, weights are data. What C2 of JDK 25 makes of
 * such a loop, measured on one core of an EPYC with AVX-512 (Zen 4):
 *
 * <ul>
 * <li>It must not read one array of a type and write another of the same type, nor the same array at
 * distances it cannot compare. Hence products of 8-bit codes accumulate in ints what they multiply as
 * floats, epilogues that store f32 read their constants from doubles, and {@code sums} of a popcount
 * product are added where its accumulators are read.
 * <li>A load of bytes as ints has no vector form, and a loaded value that meets several others in one
 * loop (a weight and the words of several planes) spoils it: hence a pass for each plane.
 * <li>A body has a size past which it stays scalar, at a tenth of the speed: 9 products of codes run at
 * 17 GMAC/s and 10 at 3; 4 words of ternary weights at 390 GMAC/s (1 word 440) and 8 at 38; 8 words of
 * binary weights still run (740, as 4 words do).
 * <li>Ternary weights by 4-bit codes: 1 word a pass 106 GMAC/s, 4 words 90. All numbers are of 1024 inputs
 * to 1024 channels, of codes 256 to 256, in memory close to the core.
 * <li>With 16 channels hardly anything is left for the vector part of a loop: its scalar beginning and end
 * take most of them.
 * <li>A choice ({@code x < y ? a : b}) keeps a loop scalar; {@code Math.max}, {@code Math.min} and arithmetic on
 * sign bits do not.
 * <li>A routine that calls one method in a loop and another after it is compiled as soon as the loop is hot. What is
 * inlined of the other then has no profile of the types of its vectors, and C2 of JDK 25 may leave one of them an
 * object for as long as the program runs (80 bytes an inference, in a quarter of all runs). Hence such loops stand in
 * methods of their own.
 * <li>Vectors of 256 bits under AVX2 beside plain loops: dense 1024 to 1024 with ternary weights 1.2 times as fast by
 * signs, 3.3 times by codes of 4 bits, 3.5 times by codes of 8; binary by signs 1.3 times.
 * </ul>
 *
 * <p>What it makes of code written with the Vector API, measured on one core of a Xeon with AVX-512 and AMX (family 6,
 * model 167) under JDK 25, of 1024 inputs to 1024 channels where nothing else is said:
 *
 * <ul>
 * <li>The data of an array begin 16 bytes past an address that is a multiple of 8, so that each vector of 64 bytes lies
 * across two cache lines: 1.37 microseconds for one-bit products, 0.97 where weights lie outside the heap at a multiple
 * of 64.
 * <li>A check of bounds for each load takes the ports of the vector instructions: 950 GMAC/s with, 1250 without. There
 * is none where the bounds of an index can be seen: {@code min(panel & MAX, last) * size + word * step} into a static
 * final segment.
 * <li>The address of a static segment and the constant part of an offset are added when the code is compiled, and every
 * sum is kept in a register. Eight loads in a loop find room; of sixteen half wait in vector registers, and ternary
 * weights by signs ran at two thirds of the speed. Two rows that share eight loads run at the speed of one plane.
 * <li>{@code and} and {@code xor} of one value become one instruction; eight accumulators of popcounts run at 0.93 to
 * 0.98 of the same loop in C.
 * <li>A look-up ({@code selectFrom}) is a shuffle and, for each index loaded, an {@code and}, which rows that share
 * the index share too. With one load of 64 bytes for each table of 32 the loads were the limit, 10 percent slower where
 * they lay across cache lines; with a pair of tables in each load the place of the array no longer matters.
 * <li>Division of f32, and {@code min} and {@code max} of f32 by Java's rules, are dear: a convolution of 32x32x64
 * values in four static bits took 206 microseconds with these, and 185 with a corrected reciprocal and a clamp of ints.
 * <li>Vectors made before a loop and used in one branch of it became objects at each call (80 bytes each); so did one
 * of a method that built the tables of two digits in one loop, and none of two methods with one digit each.
 * <li>A helper that takes or gives vectors and is not inlined makes them objects, at a third of the speed or less.
 * Hence accumulators go through a small array between a product and its epilogue.
 * </ul>
 *
 * <p>And on one core of an EPYC with AVX-512, in processor time, whole layers from f32 to f32; of vectors of 256 bits
 * with {@code -XX:UseAVX=2}:
 *
 * <ul>
 * <li>Tiles of f32 lanes: products of 8-bit codes run at 87 to 97 GMAC/s (256 bits: 47 to 54) where plain loops make 8
 * to 15, f32 multiplied and added in order at 90 to 115 (256 bits: 50) where they make 7.
 * <li>A table of how far each value of a window is from its first costs no more than an index that counts, and serves
 * windows of any shape in one loop: a stem of 10x4 taps of one channel runs at 54 GMAC/s of 256 bits, at 30 with a call
 * for each line of taps.
 * <li>Tiles of four rows by two vectors suit 16 registers. Five rows do too where values are read through the table;
 * where they lie in a run, C2 loads all of a step at once and has no register left: half the speed.
 * <li>A depthwise layer of 3x3 on 25x5x64 takes 5.4 microseconds of 256 bits, tap by tap in plain loops 22.
 * <li>Of loads whose bounds C2 can prove it makes all of a round first, and with 16 registers most of them wait in
 * memory. Look-ups of ternary weights by 4 bits, 1024 to 1024, took 8.4 microseconds of 256 bits; they take 5.3 with
 * indices of unknown bounds, where a check before each load keeps it in its place, and 9 in rounds of two, four or
 * eight, in which C2 proves the bounds of a long index all the same.
 * <li>A table of 32 sums takes 1.6 nanoseconds by a broadcast of each of its codes, 2.6 by shuffles, of which one is
 * five instructions of 256 bits.
 * <li>Carry-save popcounts of two vectors beside each other take .88 of the time of popcounts of each vector where a
 * product has 16 words, of 256 bits, and .76 where it has 72. One vector at a time was slower, 250 GMAC/s against 340,
 * though not on Zen 3. A loop over a word or two that are left of it takes as long as its rounds.
 * </ul>
 */
package dev.tern.compiler.loops;
