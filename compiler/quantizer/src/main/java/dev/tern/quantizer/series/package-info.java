/**
 * Series of measurements as examples. May depend on {@code importers.dataset}, {@code graph}, {@code files} and
 * {@code com.fasterxml.jackson.core}.
 */
package dev.tern.quantizer.series;
