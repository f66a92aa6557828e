package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Notices float weights that are quantized already, {-s, 0, s} say, and that the scheme of the model would change where
 * another scheme keeps every one of them to the bit.
 */
final class QuantizedAlready {
    /** A scheme as it is written. */
    private record Candidate(String text, WeightScheme scheme) {
    }

    /** Beyond rounding. */
    private static final float CLOSE = 1e-5f;
    private static final float TTQ_THRESHOLD = 0.05f;
    private static final List<Candidate> CANDIDATES = candidates();

    private QuantizedAlready() {
    }

    private static List<Candidate> candidates() {
        ScaleGranularity channel = ScaleGranularity.CHANNEL;
        List<Candidate> all = new ArrayList<>(List.of(new Candidate("binary", new WeightScheme.Binary(channel)),
                new Candidate("ternary(twn)", new WeightScheme.Ternary(new TernaryRule.Twn(), channel)),
                new Candidate("ternary(ttq)", new WeightScheme.Ternary(new TernaryRule.Ttq(TTQ_THRESHOLD), channel))));
        for (int bits = 2; bits <= 8; bits++) {
            all.add(new Candidate("int(" + bits + ")", new WeightScheme.Integer(bits, channel)));
        }
        return all;
    }

    /**
     * A warning where there is something to warn of. Whoever asks for no scale has weights changed on purpose.
     *
     * @param weights what the file holds for the parameter
     */
    static Optional<Diagnostic> check(Demand demand, TensorEntry entry, Tensor.Floats weights) {
        if (demand.codes().isEmpty() || !demand.parts().isEmpty()) {
            return Optional.empty();
        }
        WeightScheme scheme = ((Operation.WeightCodes) demand.codes().getFirst().operation()).scheme();
        if (scheme.scale() instanceof ScaleGranularity.None || !repeats(weights) || keeps(scheme, weights, CLOSE)) {
            return Optional.empty();
        }
        return CANDIDATES.stream().filter(candidate -> keeps(candidate.scheme, weights, 0)).findFirst()
                .map(candidate -> Diagnostic
                        .warning(DiagnosticCode.WEIGHTS_CHANGED,
                                "`" + demand.path()
                                        + "` is quantized already, and its scheme makes other weights of it",
                                entry.position(), "")
                        .alsoAt(demand.position(), "quantized again here")
                        .help("`weights: " + candidate.text + "` keeps every weight as it is"));
    }

    /** Whether some weights are equal but for their sign, as trained ones hardly are. */
    private static boolean repeats(Tensor.Floats weights) {
        Set<Float> magnitudes = new HashSet<>();
        for (float weight : weights.values()) {
            if (weight != 0 && !magnitudes.add(Math.abs(weight))) {
                return true;
            }
        }
        return false;
    }

    /** @param tolerance how far from a weight its product with the scale may be, as a part of the weight */
    private static boolean keeps(WeightScheme scheme, Tensor.Floats weights, float tolerance) {
        boolean two = scheme instanceof WeightScheme.Ternary ternary && ternary.rule() instanceof TernaryRule.Ttq;
        float[] kept = new float[weights.values().length];
        for (Part part : two ? List.of(Part.POSITIVE, Part.NEGATIVE) : List.of(Part.ALL)) {
            List<Tensor> operand = List.of(weights);
            int[] codes = ((Tensor.Integers) Meaning.evaluate(new Operation.WeightCodes(null, scheme, part), null,
                    operand)).values();
            float[] scales = ((Tensor.Floats) Meaning.evaluate(new Operation.WeightScale(null, scheme, part), null,
                    operand)).values();
            int each = kept.length / scales.length;
            for (int i = 0; i < kept.length; i++) {
                kept[i] += scales[i / each] * codes[i];
            }
        }
        for (int i = 0; i < kept.length; i++) {
            float weight = weights.values()[i];
            if (!(Math.abs(kept[i] - weight) <= tolerance * Math.abs(weight))) {
                return false;
            }
        }
        return true;
    }
}
