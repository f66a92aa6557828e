package dev.tern.quantizer;

import dev.tern.compiler.graph.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What training gives.
 *
 * @param tensors by path, in the order of the graph: latent f32 weights, which the compiler quantizes by the formulas
 *     that training used, and the vectors of batch normalizations and biases
 * @param heldOut with these tensors, of the examples held out
 */
public record TrainedParameters(Map<String, Tensor.Floats> tensors, EpochReport.Score heldOut) {
    public TrainedParameters {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
