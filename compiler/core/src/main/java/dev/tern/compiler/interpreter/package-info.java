/**
 * The oracles: {@link dev.tern.compiler.interpreter.GraphInterpreter} defines what a model computes, by
 * {@code graph.meaning}, over unpacked values; {@link dev.tern.compiler.interpreter.KernelInterpreter} defines what a
 * kernel program computes, on packed ones. Neither shares code with the other or with what is emitted, so that the
 * three can be held against each other. May depend on {@code graph}, {@code graph.formula}, {@code graph.meaning},
 * {@code kernel}, {@code target}, {@code diagnostics} and {@code runtime.layout}; nothing that generated code is made
 * from may depend on it.
 */
package dev.tern.compiler.interpreter;
