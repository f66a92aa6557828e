/**
 * Numbers for a model: the interfaces that parameter file formats implement, and the binder that puts their tensors in
 * the place of a graph's unbound parameters. Formats live outside of the core and are found through
 * {@link java.util.ServiceLoader}. May depend on {@code diagnostics}, {@code files}, {@code graph} and
 * {@code graph.meaning}.
 */
package dev.tern.compiler.analysis.parameters;
