/**
 * ONNX's messages, generated from the part of their schema that Tern reads, and
 * {@link dev.tern.importers.onnx.schema.OnnxFields}, those fields beside it that few need. May depend on
 * {@code com.google.protobuf}.
 */
package dev.tern.importers.onnx.schema;
