/**
 * What was measured, as text and as a chart. May depend on {@code benchmarks.job}, {@code benchmarks.measure},
 * {@code benchmarks.nativecode}, {@code benchmarks.onnx}, {@code benchmarks.portable} and {@code org.knowm.xchart}.
 */
package dev.tern.benchmarks.report;
