/**
 * What a compiled model takes: flash and memory, to the byte. May depend on {@code kernel} and
 * {@code runtime.layout}.
 */
package dev.tern.compiler.footprint;
