package dev.tern.cli.output;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an import found: the layers with their shapes, numbers and schemes, and what became of the rest. */
public final class ImportSummary {
    private static final List<String> HEADINGS = List.of("layer", "op", "shape", "weights", "activations",
            "parameters");
    private static final int NUMBERS = 5;

    private ImportSummary() {
    }

    /** Prints the summary. */
    public static void print(Console console, ImportedModel imported, AnalyzedModel model) {
        console.out().println("model " + model.graph().name());
        model.graph().documentation().lines().forEach(line -> console.out().println("  " + line));
        console.out().println();
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        long together = 0;
        for (Layer layer : model.layers()) {
            long parameters = parameters(imported, layer);
            together += parameters;
            rows.add(List.of(layer.path(), layer.op(), layer.output().shape().toString(), layer.weights().orElse(""),
                    layer.activations().orElse(""), parameters == 0 ? "-" : count(parameters)));
        }
        rows.add(List.of("together", "", "", "", "", count(together)));
        TextTable.lines(rows, NUMBERS).forEach(console.out()::println);
        console.out().println();
        imported.inputs().forEach(edge -> console.out().println("input  " + describe(edge)));
        imported.outputs().forEach(edge -> console.out().println("output " + describe(edge)));
        imported.summary().forEach(console.out()::println);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String describe(Edge edge) {
        boolean inOrder = edge.axes().stream().sorted().toList().equals(edge.axes());
        return edge.name() + edge.shape() + (edge.sourceName().equals(edge.name())
                && edge.sourceShape().equals(edge.shape())
                        ? ""
                        : ", in the file " + edge.sourceName() + edge.sourceShape()
                                + (inOrder ? "" : ", axes " + edge.axes()));
    }

    /** The numbers that a layer has of its own, without the scales that belong to codes. */
    private static long parameters(ImportedModel imported, Layer layer) {
        return imported.parameters().entries().stream().filter(entry -> own(entry.name(), layer.path()))
                .mapToLong(entry -> entry.dimensions().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b))
                .sum();
    }

    private static boolean own(String name, String path) {
        if (!name.startsWith(path + ".")) {
            return false;
        }
        String rest = name.substring(path.length() + 1);
        return rest.indexOf('.') < 0 || rest.equals("weight.codes");
    }

    /** The same for programs. */
    public static Map<String, Object> toJson(ImportedModel imported, AnalyzedModel model) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("model", model.graph().name());
        object.put("layers", model.layers().stream().map(layer -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("path", layer.path());
            row.put("op", layer.op());
            row.put("shape", layer.output().shape().toString());
            row.put("weights", layer.weights().orElse(null));
            row.put("activations", layer.activations().orElse(null));
            row.put("parameters", parameters(imported, layer));
            return row;
        }).toList());
        object.put("inputs", imported.inputs().stream().map(ImportSummary::toJson).toList());
        object.put("outputs", imported.outputs().stream().map(ImportSummary::toJson).toList());
        object.put("notes", imported.summary());
        return object;
    }

    private static Map<String, Object> toJson(Edge edge) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", edge.name());
        object.put("shape", edge.shape());
        object.put("sourceName", edge.sourceName());
        object.put("sourceShape", edge.sourceShape());
        object.put("axes", edge.axes());
        return object;
    }
}
