package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.pipeline.Pass;

/**
 * A pass over the model graph. A node that keeps its id keeps its value: whatever a pass does, an id found before and
 * after it names the same bits.
 */
public interface GraphPass extends Pass<Graph> {
}
