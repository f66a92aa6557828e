package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.parameters.InitialParameters;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.syntax.SyntaxReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Reads the networks, with the numbers that {@code tern init} gives them. */
public final class Zoo {
    private static final Path MODELS = Path.of(System.getProperty("tern.root"), "models");
    /** Those of MLPerf Tiny. */
    public static final List<String> EDGE = List.of("kws", "ic", "ic02", "vww", "ad", "sww");
    public static final List<String> SCHEMES = List.of("1bit", "ternary4", "int8");

    private Zoo() {
    }

    /** The names of all: {@code kws-1bit}. */
    public static List<String> names() {
        return Stream.concat(EDGE.stream().flatMap(network -> SCHEMES.stream().map(scheme -> network + "-" + scheme)),
                Stream.of("cnv", "quicknet")).toList();
    }

    /** A network's text. */
    public static String text(String name) {
        try {
            return Files.readString(MODELS.resolve(name.replaceFirst("-.*", "")).resolve(name + ".tern"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text without errors or warnings. */
    public static AnalyzedModel analyzed(String name, String text) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = Analyzer.analyze(SyntaxReader.read(new SourceFile(name, text), diagnostics), diagnostics)
                .orElse(null);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return model;
    }

    /** The graph with its random numbers. */
    public static Graph bound(AnalyzedModel model) {
        Diagnostics diagnostics = new Diagnostics();
        Graph bound = ParameterBinder.bind(model.graph(), new InitialParameters(model.graph(), 1), diagnostics)
                .orElse(null);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return bound;
    }

    /** Inputs as they come: pixels of all values, and features of which some are negative. */
    public static List<Tensor> inputs(Graph graph, long seed) {
        Random random = new Random(seed);
        return graph.inputs().stream().map(id -> input(graph.definitions().get(id), random)).toList();
    }

    private static Tensor input(Node node, Random random) {
        Shape shape = node.type().shape();
        if (node.type().element() instanceof ElementType.F32) {
            float[] values = new float[shape.elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return new Tensor.Floats(shape, values);
        }
        return new Tensor.Integers(shape, random.ints(shape.elements(), 0, 256).toArray());
    }
}
