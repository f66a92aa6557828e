/**
 * The model graph: what is computed, as typed values and one record per operation, with quantizers explicit and scales
 * as values. Holds the representation, its verifier and its printer. May depend on {@code diagnostics} and
 * {@code graph.formula}; what its operations compute is in {@code graph.meaning}.
 */
package dev.tern.compiler.graph;
