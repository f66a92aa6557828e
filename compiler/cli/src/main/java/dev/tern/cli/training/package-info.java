/**
 * What `tern train` consists of: its options, the files that a run goes on from, its progress, cross-validation, and
 * the comparison of the trained network with the compiled class. May depend on {@code cli.measure}, {@code cli.output},
 * {@code quantizer.*}, {@code compiler.*}, {@code importers.dataset}, {@code runtime} and {@code picocli}.
 */
package dev.tern.cli.training;
