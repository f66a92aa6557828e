package dev.tern.compiler.interpreter;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The definition of what a graph computes, bit for bit: its nodes in their order, each as {@link Meaning} defines it,
 * and each value held against the node's type.
 */
public final class GraphInterpreter {
    private GraphInterpreter() {
    }

    /**
     * Runs a model once.
     *
     * @param inputs in the order of the signature, of the inputs' types; f32 inputs are finite
     * @return the outputs in the order of the signature
     * @throws IllegalArgumentException if an input is not what the signature says
     * @throws UnsupportedOperationException at a parameter that is not bound or an operation that is not lowered
     */
    public static List<Tensor> run(Graph graph, List<Tensor> inputs) {
        return run(graph, inputs, (node, value) -> {
        });
    }

    /** Runs a model once and shows every node's value as it is computed. */
    public static List<Tensor> run(Graph graph, List<Tensor> inputs, BiConsumer<Node, Tensor> observer) {
        if (inputs.size() != graph.inputs().size()) {
            throw new IllegalArgumentException(inputs.size() + " inputs for " + graph.inputs().size());
        }
        Map<ValueId, Tensor> values = new HashMap<>();
        for (Node node : graph.nodes()) {
            Tensor value;
            if (node.operation() instanceof Operation.Input input) {
                value = inputs.get(input.index());
                checkFinite(input, value);
            } else {
                value = Meaning.evaluate(node.operation(), node.type(),
                        node.operation().operands().stream().map(values::get).toList());
            }
            checkType(node, value);
            values.put(node.id(), value);
            observer.accept(node, value);
        }
        return graph.outputs().stream().map(output -> canonical(values.get(output.value()))).toList();
    }

    /** A NaN has one form where it leaves a model. */
    private static Tensor canonical(Tensor value) {
        if (!(value instanceof Tensor.Floats(Shape shape, float[] elements))) {
            return value;
        }
        float[] result = new float[elements.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = oneNaN(elements[i]);
        }
        return new Tensor.Floats(shape, result);
    }

    static float oneNaN(float value) {
        return Float.isNaN(value) ? Float.NaN : value;
    }

    private static void checkFinite(Operation.Input input, Tensor value) {
        if (value instanceof Tensor.Floats floats) {
            for (int i = 0; i < floats.values().length; i++) {
                if (!Float.isFinite(floats.values()[i])) {
                    throw new IllegalArgumentException(
                            "input " + input.name() + " has " + floats.values()[i] + " at " + i);
                }
            }
        }
    }

    /** Holds a value against the node's type: what range propagation claims is checked wherever the oracle runs. */
    private static void checkType(Node node, Tensor value) {
        boolean holds = value.shape().equals(node.type().shape()) && switch (value) {
            case Tensor.Floats floats -> node.type().element() instanceof ElementType.F32;
            case Tensor.Integers integers -> !(node.type().element() instanceof ElementType.F32)
                    && Interval.of(node.type().element()).contains(Interval.of(integers));
        };
        if (!holds) {
            throw new IllegalArgumentException(node.id() + " of type " + node.type() + " has the value " + value
                    + (value instanceof Tensor.Integers integers ? " " + Interval.of(integers) : ""));
        }
    }
}
