/**
 * What a compiled model takes: flash and memory, to the byte. May depend on {@code kernel} and the runtime's
 * {@code layout}.
 */
package dev.tern.compiler.footprint;
