/**
 * What the commands print and write, and where: the console, JSON, bar charts, tables, whole files. May depend on the
 * compiler and on the runtime's signature, not on the commands.
 */
package dev.tern.cli.output;
