package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.TensorType;
import java.util.Optional;

/** A layer before its path is known. */
record LayerDraft(LayerScope scope, String op, Optional<String> weights, Optional<String> activations,
        TensorType output, String documentation, SourceSpan position) {
}
