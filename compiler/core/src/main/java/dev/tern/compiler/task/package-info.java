/**
 * What the commands {@code tune}, {@code verify} and {@code fmt} do, to be called: a class for each. Compiling and
 * checking are {@link dev.tern.compiler.Tern}'s; what {@code explain} and {@code footprint} print is in a
 * {@link dev.tern.compiler.Compilation}. Everything that is wrong with a file is thrown as a {@link
 * dev.tern.compiler.diagnostics.CompilationFailedException} with all that was found, a setting out of range as an
 * {@link java.lang.IllegalArgumentException}; files are written whole or not at all.
 *
 * <p>May depend on {@code compiler}, {@code analysis}, {@code analysis.catalogue}, {@code diagnostics}, {@code graph},
 * {@code graph.conversion}, {@code graph.pass}, {@code kernel.cost}, {@code kernel.pass}, {@code output}, {@code
 * pipeline}, {@code syntax}, {@code target}, {@code tuning}, {@code verification} and {@code runtime}.
 */
package dev.tern.compiler.task;
