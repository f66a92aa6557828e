/**
 * Measuring compiled models: speed and accuracy. May depend on {@code compiler}, {@code analysis},
 * {@code analysis.parameters}, {@code diagnostics}, {@code footprint}, {@code foreign}, {@code graph}, {@code tuning},
 * {@code importers.dataset}, {@code quantizer.diffusion}, {@code ai.onnxruntime} and {@code runtime}.
 */
package dev.tern.cli.measure;
