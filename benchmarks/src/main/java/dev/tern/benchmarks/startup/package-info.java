/**
 * What a program takes from its start to the first answer of a model, in JVMs of its own, beside the same program
 * without the model and one with ONNX Runtime. May depend on {@code compiler.generate},
 * {@code importers.export}, {@code importers.task}, {@code runtime}, {@code picocli} and {@code ai.onnxruntime}.
 */
package dev.tern.benchmarks.startup;
