/**
 * Compares what the compiler makes of a model, stage by stage, with what the model means. May depend on everything from
 * the graph to the bytecode; only front ends and tests depend on it.
 */
package dev.tern.compiler.verification;
