/**
 * Quantization-aware training of Tern models: from a model graph without parameters and labelled images to the
 * parameters. May depend on the core's graph and analysis, and on the packages below.
 */
package dev.tern.quantizer;
