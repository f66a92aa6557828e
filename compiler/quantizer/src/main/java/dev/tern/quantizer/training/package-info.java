/**
 * What surrounds a training: the files that a run goes on from, cross-validation, models that predict noise, and the
 * comparison of the trained network with the compiled class. May depend on {@code quantizer},
 * {@code quantizer.evaluation}, {@code quantizer.dataset}, {@code quantizer.diffusion}, {@code compiler}, {@code
 * output}, {@code analysis}, {@code analysis.parameters}, {@code files}, {@code graph}, {@code graph.meaning},
 * {@code diagnostics}, {@code importers.dataset}, {@code importers.safetensors} and {@code runtime}.
 */
package dev.tern.quantizer.training;
