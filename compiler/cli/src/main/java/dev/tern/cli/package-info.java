/**
 * The {@code tern} command: one class per subcommand, and what they share. May depend on everything; nothing depends
 * on it.
 */
package dev.tern.cli;
