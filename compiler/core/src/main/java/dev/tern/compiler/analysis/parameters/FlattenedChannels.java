package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a framework with channels first has in another order than the model: the elements of a flattened picture,
 * [height, width, channels] here and [channels, height, width] there, and with them the columns of the weights that
 * meet them and the vectors of norms between. Found by following values from where they are flattened.
 */
final class FlattenedChannels {
    private final Map<ValueId, Node> definitions;
    /** Values whose last axis is channels before which places stand. */
    private final Set<ValueId> pictures = new HashSet<>();
    /** Of a flattened value, where each of its elements lies with channels first. */
    private final Map<ValueId, int[]> orders = new HashMap<>();
    private final Map<ValueId, int[]> parameters = new HashMap<>();

    private FlattenedChannels(Graph graph) {
        this.definitions = graph.definitions();
    }

    /** For each parameter of a flattened value, where the places along its last axis lie with channels first. */
    static Map<ValueId, int[]> of(Graph graph) {
        FlattenedChannels found = new FlattenedChannels(graph);
        graph.nodes().forEach(found::visit);
        return found.parameters;
    }

    private void visit(Node node) {
        switch (node.operation()) {
            case Operation.Input _ -> picture(node, node.type().shape().rank() == 3);
            case Operation.Conv _ -> picture(node, true);
            case Operation.Reshape(ValueId x) -> reshape(node, x);
            case Operation.Concat concat -> concat(node, concat);
            case Operation.Dense dense -> weights(dense.weights(), orders.get(dense.a()));
            case Operation.NotLowered other -> notLowered(node, other);
            case Operation.Slice slice -> {
                picture(node, pictures.contains(slice.x()));
                // Weights with scales by groups meet a flattened value part by part; their order is that of the whole.
                if (orders.containsKey(slice.x())) {
                    orders.put(node.id(), orders.get(slice.x()));
                }
            }
            case Operation.Gather gather -> picture(node, pictures.contains(gather.x()));
            case Operation.Composite composite -> {
                if (node.type().shape().equals(definitions.get(composite.operands().getFirst()).type().shape())) {
                    elements(node);
                } else {
                    picture(node, node.type().shape().rank() == 3);
                }
            }
            case Operation.Quantize _,Operation.Sign _,Operation.Ternarize _,Operation.Threshold _ -> elements(node);
            case Operation.Requantize _,Operation.CombineCodes _,Operation.CodeTable _ -> elements(node);
            case Operation.Rescale _,Operation.Dequantize _,Operation.BatchNorm _,Operation.Affine _ -> elements(node);
            case Operation.Elementwise _,Operation.Activation _,Operation.Clip _,Operation.PRelu _ -> elements(node);
            case Operation.RescaleIntegers _,Operation.SumPool _ -> elements(node);
            case Operation.MaxPool _,Operation.AvgPool _,Operation.Softmax _ -> elements(node);
            case Operation.Parameter _,Operation.Constant _,Operation.WeightCodes _,Operation.WeightScale _ -> {
                // No value that is flattened.
            }
            case Operation.MeasureRange _,Operation.RangeScale _,Operation.RangeZero _,Operation.StepTable _ -> {
                // Of no order.
            }
            case Operation.Transpose _,Operation.ArgMax _,Operation.RowStatistic _,Operation.MatMul _ -> {
                // In an order that the model chose itself.
            }
        }
    }

    private void picture(Node node, boolean is) {
        if (is) {
            pictures.add(node.id());
        }
    }

    /** An operation that leaves elements, or windows of them, in their places. */
    private void elements(Node node) {
        List<ValueId> operands = node.operation().operands();
        picture(node, operands.stream().anyMatch(pictures::contains));
        int channels = node.type().shape().channels();
        operands.stream().map(orders::get).filter(order -> order != null && order.length == channels).findFirst()
                .ifPresent(order -> {
                    orders.put(node.id(), order);
                    operands.forEach(operand -> vector(operand, order));
                });
    }

    private void notLowered(Node node, Operation.NotLowered other) {
        picture(node, node.type().shape().rank() == 3);
        if (other.operands().isEmpty()) {
            return;
        }
        int[] order = orders.get(other.operands().getFirst());
        other.operands().stream().skip(1).forEach(operand -> weights(operand, order));
        if (order != null && node.type().shape().equals(definitions.get(other.operands().getFirst()).type().shape())) {
            elements(node);
        }
    }

    private void reshape(Node node, ValueId x) {
        Shape from = definitions.get(x).type().shape();
        Shape to = node.type().shape();
        if (orders.containsKey(x) && to.channels() == from.channels()) {
            orders.put(node.id(), orders.get(x));
        } else if (pictures.contains(x) && to.rank() == 1 && from.rank() > 1) {
            int channels = from.channels();
            int places = from.elements() / channels;
            if (channels > 1 && places > 1) {
                orders.put(node.id(), channelsFirst(places, channels));
            }
        } else {
            // A line of places is a picture of one column.
            picture(node, pictures.contains(x) && to.rank() > 1 && from.channels() == to.channels()
                    && from.dimension(0) == to.dimension(0));
        }
    }

    private static int[] channelsFirst(int places, int channels) {
        int[] order = new int[places * channels];
        for (int i = 0; i < order.length; i++) {
            order[i] = i % channels * places + i / channels;
        }
        return order;
    }

    private void concat(Node node, Operation.Concat concat) {
        picture(node, concat.parts().stream().allMatch(pictures::contains));
        if (node.type().shape().rank() != 1 || concat.parts().stream().noneMatch(orders::containsKey)) {
            return;
        }
        int[] joined = new int[node.type().shape().elements()];
        int start = 0;
        for (ValueId part : concat.parts()) {
            int[] order = orders.get(part);
            int length = definitions.get(part).type().shape().elements();
            for (int i = 0; i < length; i++) {
                joined[start + i] = start + (order == null || order.length != length ? i : order[i]);
            }
            start += length;
        }
        orders.put(node.id(), joined);
    }

    /** Weights whose columns meet a flattened value. */
    private void weights(ValueId id, int[] order) {
        parameter(id).filter(_ -> order != null).ifPresent(node -> {
            boolean dense = ((Operation.Parameter) node.operation()).role() == ParameterRole.DENSE;
            if (dense && node.type().shape().channels() == order.length) {
                parameters.put(node.id(), order);
            }
        });
        if (order != null) {
            vector(id, order);
        }
    }

    /** A number for each element of a flattened value. */
    private void vector(ValueId id, int[] order) {
        parameter(id).filter(node -> node.type().shape().rank() == 1 && node.type().shape().channels() == order.length)
                .ifPresent(node -> parameters.put(node.id(), order));
    }

    private Optional<Node> parameter(ValueId id) {
        Node node = definitions.get(id);
        return switch (node.operation()) {
            case Operation.Parameter _ -> Optional.of(node);
            case Operation.WeightCodes codes -> parameter(codes.weights());
            case Operation.Reshape(ValueId x) -> parameter(x);
            case Operation.Slice slice -> parameter(slice.x());
            default -> Optional.empty();
        };
    }
}
