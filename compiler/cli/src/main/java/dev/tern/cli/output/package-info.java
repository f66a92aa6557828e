/**
 * What the commands print and write: JSON, bar charts, tables, whole files. May depend on the compiler's diagnostics and
 * on the runtime's signature.
 */
package dev.tern.cli.output;
