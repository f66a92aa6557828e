/**
 * From a kernel program to a class: a generator for each producer, one for each step of an epilogue
 * and one for each other kernel, which {@link dev.tern.compiler.bytecode.program.ModelClass} puts
 * together. Generated hot loops are plain loops along output channels, which HotSpot's C2 turns into
 * vector instructions; trip counts and strides are constants, weights are data. May depend on
 * {@code bytecode}, {@code kernel} and {@code runtime}.
 */
package dev.tern.compiler.bytecode.program;
