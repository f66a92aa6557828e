/**
 * Evaluation: a model's statements run once, blocks and repeats unrolled, compile-time arguments known, and every op
 * adds its nodes to a graph. May depend on {@code diagnostics}, {@code syntax}, {@code graph} and {@code analysis.*}.
 */
package dev.tern.compiler.analysis.evaluate;
