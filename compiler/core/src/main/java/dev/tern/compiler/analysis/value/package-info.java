/**
 * What expressions stand for while a model is analysed: constants, tensors of the graph being made, functions, and
 * activation schemes. May depend on {@code diagnostics}, {@code syntax}, {@code graph}, {@code graph.build} and
 * {@code analysis.draft}.
 */
package dev.tern.compiler.analysis.value;
