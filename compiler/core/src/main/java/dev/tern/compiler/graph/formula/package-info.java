/**
 * Functions of a few numbers as data: a formula that every evaluator reads (the oracle, the kernel interpreter,
 * training, and what is emitted), and what can be read off it: the sign of its result, whether it rises, whether it has
 * a form for vectors, its size and its derivative. A function stands here once and nowhere else. Depends on nothing.
 */
package dev.tern.compiler.graph.formula;
