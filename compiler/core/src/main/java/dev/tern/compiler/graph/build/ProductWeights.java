package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import java.util.Optional;

/** The weights of a product, output channels first. */
public sealed interface ProductWeights {
    /** f32 weights under a scheme that makes codes and scales of them, or leaves them. */
    record RealWeights(ValueId weights, WeightScheme scheme) implements ProductWeights {
    }

    /**
     * Codes that are there already.
     *
     * @param scale f32, a scalar or one per output channel; missing where it is 1
     */
    record Stored(ValueId codes, Optional<ValueId> scale) implements ProductWeights {
    }
}
