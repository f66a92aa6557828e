/**
 * A model graph as an ONNX file that other tools run: {@link dev.tern.importers.export.OnnxExport} is the way in, and
 * {@link dev.tern.importers.export.OperationExport} the one place that says what becomes of each operation. What is
 * written is read back by {@code importers.onnx} to the same bits. May depend on {@code diagnostics}, {@code graph},
 * {@code graph.formula}, {@code graph.expansion}, {@code graph.meaning}, {@code importers.onnx.schema} and
 * {@code com.google.protobuf}.
 */
package dev.tern.importers.export;
