/**
 * Reads ONNX models, opsets 7 to 25 with the low-bit extensions of QONNX, into {@link dev.tern.importers.network}.
 * Knows nothing of Tern's language. Sources: the operator documentation of onnx/onnx, and for QONNX that of
 * fastmachinelearning/qonnx.
 */
package dev.tern.importers.onnx;
