package dev.tern.quantizer.scheme;

import dev.tern.quantizer.calibration.RangeRule;
import dev.tern.quantizer.posttraining.Rounding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a float model is to be quantized; schemes as they are written in the language.
 *
 * @param weights scheme of the weights; empty to leave the model's
 * @param activations scheme of what layers with weights read; empty to leave the model's
 * @param firstLast scheme of the weights of the first and the last layer; {@code int(8)} has them read
 *     {@code dynamic(8)}, too
 * @param layers schemes of the weights of some layers, by paths as {@link PathPattern} has them; before all others
 * @param budget bytes that the numbers may take; then each place gets the best of {@code choices}
 * @param packed whether the budget is of codes and other numbers packed, see
 *     {@link dev.tern.quantizer.posttraining.QuantizedParameters#packedBytes}; else it is of what the compiled weights
 *     take as plain loops, as the language's {@code budget flash}
 * @param choices schemes of weights
 * @param equalize whether channels are scaled first so that what they hold is of like size
 * @param rounding how codes are found
 * @param rangeRule of {@code static(bits, calibrated)}; empty for the best of each
 */
public record QuantizationRequest(Optional<String> weights, Optional<String> activations, Optional<String> firstLast,
        Map<String, String> layers, Optional<Long> budget, boolean packed, List<String> choices, boolean equalize,
        Rounding rounding, Optional<RangeRule> rangeRule) {
    public QuantizationRequest {
        choices = List.copyOf(choices);
        layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    }
}
