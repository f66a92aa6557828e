/** Models of other tools with their published answers; they need the public data, see {@code tern.data}. */
package dev.tern.cli.foreign;
