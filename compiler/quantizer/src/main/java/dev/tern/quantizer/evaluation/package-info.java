/**
 * How often a compiled model is right, or by how much it is wrong: its answers to the examples of a data set. May
 * depend on {@code graph}, {@code diagnostics}, {@code importers.dataset} and {@code runtime}; not on ND4J, so that it
 * starts at once.
 */
package dev.tern.quantizer.evaluation;
