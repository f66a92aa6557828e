/**
 * What the operations of the model graph mean: {@link dev.tern.compiler.graph.meaning.Meaning} gives the value of one
 * operation for given operands, in plain loops over unpacked values. The graph's interpreter runs models by it, and
 * passes fold constants and find thresholds by it, so that a pass can only ever change how a value is computed. May
 * depend on {@code graph} and {@code graph.formula}.
 */
package dev.tern.compiler.graph.meaning;
