package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One parameter that a graph asks for.
 *
 * @param position the op it belongs to
 * @param codes the nodes that quantize it
 * @param scales the nodes that take its scale
 * @param groups of a convolution's weights; 1 of others
 * @param parts of weights with scales for groups of inputs: the nodes that take each group, in the groups' order; empty
 *            of others
 * @param columns where the places along the last axis lie in a framework that has channels first; empty where they do
 *            not differ
 * @param quantized nothing else reads it, so that its codes are as good as itself
 */
record Demand(ValueId parameter, String path, ParameterRole role, Shape shape, Position position, List<Node> codes,
        List<Node> scales, List<Node> parts, boolean quantized, int groups, Optional<int[]> columns) {
    /** All parameters in the order of the graph. */
    static List<Demand> of(Graph graph) {
        Map<ValueId, List<Node>> users = new HashMap<>();
        for (Node node : graph.nodes()) {
            for (ValueId operand : node.operation().operands()) {
                users.computeIfAbsent(operand, _ -> new ArrayList<>()).add(node);
            }
        }
        Map<ValueId, int[]> flattened = FlattenedChannels.of(graph);
        List<Demand> demands = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, ParameterRole role)) {
                List<Node> readers = users.getOrDefault(node.id(), List.of());
                List<Node> parts = readers.stream().filter(n -> n.operation() instanceof Operation.Slice).toList();
                List<Node> takers = new ArrayList<>(readers);
                takers.removeAll(parts);
                parts.forEach(part -> takers.addAll(users.getOrDefault(part.id(), List.of())));
                List<Node> codes = takers.stream().filter(n -> n.operation() instanceof Operation.WeightCodes)
                        .toList();
                List<Node> scales = takers.stream().filter(n -> n.operation() instanceof Operation.WeightScale)
                        .toList();
                demands.add(new Demand(node.id(), path, role, node.type().shape(), node.origin().position(), codes,
                        scales, parts, !codes.isEmpty() && codes.size() + scales.size() == takers.size(),
                        groups(node, users), Optional.ofNullable(flattened.get(node.id()))));
            }
        }
        return demands;
    }

    /** The groups of the convolution that takes the value, as codes or in another shape. */
    private static int groups(Node node, Map<ValueId, List<Node>> users) {
        for (Node user : users.getOrDefault(node.id(), List.of())) {
            int groups = switch (user.operation()) {
                case Operation.Conv conv -> conv.groups();
                case Operation.WeightCodes _,Operation.Reshape _,Operation.Slice _ -> groups(user, users);
                default -> 1;
            };
            if (groups > 1) {
                return groups;
            }
        }
        return 1;
    }

    /** The type of its codes. */
    ElementType.Code code() {
        return (ElementType.Code) codes.getFirst().type().element();
    }

    /** Which of the parts a node reads; 0 where there are none. */
    int part(Node reader) {
        for (int i = 0; i < parts.size(); i++) {
            if (reader.operation().operands().contains(parts.get(i).id())) {
                return i;
            }
        }
        return 0;
    }

    /** The codes that a node reads. */
    Tensor.Integers read(Node reader, Tensor.Integers all) {
        Tensor own = parts.isEmpty()
                ? all
                : Meaning.evaluate(parts.get(part(reader)).operation(), parts.get(part(reader)).type(), List.of(all));
        return part((Tensor.Integers) own, ((Operation.WeightCodes) reader.operation()).part());
    }

    /** The scales that a node reads, a number or one for each output, of those for all parts, [out, parts]. */
    Tensor.Floats read(Node reader, Tensor.Floats all) {
        if (parts.isEmpty() || all.shape().rank() == 0) {
            return all;
        }
        float[] own = new float[all.shape().dimension(0)];
        for (int i = 0; i < own.length; i++) {
            own[i] = all.values()[i * parts.size() + part(reader)];
        }
        return new Tensor.Floats(Shape.of(own.length), own);
    }

    /** All codes, or those of one sign with the others 0. */
    private static Tensor.Integers part(Tensor.Integers codes, Part part) {
        if (part == Part.ALL) {
            return codes;
        }
        int[] values = codes.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = part == Part.POSITIVE ? Math.max(values[i], 0) : Math.min(values[i], 0);
        }
        return new Tensor.Integers(codes.shape(), values);
    }
}
