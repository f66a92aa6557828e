/**
 * What a compiled model takes: flash and memory, to the byte. May depend on {@code kernel} alone.
 */
package dev.tern.compiler.footprint;
