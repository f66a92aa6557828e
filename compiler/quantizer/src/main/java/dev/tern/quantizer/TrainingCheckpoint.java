package dev.tern.quantizer;

import dev.tern.compiler.graph.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that training goes on from after an epoch, to the bit: the order of the examples and all chance follow
 * from the seed and the epoch.
 *
 * @param epoch how many are done
 * @param steps how many the optimizer has taken
 * @param tensors the parameters by {@code parameter PATH}, the optimizer's moments by {@code MOMENT PATH}
 */
public record TrainingCheckpoint(int epoch, int steps, Map<String, Tensor.Floats> tensors) {
    public TrainingCheckpoint {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
