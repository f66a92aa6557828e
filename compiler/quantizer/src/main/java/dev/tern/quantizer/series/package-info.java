/**
 * Series of measurements as examples. May depend on {@code importers.dataset}, {@code graph} and {@code files}; JSON is
 * read by Jackson.
 */
package dev.tern.quantizer.series;
