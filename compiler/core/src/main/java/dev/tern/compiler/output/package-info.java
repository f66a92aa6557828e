/**
 * How files are written that leave the compiler: whole or not at all, and jars alike to the byte. May depend on
 * {@code diagnostics}.
 */
package dev.tern.compiler.output;
