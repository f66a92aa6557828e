package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Looks up where values come from. */
record Definitions(Map<ValueId, Node> nodes) {
    static Definitions of(Graph graph) {
        return new Definitions(graph.definitions());
    }

    Node of(ValueId value) {
        return nodes.get(value);
    }

    Operation operation(ValueId value) {
        return of(value).operation();
    }

    /** The value, where it is known at compile time. */
    Optional<Tensor> constant(ValueId value) {
        return operation(value) instanceof Operation.Constant(Tensor tensor) ? Optional.of(tensor) : Optional.empty();
    }

    /** Whether every element of an f32 constant is another number than 0. */
    boolean noneIsZero(ValueId constant) {
        float[] values = ((Tensor.Floats) constant(constant).orElseThrow()).values();
        return IntStream.range(0, values.length).allMatch(i -> values[i] != 0);
    }

    boolean isConstant(ValueId value) {
        return operation(value) instanceof Operation.Constant;
    }
}
