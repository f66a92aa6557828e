/**
 * What the commands {@code import}, {@code export} and {@code init} do, to be called. Everything that is wrong with a
 * file is thrown as a {@link dev.tern.compiler.diagnostics.CompilationFailedException} with all that was found; files
 * are written whole or not at all. May depend on {@code compiler}, {@code analysis}, {@code analysis.parameters},
 * {@code diagnostics}, {@code files}, {@code foreign}, {@code graph}, {@code output}, {@code importers.export},
 * {@code importers.safetensors} and {@code runtime}.
 */
package dev.tern.importers.task;
