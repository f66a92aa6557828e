/**
 * Quantization-aware training of Tern models: from a model graph without parameters and a data set to the
 * parameters. May depend on {@code quantizer.*}, {@code importers.dataset},
 * {@code graph}, {@code graph.formula}, {@code analysis.parameters} and {@code diagnostics}.
 */
package dev.tern.quantizer;
