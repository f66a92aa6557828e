/**
 * Times layers as Tern compiles them beside native code and other libraries. {@link dev.tern.benchmarks.Main} is the
 * command; nothing else in the project depends on this module. May depend on {@code benchmarks.*}, {@code
 * compiler.target}, {@code picocli} and {@code runtime}.
 */
package dev.tern.benchmarks;
