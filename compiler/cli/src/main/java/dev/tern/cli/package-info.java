/**
 * The {@code tern} command: one class per subcommand, and what they share. May depend on {@code cli.*},
 * {@code compiler.*}, {@code importers.*}, {@code quantizer.*}, {@code languageserver}, {@code runtime} and
 * {@code picocli}; nothing depends on it.
 */
package dev.tern.cli;
