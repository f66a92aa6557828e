/**
 * From the model graph, as the graph passes leave it, to a kernel program in which every operation is a loop nest of
 * its own. May depend on {@code graph}, {@code graph.formula}, {@code kernel}, {@code kernel.pack},
 * {@code kernel.schedule}, {@code target} and {@code diagnostics}.
 */
package dev.tern.compiler.kernel.lower;
