/**
 * From files and words on the command line to the arrays that a session takes: images, arrays, tables, raw bytes. May
 * depend on {@code diagnostics}, {@code files}, {@code graph}, {@code importers.*} and
 * {@code runtime}.
 */
package dev.tern.cli.input;
