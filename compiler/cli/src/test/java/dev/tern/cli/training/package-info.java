/** Tests of what `tern train` consists of. */
package dev.tern.cli.training;
