/**
 * Reads ONNX models, opsets 7 to 25 with the low-bit extensions of QONNX, into {@link dev.tern.importers.network}.
 * Knows nothing of Tern's language. Sources: the operator documentation of onnx/onnx, and for QONNX that of
 * fastmachinelearning/qonnx. May depend on {@code importers}, {@code importers.network}, {@code importers.numpy},
 * {@code importers.tern}, {@code importers.onnx.schema}, {@code analysis.parameters}, {@code foreign},
 * {@code diagnostics}, {@code files} and {@code com.google.protobuf}.
 */
package dev.tern.importers.onnx;
