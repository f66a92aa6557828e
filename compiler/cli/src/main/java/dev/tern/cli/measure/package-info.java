/** Measuring compiled models: speed and accuracy. May depend on the runtime only, and on the quantizer's data sets. */
package dev.tern.cli.measure;
