package dev.tern.compiler;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.ModelFormat;
import dev.tern.compiler.analysis.parameters.NameMap;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.analysis.parameters.StoredNaming;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.foreign.OtherFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.stream.StepGraph;
import dev.tern.compiler.syntax.SourceReader;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.syntax.SyntaxTree;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The first half of the road: from a file to a model graph with its numbers. */
public final class ModelReader {
    /** What belongs to a model of another tool has been put in Tern's order by whoever read it. */
    private static final StoredNaming OWN = new StoredNaming(Optional.of(ParameterLayout.TERN), NameMap.NONE);

    private ModelReader() {
    }

    /**
     * Reads a file, Tern text or of a {@link ModelFormat}, and resolves what it says.
     *
     * @param diagnostics gets warnings, too
     * @throws CompilationFailedException if the file has an error or holds no model
     */
    public static AnalyzedModel analyze(Path file, Diagnostics diagnostics) {
        return find(file, diagnostics).orElseThrow(() -> {
            diagnostics.throwIfErrors();
            return new CompilationFailedException(
                    Diagnostic.error(DiagnosticCode.NO_MODEL, "the file holds no model, only blocks",
                            new FilePosition(file.toString(), -1, ""), ""));
        });
    }

    /** The model of a file; empty if there is an error, or if the file holds none. */
    static Optional<AnalyzedModel> find(Path file, Diagnostics diagnostics) {
        Optional<ModelFormat> format = ModelFormat.of(file);
        return format.isPresent()
                ? format.get().open(file, file.toString(), diagnostics)
                : Analyzer.analyze(parse(file, diagnostics), diagnostics);
    }

    /**
     * Reads a file's text. What could be read of a text with errors is in the tree, so that the rest can be looked at.
     *
     * @throws CompilationFailedException if there is no text to look at
     */
    public static SyntaxTree parse(Path file, Diagnostics diagnostics) {
        if (!file.toString().endsWith("." + ModelFormat.OWN_EXTENSION)) {
            OtherFile.of(file).ifPresent(other -> {
                throw new CompilationFailedException(other.error(file.toString()));
            });
        }
        SourceFile source = SourceReader.read(file, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        return SyntaxReader.read(source, diagnostics);
    }

    /**
     * Puts the numbers of its parameters file, and the names of its labels files, into a model's graph.
     *
     * @param file the model's file; what it names lies beside it or below
     * @throws CompilationFailedException if a file cannot be read or does not fit the model
     */
    public static Graph bind(AnalyzedModel model, Path file, Diagnostics diagnostics) {
        Graph labelled = LabelFiles.read(model, OutsideFile.folderOf(file), diagnostics);
        Graph bound = model.numbers().map(numbers -> bind(labelled, numbers, OWN, diagnostics))
                .or(() -> model.parameters()
                        .map(named -> bind(labelled, OutsideFile.folderOf(file), named, diagnostics)))
                .orElseGet(() -> withoutFile(labelled, model, diagnostics));
        diagnostics.throwIfErrors();
        return bound;
    }

    /**
     * What is to be compiled of a model: the graph with its numbers; of a model of a stream, that which takes a frame
     * at a time.
     *
     * @throws CompilationFailedException as {@link #bind} does, or if the model cannot be computed frame by frame
     */
    public static Graph bindSteps(AnalyzedModel model, Path file, Diagnostics diagnostics) {
        return steps(model, bind(model, file, diagnostics), diagnostics).orElseThrow(
                () -> new CompilationFailedException(diagnostics.list()));
    }

    /**
     * A model's graph, or of a stream's model that of one step.
     *
     * @return empty if the stream cannot be computed frame by frame, which is reported
     */
    static Optional<Graph> steps(AnalyzedModel model, Graph graph, Diagnostics diagnostics) {
        for (int i = 0; i < model.inputs().size(); i++) {
            if (model.inputs().get(i).stream()) {
                return StepGraph.of(graph, graph.inputs().get(i), diagnostics);
            }
        }
        return Optional.of(graph);
    }

    /** A model that names no file must not ask for parameters. */
    private static Graph withoutFile(Graph graph, AnalyzedModel model, Diagnostics diagnostics) {
        graph.nodes().stream().filter(node -> node.operation() instanceof Operation.Parameter).findFirst()
                .ifPresent(first -> diagnostics.add(Diagnostic
                        .error(DiagnosticCode.PARAMETERS_NOT_NAMED,
                                "`" + graph.name() + "` has parameters, but names no file that holds them",
                                model.position(), "")
                        .alsoAt(first.origin().position(), "the first is asked for here")
                        .help("name the file in the model: `parameters \"" + graph.name().toLowerCase(Locale.ROOT)
                                + ".safetensors\"`")));
        return graph;
    }

    private static Graph bind(Graph graph, Path folder, AnalyzedModel.ParametersFile named, Diagnostics diagnostics) {
        Path file = ParameterPath.resolve(folder, named.name(), named.span(), diagnostics::add).map(OutsideFile::path)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        ParameterFormat format = ParameterFormat.of(file)
                .orElseThrow(() -> new CompilationFailedException(Diagnostic
                        .error(DiagnosticCode.PARAMETERS_UNKNOWN_FORMAT,
                                "no format of parameter files has the extension of `" + named.name() + "`",
                                named.span(), "")
                        .help("parameters are read from .safetensors and .npz files")));
        try (TensorSource source = format.open(file, file.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()))) {
            return bind(graph, source, named.naming(), diagnostics);
        }
    }

    private static Graph bind(Graph graph, TensorSource source, StoredNaming naming, Diagnostics diagnostics) {
        return ParameterBinder.bind(graph, source, naming, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }
}
