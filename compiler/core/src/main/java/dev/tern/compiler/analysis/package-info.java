/**
 * What a text means: names, blocks and compile-time arguments resolved, shapes inferred, quantizers made explicit.
 * {@link dev.tern.compiler.analysis.Analyzer} turns a syntax tree into a model graph whose parameters are not bound
 * yet. May depend on {@code diagnostics}, {@code syntax}, {@code graph}, {@code analysis.evaluate},
 * {@code analysis.resolve} and {@code analysis.parameters}. Files of other tools come in through {@link
 * dev.tern.compiler.analysis.ModelFormat}.
 */
package dev.tern.compiler.analysis;
