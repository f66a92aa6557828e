package dev.tern.compiler.analysis;

import dev.tern.compiler.analysis.parameters.RandomParameters;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.build.ProductWeights;
import dev.tern.compiler.graph.build.QuantizedProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A format of other tools as an importer would write it: a file of two numbers, inputs and outputs of one layer. */
public final class SketchFormat implements ModelFormat {
    @Override
    public String name() {
        return "sketch";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("sketch");
    }

    @Override
    public Optional<AnalyzedModel> open(Path file, String shownName, Diagnostics diagnostics) {
        try {
            String[] sizes = Files.readString(file).strip().split(" ");
            return Optional.of(model(shownName, Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1])));
        } catch (IOException | NumberFormatException e) {
            diagnostics.add(Diagnostic.error(DiagnosticCode.PARAMETERS_MALFORMED, "no sketch",
                    new FilePosition(shownName, 0, "size"), ""));
            return Optional.empty();
        }
    }

    private static AnalyzedModel model(String file, int inputs, int outputs) {
        FilePosition position = new FilePosition(file, -1, "node fc1");
        GraphBuilder out = new GraphBuilder("Sketch", file, new Origin("fc1", position));
        ValueId x = out.input("x", new TensorType(ElementType.F32, Shape.of(inputs)));
        Codes codes = new ActivationCodes(out).measured(x,
                new Grid(new ElementType.Code(4, false), Grid.Rule.MINMAX), false);
        ValueId weights = out.parameter("fc1.weight", ParameterRole.DENSE, Shape.of(outputs, inputs));
        ValueId sum = QuantizedProduct.add(out, codes,
                new ProductWeights.RealWeights(weights, new WeightScheme.Ternary(new WeightScheme.TernaryRule.Twn(),
                        WeightScheme.ScaleGranularity.CHANNEL)),
                Shape.of(outputs, inputs), Operation.Dense::new);
        out.output("y", QuantizedProduct.biased(out, sum, out.parameter("fc1.bias", ParameterRole.OTHER, Shape.of(
                outputs))), List.of());
        Graph graph = out.build();
        Layer layer = new Layer("fc1", "dense", Optional.of("ternary(twn)"), Optional.of("dynamic(4)"),
                out.type(sum), "", position);
        return new AnalyzedModel(graph, List.of(layer), List.of(new DeclaredInput("x", out.type(x), false, position)),
                Optional.empty(), List.of(), Optional.empty(), position).withNumbers(new RandomParameters(graph, 5));
    }
}
