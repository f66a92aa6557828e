/**
 * Which scheme each layer of a float model gets: what each choice costs in accuracy and in bytes, the best choice under
 * a budget, and the text that says so. May depend on {@code quantizer.posttraining}, {@code quantizer.calibration},
 * {@code analysis}, {@code analysis.catalogue}, {@code analysis.parameters}, {@code syntax}, {@code graph},
 * {@code target}, {@code diagnostics} and {@code compiler}; not on ND4J, so that it starts at once.
 */
package dev.tern.quantizer.scheme;
