package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the tensors of a file in the place of a graph's parameters. A tensor is found by its full path. Weights may be
 * in the file as they were trained, under {@code p.weight}, or quantized already: {@code p.weight.codes} (I8 of the
 * same shape) or {@code p.weight.packed} (U8 rows, see {@link PackedCodes}), with {@code p.weight.scale} (f32, one per
 * output channel or a single one) unless the scheme has no scale. Trained ternary weights have two scales,
 * {@code p.weight.scale.positive} and {@code p.weight.scale.negative}.
 */
public final class ParameterBinder {
    private static final int NEAREST = 3;

    private final Graph graph;
    private final TensorSource source;
    private final Diagnostics diagnostics;
    private final TensorReader reader;
    private final Map<String, TensorEntry> entries = new HashMap<>();
    private final Set<String> taken = new LinkedHashSet<>();
    private final Map<ValueId, Tensor> bound = new HashMap<>();
    private final List<Missing> missing = new ArrayList<>();
    private int errors;

    /** A tensor that the file should hold. */
    private record Missing(String name, String message, Position position) {
    }

    private ParameterBinder(Graph graph, TensorSource source, Diagnostics diagnostics) {
        this.graph = graph;
        this.source = source;
        this.diagnostics = diagnostics;
        this.reader = new TensorReader(source, this::report);
        source.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    /**
     * Binds every parameter.
     *
     * @param diagnostics gets each missing, surplus, misshapen, badly typed and non-finite tensor, and codes that the
     *            scheme does not have
     * @return the graph with constants in the place of parameters, or empty if an error was reported
     */
    public static Optional<Graph> bind(Graph graph, TensorSource source, Diagnostics diagnostics) {
        return new ParameterBinder(graph, source, diagnostics).run();
    }

    private Optional<Graph> run() {
        List<Demand> demands = Demand.of(graph);
        demands.forEach(this::find);
        reportMissing();
        reportSurplus(demands);
        if (errors == 0) {
            new BoundValueCheck(graph, bound, this::report, entries).run();
        }
        return errors == 0 ? Optional.of(replaced(demands)) : Optional.empty();
    }

    private void report(Diagnostic diagnostic) {
        errors++;
        diagnostics.add(diagnostic);
    }

    private void find(Demand demand) {
        Optional<TensorEntry> floats = entry(demand.path());
        Optional<TensorEntry> codes = entry(demand.path() + ".codes");
        Optional<TensorEntry> packed = entry(demand.path() + ".packed");
        if (floats.isEmpty() && codes.isEmpty() && packed.isEmpty()) {
            missing.add(new Missing(demand.path(), "the parameter `" + demand.path() + "` of shape " + demand.shape()
                    + " is not in " + source.name(), demand.position()));
            return;
        }
        if (floats.isPresent() && (codes.isPresent() || packed.isPresent()) || codes.isPresent() && packed
                .isPresent()) {
            TensorEntry second = packed.or(() -> codes).orElseThrow();
            report(Diagnostic
                    .error(DiagnosticCode.PARAMETER_SURPLUS,
                            "the file holds `" + demand.path() + "` twice, in two forms", second.position(), "")
                    .alsoAt(floats.or(() -> codes).orElseThrow().position(), "the other form"));
            scales(demand).forEach((name, _) -> taken.add(name));
            return;
        }
        if (floats.isPresent()) {
            reader.floats(floats.get(), demand.shape(), demand.position())
                    .ifPresent(tensor -> bound.put(demand.parameter(), tensor));
            return;
        }
        if (!demand.quantized()) {
            report(Diagnostic
                    .error(DiagnosticCode.PARAMETER_BAD_TYPE,
                            "`" + demand.path() + "` stays f32 in the model, but the file holds codes",
                            codes.or(() -> packed).orElseThrow().position(), "")
                    .alsoAt(demand.position(), "asked for here"));
            scales(demand).forEach((name, _) -> taken.add(name));
            return;
        }
        codes(demand, codes, packed);
    }

    /** Takes an entry, so that it is not surplus. */
    private Optional<TensorEntry> entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry != null) {
            taken.add(name);
        }
        return Optional.ofNullable(entry);
    }

    private void codes(Demand demand, Optional<TensorEntry> codes, Optional<TensorEntry> packed) {
        Optional<Tensor.Integers> read = codes.isPresent()
                ? reader.codes(codes.get(), demand.shape(), demand.code(), demand.position())
                : reader.packed(packed.orElseThrow(), demand.shape(), demand.code(), demand.position());
        read.ifPresent(tensor -> {
            for (Node node : demand.codes()) {
                bound.put(node.id(), Demand.part(tensor, ((Operation.WeightCodes) node.operation()).part()));
            }
        });
        scales(demand).forEach((name, nodes) -> {
            Optional<TensorEntry> scale = entry(name);
            if (scale.isEmpty()) {
                missing.add(new Missing(name,
                        "`" + name + "` is not in " + source.name() + ", which holds the codes beside it",
                        demand.position()));
            } else {
                reader.scale(scale.get(), demand.shape().dimension(0), demand.position())
                        .ifPresent(tensor -> nodes.forEach(node -> bound.put(node.id(), tensor)));
            }
        });
    }

    /** The names of the scales of codes, with the nodes they stand for. */
    private static Map<String, List<Node>> scales(Demand demand) {
        Map<String, List<Node>> scales = new HashMap<>();
        for (Node node : demand.scales()) {
            String suffix = switch (((Operation.WeightScale) node.operation()).part()) {
                case ALL -> ".scale";
                case POSITIVE -> ".scale.positive";
                case NEGATIVE -> ".scale.negative";
            };
            scales.computeIfAbsent(demand.path() + suffix, _ -> new ArrayList<>()).add(node);
        }
        return scales;
    }

    private void reportMissing() {
        List<String> free = entries.keySet().stream().filter(name -> !taken.contains(name)).toList();
        for (Missing each : missing.subList(0, Math.min(missing.size(), Diagnostics.LIMIT))) {
            List<String> names = NearestNames.nearest(each.name, free, NEAREST);
            report(Diagnostic
                    .error(DiagnosticCode.PARAMETER_MISSING, each.message, each.position, "asked for here")
                    .help(entries.isEmpty()
                            ? "the file is empty"
                            : names.isEmpty()
                                    ? "the model uses everything that the file holds for something else"
                                    : "the nearest names in the file are `" + String.join("`, `", names) + "`"));
        }
    }

    private void reportSurplus(List<Demand> demands) {
        List<String> lacking = missing.stream().map(Missing::name).toList();
        List<String> paths = demands.stream().map(Demand::path).toList();
        for (TensorEntry entry : source.entries()) {
            if (!taken.contains(entry.name()) && errors < Diagnostics.LIMIT) {
                Diagnostic surplus = Diagnostic.error(DiagnosticCode.PARAMETER_SURPLUS,
                        "the model has no parameter `" + entry.name() + "`", entry.position(), entry.describe());
                List<String> nearest = lacking.isEmpty()
                        ? NearestNames.similar(entry.name(), paths)
                        : NearestNames.nearest(entry.name(), lacking, NEAREST);
                report(nearest.isEmpty()
                        ? surplus
                        : surplus.help("the nearest parameters of the model"
                                + (lacking.isEmpty() ? "" : " that the file lacks") + " are `"
                                + String.join("`, `", nearest) + "`"));
            }
        }
    }

    /** The graph with what was bound as constants; a parameter given as codes has no node any more. */
    private Graph replaced(List<Demand> demands) {
        Set<ValueId> gone = new LinkedHashSet<>();
        demands.stream().map(Demand::parameter).filter(id -> !bound.containsKey(id)).forEach(gone::add);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Tensor tensor = bound.get(node.id());
            if (tensor != null) {
                nodes.add(new Node(node.id(), new TensorType(node.type().element(), tensor.shape()),
                        new Operation.Constant(tensor), node.origin()));
            } else if (!gone.contains(node.id())) {
                nodes.add(node);
            }
        }
        return graph.withNodes(nodes);
    }
}
