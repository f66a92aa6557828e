/**
 * Evaluation: a model's statements run once, blocks and repeats unrolled, compile-time arguments known, and every op
 * adds its nodes to a graph. May depend on everything in {@code analysis} but its front door.
 */
package dev.tern.compiler.analysis.evaluate;
