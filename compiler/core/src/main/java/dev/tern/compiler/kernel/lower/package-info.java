/**
 * From the model graph, as the graph passes leave it, to a kernel program in which every operation is a loop nest of
 * its own. May depend on {@code graph}, {@code graph.formula}, {@code kernel}, {@code kernel.schedule},
 * {@code target}, {@code diagnostics} and {@code runtime.layout}.
 */
package dev.tern.compiler.kernel.lower;
