package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A product on the codes of a parameter's weights, whose codes can be chosen: nothing else reads them, and one scale
 * belongs to each code.
 *
 * @param product the node of the product
 * @param codes the node of the codes
 * @param scale the node of the scale; empty where the scheme has none
 * @param activationScale of what the product reads; empty where that is real or stands for itself
 * @param path of the parameter
 * @param shifted whether a bias or a normalization follows, which makes up for an error that is always the same
 */
record ProductSite(Node product, Node codes, Optional<Node> scale, Optional<ValueId> activationScale, String path,
        boolean shifted) {
    /** All such products of a graph by their ids. */
    static Map<ValueId, ProductSite> of(Graph graph) {
        Map<ValueId, Node> definitions = graph.definitions();
        Map<ValueId, List<Node>> readers = readers(graph);
        Map<ValueId, ProductSite> sites = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Product product) {
                site(node, product, definitions, readers).ifPresent(site -> sites.put(node.id(), site));
            }
        }
        return sites;
    }

    /** The nodes that read each value. */
    static Map<ValueId, List<Node>> readers(Graph graph) {
        Map<ValueId, List<Node>> readers = new HashMap<>();
        graph.nodes().forEach(node -> node.operation().operands()
                .forEach(operand -> readers.computeIfAbsent(operand, _ -> new ArrayList<>()).add(node)));
        return readers;
    }

    private static Optional<ProductSite> site(Node node, Operation.Product product, Map<ValueId, Node> definitions,
            Map<ValueId, List<Node>> readers) {
        Node codes = definitions.get(product.weights());
        if (codes.operation() instanceof Operation.Reshape(ValueId x) && readers.get(codes.id()).size() == 1) {
            codes = definitions.get(x);
        }
        if (!(codes.operation() instanceof Operation.WeightCodes quantized) || quantized.part() != Operation.Part.ALL
                || readers.get(codes.id()).size() != 1
                || !(definitions.get(quantized.weights()).operation() instanceof Operation.Parameter parameter)) {
            return Optional.empty();
        }
        List<Node> scales = readers.get(quantized.weights()).stream()
                .filter(reader -> reader.operation() instanceof Operation.WeightScale).toList();
        boolean alone = readers.get(quantized.weights()).size() == 1 + scales.size() && scales.size() <= 1;
        List<Node> rescales = readers.getOrDefault(node.id(), List.of());
        if (!alone || rescales.size() != 1
                || !(rescales.getFirst().operation() instanceof Operation.Rescale rescale)
                || !rescale.weightScale().equals(scales.stream().findFirst().map(Node::id))) {
            return Optional.empty();
        }
        boolean shifted = shifted(rescales.getFirst(), definitions, readers);
        return Optional.of(new ProductSite(node, codes, scales.stream().findFirst(), rescale.activationScale(),
                parameter.path(), shifted));
    }

    private static boolean shifted(Node value, Map<ValueId, Node> definitions, Map<ValueId, List<Node>> readers) {
        List<Node> next = readers.getOrDefault(value.id(), List.of());
        if (next.size() != 1) {
            return false;
        }
        return switch (next.getFirst().operation()) {
            case Operation.BatchNorm norm -> norm.x().equals(value.id());
            case Operation.Reshape _ -> shifted(next.getFirst(), definitions, readers);
            default -> bias(next.getFirst(), definitions).isPresent();
        };
    }

    /** The parameter that a node adds to each channel of something else, if that is what it does. */
    static Optional<Node> bias(Node node, Map<ValueId, Node> definitions) {
        return node.operation() instanceof Operation.Elementwise(BinaryFunction function, ValueId left, ValueId right)
                && function.equals(BinaryFunction.ADD) && !left.equals(right)
                && definitions.get(right).operation() instanceof Operation.Parameter
                && definitions.get(right).type().shape().elements() == node.type().shape().channels()
                        ? Optional.of(definitions.get(right))
                        : Optional.empty();
    }

    WeightScheme scheme() {
        return ((Operation.WeightCodes) codes.operation()).scheme();
    }
}
