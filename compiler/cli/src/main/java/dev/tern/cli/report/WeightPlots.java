package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport.Plot;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The weights of each product: as they were trained, and the codes that they became. */
final class WeightPlots {
    /** Codes of more values than this are drawn and not listed. */
    private static final int LISTED = 3;
    private static final int PERCENT = 100;

    private final Map<ValueId, Node> definitions;

    private WeightPlots(Graph graph) {
        definitions = graph.definitions();
    }

    /** One for each product of a graph with its numbers. */
    static List<Plot> of(Graph bound) {
        WeightPlots plots = new WeightPlots(bound);
        List<Plot> all = new ArrayList<>();
        for (Node node : bound.nodes()) {
            if (node.operation() instanceof Operation.Product product) {
                all.addAll(plots.of(node.origin().path(), product.weights()));
            }
        }
        return all;
    }

    private List<Plot> of(String path, ValueId weights) {
        return switch (definitions.get(weights).operation()) {
            case Operation.WeightCodes codes -> {
                List<Plot> plots = new ArrayList<>(of(path, codes.weights()));
                constant(weights).map(tensor -> plot(path + ", codes", tensor)).ifPresent(plots::add);
                yield plots;
            }
            default -> constant(weights).map(tensor -> plot(path, tensor)).stream().toList();
        };
    }

    /** The value of a node that depends on no input. */
    private Optional<Tensor> constant(ValueId id) {
        Node node = definitions.get(id);
        if (node.operation() instanceof Operation.Constant(Tensor tensor)) {
            return Optional.of(tensor);
        }
        if (node.operation() instanceof Operation.Source) {
            return Optional.empty();
        }
        List<Tensor> operands = node.operation().operands().stream().flatMap(operand -> constant(operand).stream())
                .toList();
        return operands.size() == node.operation().operands().size()
                ? Optional.of(Meaning.evaluate(node.operation(), node.type(), operands))
                : Optional.empty();
    }

    private static Plot plot(String name, Tensor tensor) {
        Histogram.Counter counter = new Histogram.Counter();
        counter.add(ActivationPlots.numbers(tensor));
        String shares = switch (tensor) {
            case Tensor.Floats _ -> "";
            case Tensor.Integers integers -> shares(integers.values());
        };
        List<String> caption = new ArrayList<>(List.of(name,
                String.format(Locale.ROOT, "%,d weights", tensor.shape().elements())));
        if (!shares.isEmpty()) {
            caption.add(shares);
        }
        return new Plot(counter.histogram().svg("weights of " + name), caption);
    }

    /** How many of each, where codes are few. */
    private static String shares(int[] codes) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int code : codes) {
            counts.merge(code, 1, Integer::sum);
        }
        return counts.size() > LISTED
                ? ""
                : counts.entrySet().stream().map(entry -> String.format(Locale.ROOT, "%d: %.0f %%", entry.getKey(),
                        (double) PERCENT * entry.getValue() / codes.length)).collect(Collectors.joining(", "));
    }
}
