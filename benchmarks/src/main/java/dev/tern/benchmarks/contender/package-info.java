/**
 * Who is timed. May depend on {@code benchmarks.job}, {@code benchmarks.nativecode}, {@code benchmarks.onnx},
 * {@code benchmarks.peers}, {@code benchmarks.portable}, {@code compiler} and {@code runtime};
 * {@link dev.tern.benchmarks.contender.Contenders} lists all of them.
 */
package dev.tern.benchmarks.contender;
