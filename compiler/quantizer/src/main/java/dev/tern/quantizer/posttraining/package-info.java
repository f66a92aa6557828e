/**
 * Quantization of a model that was trained in floats, without training: its weights' codes and scales, its biases and
 * its statistics, from what it computes on samples without labels. May depend on {@code quantizer}, {@code
 * quantizer.calibration}, {@code graph}, {@code graph.formula}, {@code graph.meaning}, {@code interpreter}, {@code
 * analysis.parameters}, {@code diagnostics}; not on ND4J, so that it starts at once.
 */
package dev.tern.quantizer.posttraining;
