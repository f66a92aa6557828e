/**
 * What the front ends share: quantizers and quantized products as they are written into a graph, whether a text or a
 * foreign file asked for them. A front end says where nodes go ({@link dev.tern.compiler.graph.NodeSink}) and reports
 * its own errors; here nothing is refused. May depend on {@code graph} and {@code graph.formula} only.
 */
package dev.tern.compiler.graph.build;
