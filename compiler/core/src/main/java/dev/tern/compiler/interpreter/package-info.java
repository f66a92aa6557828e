/**
 * The oracles: {@link dev.tern.compiler.interpreter.GraphInterpreter} defines what a model computes, in plain loops
 * over unpacked values. It shares no code with the packed path, so that the two can be held against each other. May
 * depend on the representations and on {@code diagnostics}; nothing that generated code is made from may depend on it.
 */
package dev.tern.compiler.interpreter;
