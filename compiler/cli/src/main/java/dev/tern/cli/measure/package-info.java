/**
 * Measuring compiled models: speed, and imported ones beside their origin. May depend on {@code compiler},
 * {@code analysis}, {@code analysis.parameters}, {@code diagnostics}, {@code footprint}, {@code foreign}, {@code
 * graph}, {@code tuning}, {@code quantizer.evaluation}, {@code ai.onnxruntime} and {@code runtime}.
 */
package dev.tern.cli.measure;
