/**
 * Pictures: their files, their channels and their size. May depend on {@code diagnostics}, {@code files}, {@code
 * graph} and {@code importers.dataset}.
 */
package dev.tern.importers.dataset.picture;
