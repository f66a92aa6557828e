/**
 * From files and words on the command line to the arrays that a session takes: images, arrays, tables, raw bytes. May
 * depend on the compiler's diagnostics, on the runtime's signature and on the importers' file formats.
 */
package dev.tern.cli.input;
