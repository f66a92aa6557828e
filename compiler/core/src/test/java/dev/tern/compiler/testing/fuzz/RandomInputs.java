package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.testing.text.Choices;
import java.util.List;
import java.util.Random;

/** Inputs of a model: of no pattern, all zero, extreme. */
final class RandomInputs {
    private final Choices choices;
    private final Random random;

    RandomInputs(Choices choices) {
        this.choices = choices;
        this.random = new Random(choices.seed());
    }

    List<Tensor> of(Graph graph) {
        return graph.inputs().stream().map(id -> input(graph.definitions().get(id).type())).toList();
    }

    private Tensor input(TensorType type) {
        int count = type.shape().elements();
        return switch (type.element()) {
            case ElementType.F32 _ -> new Tensor.Floats(type.shape(),
                    Temper.of(choices, choices.rarely(4)).numbers(count, random));
            case ElementType.Code code -> new Tensor.Integers(type.shape(), codes(count, code));
            case ElementType.StepIndex(int steps) -> new Tensor.Integers(type.shape(), random.ints(count, 0, steps)
                    .toArray());
            case ElementType.Accumulator _ -> throw new IllegalArgumentException("an input " + type);
        };
    }

    private int[] codes(int count, ElementType.Code code) {
        int[] values = random.ints(count, code.lowest(), code.highest() + 1).toArray();
        if (choices.rarely(4)) {
            for (int i = 0; i < count; i++) {
                values[i] = random.nextBoolean() ? code.lowest() : code.highest();
            }
        }
        return values;
    }
}
