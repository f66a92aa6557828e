/**
 * Reads NumPy's files: {@link dev.tern.importers.numpy.NumpyArray} a .npy file as a model's input, and
 * {@link dev.tern.importers.numpy.NpzFormat} an .npz archive as parameters. May depend on {@code importers}, {@code
 * importers.network}, {@code analysis.parameters}, {@code diagnostics} and {@code files}.
 */
package dev.tern.importers.numpy;
