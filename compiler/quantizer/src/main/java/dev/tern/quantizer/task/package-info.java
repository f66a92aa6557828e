/**
 * What the commands {@code eval}, {@code calibrate}, {@code quantize}, {@code train} and {@code sample} do, to be
 * called: a class for each, which is told what to work on, run, and gives a result that can be looked at and written. A
 * model is the path of a Tern text or of a model of another tool, data the path of anything that {@code
 * dev.tern.importers.dataset} reads or a data set at hand. Compiling and checking are {@link dev.tern.compiler.Tern}'s,
 * import and export those of {@code dev.tern.importers.task}.
 *
 * <p>Everything that is wrong with a file is thrown as a {@link
 * dev.tern.compiler.diagnostics.CompilationFailedException} with all that was found, each with its position; a setting
 * out of range, or one that does not go with the model, as an {@link java.lang.IllegalArgumentException}. Files are
 * written whole or not at all. Settings belong to one thread; results never change.
 *
 * <p>May depend on {@code quantizer.*}, {@code compiler}, {@code analysis}, {@code analysis.parameters},
 * {@code diagnostics}, {@code files}, {@code foreign}, {@code graph}, {@code output}, {@code syntax},
 * {@code importers.dataset}, {@code importers.safetensors} and {@code runtime}.
 */
package dev.tern.quantizer.task;
