/**
 * The ops of the language as data: for each its parameters with their kinds and defaults, its shape rule and what it
 * adds to the graph. Name resolution, evaluation, help lines and the reference all read this one list. May depend on
 * {@code diagnostics}, {@code syntax}, {@code graph}, {@code graph.formula}, {@code graph.meaning},
 * {@code graph.build}, {@code graph.expansion}, {@code analysis.value} and {@code analysis.draft}.
 */
package dev.tern.compiler.analysis.catalogue;
