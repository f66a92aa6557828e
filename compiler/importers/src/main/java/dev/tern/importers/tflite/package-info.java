/**
 * TFLite models, Larq's operators among them, as networks. Flatbuffers are read through the accessors of
 * {@link dev.tern.importers.tflite.FlatTable}, written by hand: generated ones would need {@code flatc}, which is no
 * Maven artifact, and would not check what a file claims against the bytes that it has. May depend on
 * {@code importers.network}, {@code importers.tern} {@code importers.numpy},
 * {@code importers}, {@code com.google.flatbuffers} and the compiler's {@code foreign}, {@code files},
 * {@code diagnostics} and {@code graph.formula}.
 */
package dev.tern.importers.tflite;
