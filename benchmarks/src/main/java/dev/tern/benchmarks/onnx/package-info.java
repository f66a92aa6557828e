/**
 * The jobs in ONNX Runtime, as models built in memory. May depend on {@code benchmarks.contender},
 * {@code benchmarks.job}, {@code ai.onnxruntime}, {@code onnx} and {@code org.nd4j.shade.protobuf}.
 */
package dev.tern.benchmarks.onnx;
