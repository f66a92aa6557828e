/**
 * Models that other tools wrote: the interface that readers of their files implement, and what they give, a Tern text
 * with its numbers. Readers live outside of the core and are found through {@link java.util.ServiceLoader}, and only
 * where a file is not Tern. May depend on {@code analysis}, {@code analysis.parameters}, {@code syntax},
 * {@code files} and {@code diagnostics}.
 */
package dev.tern.compiler.foreign;
