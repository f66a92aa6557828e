/**
 * Names: what each name and call of a file refers to, found without knowing any shape, so that blocks nobody applies
 * are checked too. May depend on {@code diagnostics}, {@code syntax}, {@code analysis.value} and
 * {@code analysis.catalogue}.
 */
package dev.tern.compiler.analysis.resolve;
