package dev.tern.compiler.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every structural and typing rule of a graph. Collects all offences, each a line that names its node; an offence
 * is a fault of whoever built the graph, never of the model's writer.
 */
public final class GraphVerifier {
    private final Graph graph;
    private final Map<ValueId, Node> defined = new HashMap<>();
    private final List<String> offences = new ArrayList<>();

    private GraphVerifier(Graph graph) {
        this.graph = graph;
    }

    /** The offences; empty for a good graph. */
    public static List<String> verify(Graph graph) {
        return new GraphVerifier(graph).run();
    }

    /** @throws IllegalStateException with all offences and the graph's text, if there are any */
    public static void require(Graph graph) {
        List<String> offences = verify(graph);
        if (!offences.isEmpty()) {
            throw new IllegalStateException("malformed graph\n  " + String.join("\n  ", offences) + "\n"
                    + GraphPrinter.print(graph));
        }
    }

    private List<String> run() {
        for (Node node : graph.nodes()) {
            if (defined.containsKey(node.id())) {
                offend(node, "is defined twice");
            } else {
                checkNode(node);
                defined.put(node.id(), node);
            }
        }
        checkInputs();
        checkOutputs();
        return List.copyOf(offences);
    }

    private void checkNode(Node node) {
        List<TensorType> types = new ArrayList<>();
        for (ValueId operand : node.operation().operands()) {
            Node definition = defined.get(operand);
            if (definition == null) {
                offend(node, "uses " + operand + " before its definition");
                return;
            }
            types.add(definition.type());
        }
        try {
            TypeInference.check(node.operation(), types, node.type());
            checkConstants(node);
        } catch (TypeRuleException e) {
            offend(node, e.getMessage());
        }
    }

    /** The rules about values, as far as they are known. */
    private void checkConstants(Node node) {
        if (node.operation() instanceof Operation.Quantize quantize) {
            checkScale(node, quantize.scale());
        } else if (node.operation() instanceof Operation.Dequantize dequantize) {
            checkScale(node, dequantize.scale());
        } else if (node.operation() instanceof Operation.Threshold threshold) {
            checkThresholds(node, threshold);
        }
    }

    private void checkScale(Node node, ValueId scale) {
        if (defined.get(scale).operation() instanceof Operation.Constant(Tensor.Floats floats)) {
            for (float value : floats.values()) {
                if (!(value > 0) || Float.isInfinite(value)) {
                    offend(node, "has the scale " + value);
                }
            }
        }
    }

    private void checkThresholds(Node node, Operation.Threshold threshold) {
        if (!(defined.get(threshold.thresholds()).operation() instanceof Operation.Constant(Tensor thresholds))
                || !(defined.get(threshold.directions())
                        .operation() instanceof Operation.Constant(Tensor.Integers directions))) {
            offend(node, "has thresholds that are not constant");
            return;
        }
        for (int direction : directions.values()) {
            if (direction == 0) {
                offend(node, "has a direction of 0");
            }
        }
        int levels = thresholds.shape().dimension(1);
        for (int i = 0; i < thresholds.shape().elements(); i++) {
            if (i % levels > 0 && descends(thresholds, i)) {
                offend(node, "has thresholds that descend in channel " + i / levels);
                return;
            }
        }
    }

    private static boolean descends(Tensor thresholds, int i) {
        return switch (thresholds) {
            case Tensor.Floats floats -> floats.values()[i] < floats.values()[i - 1];
            case Tensor.Integers integers -> integers.values()[i] < integers.values()[i - 1];
        };
    }

    private void checkInputs() {
        List<ValueId> found = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Input input) {
                found.add(node.id());
                if (!names.add(input.name())) {
                    offend(node, "is a second input " + input.name());
                }
                if (input.index() < 0 || input.index() >= graph.inputs().size()
                        || !graph.inputs().get(input.index()).equals(node.id())) {
                    offend(node, "is not input " + input.index() + " of the signature");
                }
            }
        }
        if (found.size() != graph.inputs().size()) {
            offences.add("the signature has " + graph.inputs().size() + " inputs, the graph " + found.size());
        }
    }

    private void checkOutputs() {
        Set<String> names = new HashSet<>();
        if (graph.outputs().isEmpty()) {
            offences.add("there is no output");
        }
        for (Graph.Output output : graph.outputs()) {
            Node node = defined.get(output.value());
            if (node == null) {
                offences.add("output " + output.name() + " is " + output.value() + ", which is not defined");
            } else if (!output.labels().isEmpty() && output.labels().size() != Graph.Output.entries(node.type())) {
                offend(node, "has " + output.labels().size() + " labels for " + node.type());
            }
            if (!names.add(output.name())) {
                offences.add("there are two outputs " + output.name());
            }
        }
    }

    private void offend(Node node, String what) {
        offences.add(node.id() + " (" + GraphPrinter.name(node.operation()) + ") " + what);
    }
}
