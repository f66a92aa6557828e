/** Files made to break the command line, and the process in which it has to refuse them. */
package dev.tern.cli.hostile;
