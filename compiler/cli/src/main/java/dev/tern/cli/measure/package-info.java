/**
 * Measuring compiled models: speed and accuracy. May depend on {@code diagnostics}, {@code analysis.parameters},
 * {@code foreign}, {@code tuning}, {@code importers.dataset}, {@code quantizer.diffusion}, {@code ai.onnxruntime}
 * and
 * {@code runtime}.
 */
package dev.tern.cli.measure;
