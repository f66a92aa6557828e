/**
 * What `tern train` shows and takes: its options and its progress. May depend on {@code cli.output}, {@code
 * diagnostics}, {@code quantizer.*} and {@code picocli}.
 */
package dev.tern.cli.training;
