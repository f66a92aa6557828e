/**
 * The messages of an ONNX file as far as Tern reads and writes them, generated from {@code onnx.proto}, and fields of
 * theirs beside it. May depend on {@code com.google.protobuf}.
 */
package dev.tern.importers.onnx.schema;
