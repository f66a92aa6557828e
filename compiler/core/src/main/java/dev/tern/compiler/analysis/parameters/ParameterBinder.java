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
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the tensors of a file in the place of a graph's parameters. A tensor is found by its full path. Weights may be
 * in the file as they were trained, under {@code p.weight}, or quantized already: {@code p.weight.codes} (I8 of the
 * same shape) or {@code p.weight.packed} (U8 rows, see {@link PackedRows}), with {@code p.weight.scale} (f32, one per
 * output channel, or for each of its groups of inputs [out, groups], or a single one) unless the scheme has no scale.
 * Trained ternary weights have two scales, {@code p.weight.scale.positive} and {@code p.weight.scale.negative}. Files
 * of a framework are read by its {@link ParameterLayout}; packed codes are Tern's in any.
 */
public final class ParameterBinder {
    private static final int NEAREST = 3;
    private static final String BIAS = ".bias";
    private static final String WEIGHT = ".weight";

    private final Graph graph;
    private final Diagnostics diagnostics;
    private final StoredTensors tensors;
    private final TensorReader reader;
    private final Map<String, TensorEntry> found = new HashMap<>();
    private final Map<ValueId, Tensor> bound = new HashMap<>();
    private final List<Missing> missing = new ArrayList<>();
    private int errors;
    private boolean warnedOfLayouts;

    /** A tensor that the file should hold. */
    private record Missing(String name, String message, Position position) {
    }

    private ParameterBinder(Graph graph, TensorSource source, StoredNaming naming, Diagnostics diagnostics) {
        this.graph = graph;
        this.diagnostics = diagnostics;
        this.tensors = StoredTensors.of(source, naming, this::report, diagnostics::add);
        this.reader = new TensorReader(source, tensors.layout(), this::report);
    }

    /** Binds every parameter to a file of which the model says no more than its name. */
    public static Optional<Graph> bind(Graph graph, TensorSource source, Diagnostics diagnostics) {
        return bind(graph, source, StoredNaming.UNSAID, diagnostics);
    }

    /**
     * Binds every parameter.
     *
     * @param naming what the model says of the file
     * @param diagnostics gets each missing, surplus, misshapen, badly typed and non-finite tensor, and codes that the
     *            scheme does not have
     * @return the graph with constants in the place of parameters, or empty if an error was reported
     */
    public static Optional<Graph> bind(Graph graph, TensorSource source, StoredNaming naming,
            Diagnostics diagnostics) {
        return new ParameterBinder(graph, source, naming, diagnostics).run();
    }

    private Optional<Graph> run() {
        List<Demand> demands = Demand.of(graph);
        demands.forEach(this::find);
        reportMissing();
        reportSurplus(demands);
        if (errors == 0) {
            new BoundValueCheck(graph, bound, this::report, found).run();
        }
        return errors == 0 ? Optional.of(replaced(demands)) : Optional.empty();
    }

    private void report(Diagnostic diagnostic) {
        errors++;
        diagnostics.add(diagnostic);
    }

    private void find(Demand demand) {
        String name = name(demand);
        Optional<TensorEntry> floats = tensors.take(name);
        Optional<TensorEntry> codes = tensors.take(name + ".codes");
        Optional<TensorEntry> packed = tensors.take(name + ".packed");
        if (floats.isEmpty() && codes.isEmpty() && packed.isEmpty()) {
            missing.add(new Missing(name, "the parameter `" + name + "` of shape "
                    + tensors.layout().form(demand).orders().getFirst().dimensions()
                    + " is not in " + tensors.file(), demand.position()));
            return;
        }
        if (floats.isPresent() && (codes.isPresent() || packed.isPresent()) || codes.isPresent() && packed
                .isPresent()) {
            TensorEntry second = packed.or(() -> codes).orElseThrow();
            report(Diagnostic
                    .error(DiagnosticCode.PARAMETER_SURPLUS,
                            "the file holds `" + name + "` twice, in two forms", second.position(), "")
                    .alsoAt(floats.or(() -> codes).orElseThrow().position(), "the other form"));
            scales(demand, name).keySet().forEach(tensors::take);
            return;
        }
        floats.or(() -> codes).ifPresent(entry -> warnOfLayouts(entry, demand));
        if (floats.isPresent()) {
            found.put(demand.path(), floats.get());
            reader.floats(floats.get(), demand).ifPresent(tensor -> {
                bound.put(demand.parameter(), tensor);
                QuantizedAlready.check(demand, floats.get(), tensor).ifPresent(diagnostics::add);
            });
            return;
        }
        if (!demand.quantized()) {
            report(Diagnostic
                    .error(DiagnosticCode.PARAMETER_BAD_TYPE,
                            "`" + demand.path() + "` stays f32 in the model, but the file holds codes",
                            codes.or(() -> packed).orElseThrow().position(), "")
                    .alsoAt(demand.position(), "asked for here"));
            scales(demand, name).keySet().forEach(tensors::take);
            return;
        }
        codes(demand, name, codes, packed);
    }

    /** The name under which the file has a parameter in any form; the layout's own where it has none. */
    private String name(Demand demand) {
        List<String> names = tensors.layout().form(demand).names();
        return names.stream().filter(name -> tensors.has(name) || tensors.has(name + ".codes")
                || tensors.has(name + ".packed")).findFirst().orElse(names.getFirst());
    }

    /** Says once of a file whose layout nobody declared that a tensor in it would fit by another layout, too. */
    private void warnOfLayouts(TensorEntry entry, Demand demand) {
        if (warnedOfLayouts || tensors.isDeclared()
                || tensors.layout().form(demand).order(entry.dimensions()) == null) {
            return;
        }
        for (ParameterLayout other : ParameterLayout.values()) {
            ElementOrder order = other.form(demand).order(entry.dimensions());
            if (order != null && !order.isSame()) {
                warnedOfLayouts = true;
                diagnostics.add(Diagnostic
                        .warning(DiagnosticCode.LAYOUT_UNSAID,
                                "`" + entry.name() + "` of shape " + entry.dimensions() + " fits by the layouts of "
                                        + tensors.layout().framework() + " and of " + other.framework()
                                        + ", and is read by the first",
                                entry.position(), "")
                        .alsoAt(demand.position(), "asked for here")
                        .help("say which it is, behind the file's name in the model: `layout: "
                                + String.join("`, `layout: ", ParameterLayout.words()) + "`"));
                return;
            }
        }
    }

    private void codes(Demand demand, String path, Optional<TensorEntry> codes, Optional<TensorEntry> packed) {
        Optional<Tensor.Integers> read = codes.isPresent()
                ? reader.codes(codes.get(), demand)
                : reader.packed(packed.orElseThrow(), demand.shape(), demand.code(), demand.position());
        read.ifPresent(tensor -> {
            for (Node node : demand.codes()) {
                bound.put(node.id(), demand.read(node, tensor));
            }
        });
        scales(demand, path).forEach((name, nodes) -> {
            Optional<TensorEntry> scale = tensors.take(name);
            if (scale.isEmpty()) {
                missing.add(new Missing(name,
                        "`" + name + "` is not in " + tensors.file() + ", which holds the codes beside it",
                        demand.position()));
            } else {
                reader.scale(scale.get(), demand)
                        .ifPresent(tensor -> nodes.forEach(node -> bound.put(node.id(), demand.read(node, tensor))));
            }
        });
    }

    /** The names of the scales of codes, with the nodes they stand for. */
    private static Map<String, List<Node>> scales(Demand demand, String path) {
        Map<String, List<Node>> scales = new HashMap<>();
        for (Node node : demand.scales()) {
            String suffix = switch (((Operation.WeightScale) node.operation()).part()) {
                case ALL -> ".scale";
                case POSITIVE -> ".scale.positive";
                case NEGATIVE -> ".scale.negative";
            };
            scales.computeIfAbsent(path + suffix, _ -> new ArrayList<>()).add(node);
        }
        return scales;
    }

    private void reportMissing() {
        List<String> free = tensors.free();
        for (Missing each : missing.subList(0, Math.min(missing.size(), Diagnostics.LIMIT))) {
            List<String> names = NearestNames.nearest(each.name, free, NEAREST);
            report(Diagnostic
                    .error(DiagnosticCode.PARAMETER_MISSING, each.message, each.position, "asked for here")
                    .help(tensors.isEmpty()
                            ? "the file is empty"
                            : names.isEmpty()
                                    ? "the model uses everything that the file holds for something else"
                                    : "the nearest names in the file are `" + String.join("`, `", names) + "`"));
        }
    }

    private void reportSurplus(List<Demand> demands) {
        List<String> lacking = missing.stream().map(Missing::name).toList();
        List<String> paths = demands.stream().map(Demand::path).toList();
        for (Map.Entry<TensorEntry, String> left : tensors.left().entrySet()) {
            if (errors < Diagnostics.LIMIT) {
                TensorEntry entry = left.getKey();
                Diagnostic surplus = Diagnostic.error(DiagnosticCode.PARAMETER_SURPLUS,
                        "the model has no parameter " + tensors.describe(entry), entry.position(), entry.describe());
                List<String> nearest = lacking.isEmpty()
                        ? NearestNames.similar(left.getValue(), paths)
                        : NearestNames.nearest(left.getValue(), lacking, NEAREST);
                Optional<ParameterLayout> ignoring = Arrays.stream(ParameterLayout.values())
                        .filter(layout -> layout.ignores(left.getValue())).findFirst();
                if (ignoring.isPresent()) {
                    report(surplus.help(ignoring.get().framework() + " keeps it for itself; `layout: "
                            + ignoring.get().word() + "` behind the file's name in the model leaves it out"));
                    continue;
                }
                String name = left.getValue();
                if (name.endsWith(BIAS) && paths.contains(name.substring(0, name.length() - BIAS.length()) + WEIGHT)) {
                    report(surplus.help("an op with weights adds a bias where it says so: `bias: true`"));
                    continue;
                }
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
        demands.stream().filter(demand -> !bound.containsKey(demand.parameter())).forEach(demand -> {
            gone.add(demand.parameter());
            demand.parts().forEach(part -> gone.add(part.id()));
        });
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
