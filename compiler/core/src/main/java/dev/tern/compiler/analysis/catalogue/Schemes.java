package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.graph.WeightScheme;

/**
 * What {@code default} sets and an op may override.
 *
 * @param weights of every weighted op that names none
 * @param activations of its input
 */
public record Schemes(WeightScheme weights, ActivationScheme activations) {
    /** What holds where nothing is said. */
    public static final Schemes FLOAT = new Schemes(new WeightScheme.Floating(), ActivationScheme.FLOAT);

    public static final OpParameter<WeightScheme> WEIGHTS = OpParameter.optional("weights", WeightSchemes.KIND,
            "how the weights become codes; by default that of `default weights`");
    public static final OpParameter<ActivationScheme> ACTIVATIONS = OpParameter.optional("activations",
            ActivationSchemes.KIND, "how the input becomes codes; by default that of `default activations`");

    /** What a {@code default} statement takes. */
    public static final OpSignature DEFAULTS = OpSignature.of("default", 0, WEIGHTS, ACTIVATIONS);
}
