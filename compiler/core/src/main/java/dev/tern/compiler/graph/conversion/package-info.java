/**
 * Conversions: passes that change what a model computes, each by a definition of its own, so that they run only where
 * they are asked for. What a converted graph computes is again what the oracle says of it. May depend on {@code graph},
 * {@code graph.formula}, {@code graph.pass}, {@code pipeline} and {@code diagnostics}.
 */
package dev.tern.compiler.graph.conversion;
