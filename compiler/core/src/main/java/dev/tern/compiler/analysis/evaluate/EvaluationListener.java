package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.syntax.Identifier;
import java.util.Optional;

/**
 * Hears what the parts of a text turn out to be, in the order of evaluation; of a text with errors too, as far as its
 * parts have a meaning. What stands in a block is heard once for each application.
 */
public interface EvaluationListener {
    /** Hears nothing. */
    EvaluationListener NONE = new EvaluationListener() {
        @Override
        public void bound(Identifier name, ExpressionValue value) {
            // Whoever only wants the model is not interested.
        }

        @Override
        public void applied(SourceSpan call, TensorType result, Optional<String> weights,
                Optional<String> activations) {
            // As above.
        }
    };

    /** A name was given a value: an input, an argument of a block, or the name of a statement. */
    void bound(Identifier name, ExpressionValue value);

    /**
     * An op was applied.
     *
     * @param call the op with its arguments as it is written
     * @param weights the scheme of its weights as it would be written; empty where it has none
     * @param activations the scheme of its input, likewise
     */
    void applied(SourceSpan call, TensorType result, Optional<String> weights, Optional<String> activations);
}
