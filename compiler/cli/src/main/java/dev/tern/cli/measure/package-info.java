/**
 * Measuring compiled models: speed and accuracy. May depend on the runtime, on the compiler's diagnostics and on the
 * quantizer's data sets.
 */
package dev.tern.cli.measure;
