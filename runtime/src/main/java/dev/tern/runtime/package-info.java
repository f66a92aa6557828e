/**
 * What a compiled model needs at run time: the model and its sessions, its signature, and its checked weight files. It
 * is for Java 17. May depend on {@code runtime.layout}: no class of the compiler may be named here.
 *
 * <h2>For users</h2>
 *
 * {@link dev.tern.runtime.CompiledModel} is shared, {@link dev.tern.runtime.Session} belongs to one thread
 * ({@link dev.tern.runtime.Parallelism} gives it others to help with large layers; the bits stay the same), and
 * {@link dev.tern.runtime.Signature} tells what goes in and comes out.
 *
 * <h2>For code generators: what a generated class looks like</h2>
 *
 * A class compiled ahead of time, with its weights in a resource beside it:
 *
 * <pre>{@code
 * package com.acme;
 *
 * public final class Digits extends Session {
 *     private static final CompiledModel MODEL;
 *     static final long[] W0;
 *     static final float[] W1;
 *
 *     static {
 *         InputStream resource = WeightFile.beside(Digits.class, "Digits.weights");
 *         if (resource == null) {
 *             resource = Digits.class.getResourceAsStream("Digits.weights");   // asked here, for named modules
 *         }
 *         MODEL = CompiledModel.load(
 *                 new Digits(),             // while there is no model yet: it gives others, for newSession()
 *                 resource,
 *                 "Digits.weights",         // for messages
 *                 0x8d2f90a1,               // WeightFile.checksum of that file
 *                 0);                       // which form of the code this is
 *         W0 = MODEL.weights().longs(0);
 *         W1 = MODEL.weights().floats(1);
 *     }
 *
 *     public Digits() {
 *         super(MODEL);
 *     }
 *
 *     public static CompiledModel model() {
 *         return MODEL;
 *     }
 *
 *     protected Session another() {
 *         return new Digits();
 *     }
 *
 *     protected void infer() {
 *         // reads inputs from and leaves outputs in f32, i32, i64, i8 at the constant offsets of the ArenaPlan
 *         if (!share(0, 64)) {            // a large kernel: several threads call inferPart, if there are several
 *             // runs all of it, with the arrays of this.work
 *         }
 *     }
 *
 *     protected void inferPart(int kernel, int from, int to, WorkArrays arrays) {
 *         // runs units from..to of kernel 0, with the arrays given
 *     }
 * }
 * }</pre>
 *
 * The same class defined as a hidden class, with its {@link dev.tern.runtime.Weights} as class data, differs in one
 * expression: {@code MODEL = CompiledModel.ofClassData(new Digits(), MethodHandles.lookup())}. The constructor may then
 * have any access. {@code MODEL} must be the first static field that the initialiser assigns.
 *
 * <p>A class of plain loops may have others beside it, each of the form above, whose code is written with the Vector
 * API ({@link dev.tern.runtime.Variant}): {@code Digits$Vector512}, package-private, with the method {@code model}. It
 * reads the same weight file, in which it is another form, for it wants its weights in another order. It stays unloaded
 * where it does not run, and its weights are laid out when it is loaded. The class itself differs from one alone in how
 * the model is loaded:
 *
 * <pre>{@code
 * Variant variant = Variant.ofThisJvm(256 | 512);                  // in the initialiser of Digits
 * if (variant.vectorBits() > 0) {
 *     Digits.class.getModule().addReads(Variant.vectorModule());
 * }
 * CompiledModel model = CompiledModel.load(new Digits(), MethodHandles.lookup(), variant,
 *         Digits.class.getResourceAsStream("Digits.weights"), "Digits.weights", 0x8d2f90a1);
 * }</pre>
 *
 * <p>Sessions then begin with plain loops and change to a session of the other class between two calls
 * ({@link dev.tern.runtime.CompiledModel#warm()}); a hidden class is joined with another by
 * {@link dev.tern.runtime.CompiledModel#changingTo}. Nothing passes from one form to the other: a class keeps no state
 * from one call to the next.
 *
 * <p>The resource's bytes are {@link dev.tern.runtime.WeightFile#write} of a
 * {@link dev.tern.runtime.StoredWeights}, of which the class's form is made into the same {@code Weights}: the arrays
 * in the order of their indices, the {@link dev.tern.runtime.Signature} with
 * {@code weightBytes} equal to {@link dev.tern.runtime.Weights#bytesOf} and {@code arenaBytes} equal to
 * {@link dev.tern.runtime.ArenaPlan#bytes()}. New working memory is all zero; {@code infer()} finds in it what the
 * inference before left. Work arrays hold nothing from one kernel to the next.
 */
package dev.tern.runtime;
