package dev.tern.quantizer;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import java.util.Map;

/**
 * A trained model that is learned from beside the examples (Hinton et al. 2015), the float twin as a rule: from its
 * scores beside labels, from its numbers beside those that are wanted.
 *
 * @param graph with the inputs and the number of scores of the model that learns
 * @param tensors its parameters by path
 * @param weight 0..1, the share of the loss that is the teacher's; the rest is the examples'
 * @param temperature that scores are divided by; at least 1, without a part where the model gives numbers
 */
public record Teacher(Graph graph, Map<String, Tensor.Floats> tensors, float weight, float temperature) {
    /** @throws IllegalArgumentException if a number is out of its range */
    public Teacher {
        tensors = Map.copyOf(tensors);
        if (!(weight > 0 && weight <= 1) || !(temperature >= 1)) {
            throw new IllegalArgumentException(
                    "the teacher's weight is above 0 up to 1, its temperature at least 1: " + weight + ", "
                            + temperature);
        }
    }
}
