/**
 * Recordings as examples: wav files, and the features that MLPerf Tiny's keyword spotting makes of them. May depend on
 * {@code importers.dataset}, {@code graph}, {@code files} and {@code org.apache.commons.math3}, whose Fourier transform
 * it takes.
 */
package dev.tern.quantizer.sound;
