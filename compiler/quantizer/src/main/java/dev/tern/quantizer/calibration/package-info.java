/**
 * Calibration: the ranges of static quantizers, found from what the float model computes on samples. May depend on
 * {@code quantizer}, {@code graph}, {@code graph.formula}, {@code graph.meaning}, {@code interpreter}, {@code
 * analysis.parameters} and {@code diagnostics}; not on ND4J, so that it starts at once.
 */
package dev.tern.quantizer.calibration;
