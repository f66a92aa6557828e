package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport.Plot;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.interpreter.GraphInterpreter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What goes through each layer on samples, as the model's definition computes it. */
final class ActivationPlots {
    private ActivationPlots() {
    }

    /**
     * The results of all layers with the model's inputs in front, in the order of the graph.
     *
     * @param bound a graph with its numbers
     * @param samples each the model's inputs in the order of its signature
     */
    static List<Plot> of(Graph bound, List<List<Tensor>> samples) {
        Map<String, Node> last = last(bound);
        Map<ValueId, Histogram.Counter> counters = new LinkedHashMap<>();
        last.values().forEach(node -> counters.put(node.id(), new Histogram.Counter()));
        for (List<Tensor> sample : samples) {
            GraphInterpreter.run(bound, sample, (node, value) -> {
                if (counters.containsKey(node.id())) {
                    counters.get(node.id()).add(numbers(value));
                }
            });
        }
        List<Plot> plots = new ArrayList<>();
        last.forEach((path, node) -> {
            Histogram histogram = counters.get(node.id()).histogram();
            plots.add(new Plot(histogram.svg("values of " + path), histogram.others() == 0
                    ? List.of(path)
                    : List.of(path, String.format(Locale.ROOT, "%,d not finite", histogram.others()))));
        });
        return plots;
    }

    /** Of each layer the value that leaves it. */
    private static Map<String, Node> last(Graph bound) {
        Set<ValueId> flowing = new HashSet<>();
        Map<String, Node> last = new LinkedHashMap<>();
        for (Node node : bound.nodes()) {
            if (node.operation() instanceof Operation.Input input) {
                flowing.add(node.id());
                last.put(input.name(), node);
            } else if (node.operation().operands().stream().anyMatch(flowing::contains)) {
                flowing.add(node.id());
                last.put(node.origin().path(), node);
            }
        }
        return last;
    }

    static float[] numbers(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> floats.values();
            case Tensor.Integers integers -> {
                float[] values = new float[integers.values().length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = integers.values()[i];
                }
                yield values;
            }
        };
    }
}
