package dev.tern.importers.export;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.syntax.SyntaxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A model, written and read again, beside the model itself. */
final class RoundTrip {
    private RoundTrip() {
    }

    /** The graph of a text with numbers that are made up; empty where the compiler refuses the text. */
    static Optional<Graph> graph(String text, long seed) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<AnalyzedModel> model = Analyzer.analyze(
                SyntaxReader.read(new SourceFile("model.tern", text), diagnostics), diagnostics);
        return model.flatMap(analyzed -> ParameterBinder.bind(analyzed.graph(),
                new MadeUpNumbers(analyzed.graph(), seed), diagnostics)).filter(_ -> !diagnostics.hasErrors());
    }

    /**
     * What differs between a model and what is read of the file that it is written to, on random inputs.
     *
     * @return empty if nothing does
     */
    static Optional<String> difference(Graph graph, ExportOptions options, Path folder, int trials)
            throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), OnnxExport.of(graph, options));
        Diagnostics diagnostics = new Diagnostics();
        ImportedModel imported;
        Graph read;
        try {
            imported = ImportFormat.read(file, ImportOptions.DEFAULT, diagnostics);
            AnalyzedModel model = ImportFormat.analyze(imported, diagnostics).orElse(null);
            if (model == null) {
                return Optional.of(imported.text().text() + "\n" + DiagnosticRenderer.render(diagnostics.list()));
            }
            read = ModelReader.bind(model, file, diagnostics);
        } catch (CompilationFailedException e) {
            return Optional.of(DiagnosticRenderer.render(e.diagnostics()));
        }
        Random random = new Random(3);
        for (int trial = 0; trial < trials; trial++) {
            List<Tensor> inputs = new ArrayList<>();
            List<Tensor> inOrder = new ArrayList<>();
            for (int i = 0; i < graph.inputs().size(); i++) {
                TensorType type = graph.definitions().get(graph.inputs().get(i)).type();
                Tensor input = input(type, random, trial);
                inputs.add(input);
                inOrder.add(moved(input, read.definitions().get(read.inputs().get(i)).type().shape(),
                        imported.inputs().get(i).places(), true));
            }
            List<Tensor> wanted = GraphInterpreter.run(graph, inputs);
            List<Tensor> found = GraphInterpreter.run(read, inOrder);
            for (int i = 0; i < wanted.size(); i++) {
                Tensor back = moved(found.get(i), wanted.get(i).shape(), imported.outputs().get(i).places(), false);
                if (!back.equals(wanted.get(i))) {
                    return Optional.of(imported.text().text() + "\ngives " + shown(back) + "\nwhere the model gives "
                            + shown(wanted.get(i)));
                }
            }
        }
        return Optional.empty();
    }

    /** The text of what is read of the file that a model is written to. */
    static String text(Graph graph, ExportOptions options, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), OnnxExport.of(graph, options));
        return ImportFormat.read(file, ImportOptions.DEFAULT, new Diagnostics()).text().text();
    }

    private static String shown(Tensor tensor) {
        String text = switch (tensor) {
            case Tensor.Floats floats -> Arrays.toString(floats.values());
            case Tensor.Integers integers -> Arrays.toString(integers.values());
        };
        return text.substring(0, Math.min(300, text.length()));
    }

    private static Tensor input(TensorType type, Random random, int trial) {
        Shape shape = type.shape();
        float[] floats = new float[shape.elements()];
        int[] integers = new int[shape.elements()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = trial == 0 ? random.nextInt(9) / 4f - 1 : (float) random.nextGaussian();
            integers[i] = switch (type.element()) {
                case ElementType.Code code -> random.nextInt(code.lowest(), code.highest() + 1);
                case ElementType.StepIndex(int count) -> random.nextInt(count);
                case ElementType.F32 _,ElementType.Accumulator _ -> 0;
            };
        }
        return type.element() instanceof ElementType.F32
                ? new Tensor.Floats(shape, floats)
                : new Tensor.Integers(shape, integers);
    }

    /** @param places for each element of the read model's order its place in the file's, which is the first's order */
    private static Tensor moved(Tensor tensor, Shape shape, int[] places, boolean in) {
        switch (tensor) {
            case Tensor.Floats floats -> {
                float[] values = new float[places.length];
                for (int i = 0; i < places.length; i++) {
                    values[in ? i : places[i]] = floats.values()[in ? places[i] : i];
                }
                return new Tensor.Floats(shape, values);
            }
            case Tensor.Integers integers -> {
                int[] values = new int[places.length];
                for (int i = 0; i < places.length; i++) {
                    values[in ? i : places[i]] = integers.values()[in ? places[i] : i];
                }
                return new Tensor.Integers(shape, values);
            }
        }
    }
}
