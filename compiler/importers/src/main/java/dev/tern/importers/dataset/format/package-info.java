/**
 * The files that data sets come in, one class for each format. May depend on {@code diagnostics}, {@code files},
 * {@code graph}, {@code importers.dataset}, {@code importers.dataset.picture} and {@code importers.numpy}.
 */
package dev.tern.importers.dataset.format;
