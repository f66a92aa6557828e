/**
 * Data sets as calibration, quantization and training take them: samples in the order of a model's inputs, some of the
 * examples alone, random distortion. May depend on {@code importers.dataset}, {@code importers.numpy},
 * {@code diagnostics} and {@code graph}; not on ND4J, so that it starts at once.
 */
package dev.tern.quantizer.dataset;
