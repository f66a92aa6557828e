/**
 * Checks that contenders agree, and times them in processes of their own by JMH. May depend on
 * {@code benchmarks.contender}, {@code benchmarks.job}, {@code benchmarks.onnx}, {@code benchmarks.portable} and
 * {@code org.openjdk.jmh}.
 */
package dev.tern.benchmarks.measure;
