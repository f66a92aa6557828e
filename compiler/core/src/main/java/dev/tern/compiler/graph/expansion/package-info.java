/**
 * Operations that others compute, one file each: typing rule, definition, and the operations that stand for it. A new
 * one
 * needs no other place in the graph, the passes or the back end. May depend on {@code graph} and {@code graph.formula}.
 */
package dev.tern.compiler.graph.expansion;
