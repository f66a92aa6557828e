/**
 * Recordings as examples: wav files, and the features that MLPerf Tiny's keyword spotting makes of them. May depend on
 * {@code importers.dataset}, {@code graph} and {@code files}; the Fourier transform is that of Apache Commons Math.
 */
package dev.tern.quantizer.sound;
