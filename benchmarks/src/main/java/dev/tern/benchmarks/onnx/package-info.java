/** The jobs in ONNX Runtime, as models built in memory. */
package dev.tern.benchmarks.onnx;
