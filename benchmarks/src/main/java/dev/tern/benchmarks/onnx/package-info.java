/**
 * The jobs in ONNX Runtime, as models built in memory, and the library as an AVX2 machine runs it. May depend on {@code
 * benchmarks.contender}, {@code benchmarks.job}, {@code ai.onnxruntime}, {@code onnx} and {@code
 * org.nd4j.shade.protobuf}.
 */
package dev.tern.benchmarks.onnx;
