package dev.tern.importers.tern;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import dev.tern.compiler.syntax.Formatter;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.pass.NetworkPasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a network down as a Tern model. */
public final class TernWriter {
    private TernWriter() {
    }

    /**
     * @param shownName the foreign file's name, for diagnostics
     * @param diagnostics gets every node that Tern has no op for
     * @return the model, or empty if an error was reported
     */
    public static Optional<ImportedModel> write(ForeignNetwork read, String shownName, ImportOptions options,
            Diagnostics diagnostics) {
        ForeignNetwork network = NetworkPasses.run(read);
        Placement.Result placed = Placement.of(network, options.asInFile(), Catalogue.names());
        if (!placed.problems().isEmpty()) {
            placed.problems().forEach(problem -> diagnostics.add(diagnostic(problem, shownName)));
            return Optional.empty();
        }
        askForSchemes(placed.program(), options);
        Optional<String> defaults = DefaultSchemes.of(placed.program());
        ModelText.Result body = ModelText.of(placed.program(), placed.names(), options.apart());
        String model = Names.model(network.name());
        String parameters = fileName(network.name());
        List<Edge> inputs = edges(placed.inputs(), network.inputs(), network.inputs().stream().map(ForeignValue::name)
                .toList());
        List<Edge> outputs = edges(placed.outputs(), network.outputs().stream().map(ForeignNetwork.Output::value)
                .toList(),
                network.outputs().stream().map(ForeignNetwork.Output::name).toList());
        StringBuilder text = new StringBuilder();
        text.append(body.blocks()).append(DescriptionText.documentation(network.description()));
        text.append("model ").append(model).append('(').append(declared(placed, inputs)).append(") -> (")
                .append(results(placed, outputs)).append(") {\n");
        if (!body.parameters().isEmpty()) {
            text.append("    parameters \"").append(parameters).append(".safetensors\"\n");
        }
        defaults.ifPresent(schemes -> text.append("    ").append(schemes).append('\n'));
        String labels = DescriptionText.labels(network.description(), placed, outputs);
        text.append(labels);
        text.append(body.parameters().isEmpty() && defaults.isEmpty() && labels.isEmpty() ? "" : "\n");
        text.append(body.statements()).append("}\n");
        SourceFile source = new SourceFile(parameters + ".tern", text.toString());
        Diagnostics found = new Diagnostics();
        SourceFile formatted = new SourceFile(shownName, Formatter.format(source, Catalogue::startsLayer, found));
        found.list().forEach(diagnostics::add);
        return Optional.of(new ImportedModel(parameters, formatted, new MemoryTensors(shownName, body.parameters()),
                inputs,
                outputs, network.notes()));
    }

    private static Diagnostic diagnostic(Placement.Problem problem, String shownName) {
        String message = problem.node().map(node -> "`" + ModelText.oneLine(node.origin().name()) + "` ("
                + ModelText.oneLine(node.origin().operator()) + "): ").orElse("") + problem.cause().getMessage();
        Diagnostic diagnostic = Diagnostic.error(DiagnosticCode.FOREIGN_UNSUPPORTED, message,
                new FilePosition(shownName, -1, problem.node().map(n -> "node " + n.origin().name()).orElse("")), "");
        return problem.cause().help().isEmpty() ? diagnostic : diagnostic.help(problem.cause().help());
    }

    /** The schemes that the user wants on layers that the file leaves float. */
    private static void askForSchemes(Program program, ImportOptions options) {
        List<Integer> layers = new ArrayList<>();
        for (int i = 0; i < program.calls().size(); i++) {
            if (program.get(i).weighted()) {
                layers.add(i);
            }
        }
        for (int layer : layers) {
            boolean end = layer == layers.getFirst() || layer == layers.getLast();
            Call call = program.get(layer);
            program.replace(layer, new Call(call.op(), call.operands(), LayerSchemes.asked(call, end, options),
                    call.parameters(), call.shape(), call.origin()));
        }
    }

    private static List<Edge> edges(Map<String, Placed> placed, List<ForeignValue> values, List<String> sourceNames) {
        List<Edge> edges = new ArrayList<>();
        int i = 0;
        for (Map.Entry<String, Placed> entry : placed.entrySet()) {
            edges.add(new Edge(entry.getKey(), sourceNames.get(i), values.get(i).shape(), entry.getValue().axes()));
            i++;
        }
        return edges;
    }

    private static String declared(Placement.Result placed, List<Edge> inputs) {
        return inputs.stream().map(edge -> {
            Call input = placed.program().get(placed.inputs().get(edge.name()).call());
            String type = input.arguments().get(1);
            return edge.name() + ": " + type + (type.endsWith("]") ? "" : NumberTexts.list(edge.shape()));
        }).collect(Collectors.joining(", "));
    }

    private static String results(Placement.Result placed, List<Edge> outputs) {
        return outputs.stream().map(edge -> {
            Call call = placed.program().get(placed.outputs().get(edge.name()).call());
            String type = call.op().equals("argmax") ? "i32" : "f32";
            return edge.name() + ": " + type + (edge.axes().isEmpty() ? "" : NumberTexts.list(edge.shape()));
        }).collect(Collectors.joining(", "));
    }

    /** The name of the files that the model is written to, without an ending. */
    private static String fileName(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_.-]+", "_");
        return plain.isEmpty() || plain.startsWith(".") ? "model" + plain : plain;
    }
}
