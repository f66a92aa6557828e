package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import dev.tern.cli.output.HtmlReport.Bar;
import dev.tern.cli.output.Nanos;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.TimeOutsideLowBits;
import dev.tern.compiler.footprint.Arena;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Tensor;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the compiler made of a model, as a page. */
public final class ExplainPage {
    private static final int PERCENT = 100;

    private final Compilation compilation;
    private final Map<String, LayerReport> layers = new LinkedHashMap<>();
    private final Map<String, Double> measured;
    private final HtmlReport page;

    /**
     * What data tells of a model.
     *
     * @param name of the data
     * @param samples each the model's inputs in the order of its signature, for what goes through its layers
     * @param accuracy of the compiled class, where the data has classes
     */
    public record Told(String name, List<List<Tensor>> samples, Optional<Accuracy> accuracy) {
        public Told {
            samples = List.copyOf(samples);
        }
    }

    private ExplainPage(Compilation compilation, Map<String, Double> measured) {
        this.compilation = compilation;
        this.measured = measured;
        compilation.layers().forEach(layer -> layers.put(layer.layer().path(), layer));
        page = new HtmlReport(compilation.graph().name() + ", explained");
    }

    /**
     * The page's text, which needs nothing beside it.
     *
     * @param measured nanoseconds by the paths of layers; empty where nothing was measured
     */
    public static String of(Compilation compilation, Map<String, Double> measured, Optional<Told> data) {
        ExplainPage made = new ExplainPage(compilation, measured);
        made.summary(data);
        made.graphs();
        made.table();
        made.times();
        made.memory();
        made.page.heading("Weights").plots(WeightPlots.of(compilation.graph()));
        data.filter(told -> !told.samples.isEmpty()).ifPresent(made::activations);
        return made.page.text();
    }

    private void summary(Optional<Told> data) {
        Signature signature = compilation.weights().signature();
        if (!signature.documentation().isEmpty()) {
            page.paragraph(signature.documentation());
        }
        Footprint footprint = compilation.footprint();
        long binary = compilation.layers().stream().mapToLong(LayerReport::binaryMultiplyAdds).sum();
        long other = compilation.layers().stream().mapToLong(LayerReport::otherMultiplyAdds).sum();
        page.paragraph(signature.toString());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("of the model", ""));
        data.flatMap(Told::accuracy).ifPresent(accuracy -> rows.add(List.of("accuracy", String.format(Locale.ROOT,
                "%.2f %% (%,d of %,d, %s)", PERCENT * accuracy.share(), accuracy.correct(), accuracy.examples(),
                data.orElseThrow().name))));
        rows.add(List.of("weights and tables in a file", bytes(compilation.flashBytes())));
        rows.add(List.of("codes of weights", bytes(footprint.codes())));
        rows.add(List.of("scales, thresholds and other tables", bytes(footprint.tables())));
        rows.add(List.of("code", bytes(footprint.code())));
        rows.add(List.of("memory of a session", bytes(footprint.memory())));
        rows.add(List.of("multiply-adds of one bit by one bit", String.format(Locale.ROOT, "%,d", binary)));
        rows.add(List.of("other multiply-adds", String.format(Locale.ROOT, "%,d", other)));
        rows.add(List.of("looked at as it runs in", signature.variant() + " code: " + signature.variantReason()));
        page.table(rows);
    }

    private void graphs() {
        page.heading("As it is written").paragraph("What is computed, before any pass: constants are left out.")
                .markup(GraphDrawing.legend());
        graph("before", compilation.graph());
        page.heading("As it is computed").paragraph("The same model after all passes over the graph,"
                + " which changed how it is computed and none of its bits. A node that is chosen in one graph marks its"
                + " layer in both.");
        graph("after", compilation.optimizedGraph());
    }

    private void graph(String id, Graph graph) {
        GraphDrawing.of(id, graph, this::told).ifPresentOrElse(
                svg -> page.graph(svg, "graph " + (id.equals("before") ? "as written" : "as computed")),
                () -> page.paragraph("It has more than " + GraphDrawing.MOST_NODES + " nodes and is not drawn: see"
                        + " tern explain --after."));
    }

    private String told(Node node) {
        List<String> lines = new ArrayList<>();
        lines.add(GraphPrinter.line(node));
        LayerReport layer = layers.get(node.origin().path());
        if (layer != null) {
            lines.add("layer " + layer.layer().path() + ": " + layer.layer().op() + " to " + layer.layer().shape());
            if (layer.weighted()) {
                lines.add("weights " + layer.layer().weights() + ", activations " + layer.layer().activations() + ", "
                        + bytes(layer.layer().weightBytes()) + ", " + count(layer.binaryMultiplyAdds() + layer
                                .otherMultiplyAdds())
                        + " multiply-adds");
            }
            time(layer).ifPresent(lines::add);
        } else if (!node.origin().path().isEmpty()) {
            lines.add("layer " + node.origin().path());
        }
        if (!node.origin().passes().isEmpty()) {
            lines.add("changed by " + String.join(", ", node.origin().passes()));
        }
        return String.join("\n", lines);
    }

    private Optional<String> time(LayerReport layer) {
        String path = layer.layer().path();
        if (layer.kernels().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("predicted " + Nanos.text(layer.predictedNanos()) + (measured.containsKey(path)
                ? ", measured " + Nanos.text(measured.get(path))
                : ""));
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(List.of("layer", "op", "shape", "weights", "activations", "bytes", "multiply-adds", "predicted"),
                "measured", "bound by"));
        for (LayerReport layer : compilation.layers()) {
            String path = layer.layer().path();
            boolean computed = !layer.kernels().isEmpty();
            rows.add(row(List.of(path, layer.layer().op(), layer.layer().shape().toString(), layer.layer().weights(),
                    layer.layer().activations(), count(layer.layer().weightBytes()),
                    count(layer.binaryMultiplyAdds() + layer.otherMultiplyAdds()),
                    computed ? Nanos.text(layer.predictedNanos()) : ""),
                    measured.containsKey(path) ? Nanos.text(measured.get(path)) : "",
                    computed ? layer.boundByProducts() ? "products" : "elements" : ""));
        }
        page.heading("Layers").table(rows).paragraph("A layer is bound by its products where they are predicted to"
                + " take the greater part of its time, and by elements where that goes into what is done to each"
                + " element: quantizing, packing, pooling, functions. Layers that passes made a part of others have no"
                + " time of their own.");
    }

    /** Nothing stands between what is predicted and the bound where nothing was measured. */
    private List<String> row(List<String> cells, String time, String bound) {
        List<String> row = new ArrayList<>(cells);
        if (!measured.isEmpty()) {
            row.add(time);
        }
        row.add(bound);
        return row;
    }

    private double nanos(LayerReport layer) {
        return measured.isEmpty() ? layer.predictedNanos() : measured.getOrDefault(layer.layer().path(), 0.0);
    }

    private void times() {
        Map<String, Double> times = new LinkedHashMap<>();
        layers.forEach((path, layer) -> {
            if (!layer.kernels().isEmpty()) {
                times.put(path, nanos(layer));
            }
        });
        double all = times.values().stream().mapToDouble(nanos -> nanos).sum();
        double most = times.values().stream().mapToDouble(nanos -> nanos).max().orElse(1);
        page.heading("Time of each layer").paragraph((measured.isEmpty()
                ? "As the cost model predicts it; --measure measures. Together "
                : "As measured in this JVM, each layer by itself. Together ") + Nanos.text(all) + ".");
        List<Bar> bars = new ArrayList<>();
        times.forEach((path, nanos) -> bars.add(new Bar(path, nanos, String.format(Locale.ROOT, "%s, %.0f %%",
                Nanos.text(nanos), PERCENT * nanos / Math.max(all, Double.MIN_NORMAL)))));
        page.bars(bars, most);
        TimeOutsideLowBits.of(compilation.layers(), this::nanos, measured.isEmpty() ? "predicted" : "measured")
                .ifPresent(line -> page.paragraph("Note: " + line + "."));
    }

    private void memory() {
        Arena arena = compilation.footprint().arena();
        page.heading("Memory while it runs").paragraph("From left to right the kernels in their order, from bottom to"
                + " top the places of the arena; a rectangle is a buffer for as long as it is held. "
                + bytes(arena.bytes()) + ", of which no plan could do without " + bytes(arena.least()) + ".")
                .plot(ArenaDrawing.svg(arena));
        if (arena.timeline().isEmpty()) {
            return;
        }
        long most = arena.timeline().get(arena.peak()).bytes();
        page.heading("Bytes held while each kernel runs").paragraph("The most while "
                + arena.timeline().get(arena.peak()).kernel() + " runs.");
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < arena.timeline().size(); i++) {
            Arena.Moment moment = arena.timeline().get(i);
            bars.add(new Bar(i + " " + moment.kernel(), moment.bytes(), bytes(moment.bytes())));
        }
        page.bars(bars, most);
    }

    private void activations(Told data) {
        page.heading("Values of each layer").paragraph("On " + data.samples.size() + (data.samples.size() == 1
                ? " sample of "
                : " samples of ") + data.name + ", as the model's definition computes them.")
                .plots(ActivationPlots.of(compilation.graph(), data.samples));
    }

    private static String bytes(long number) {
        return String.format(Locale.ROOT, "%,d bytes", number);
    }

    private static String count(long number) {
        return number == 0 ? "" : String.format(Locale.ROOT, "%,d", number);
    }
}
