/**
 * Diffusion models: how much noise each step has, training a model to predict it, and drawing samples. May depend on
 * {@code quantizer}, {@code quantizer.network}, {@code graph} and {@code diagnostics}.
 */
package dev.tern.quantizer.diffusion;
