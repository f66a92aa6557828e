package dev.tern.quantizer.training;

import dev.tern.compiler.analysis.parameters.NameMap;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.StoredNaming;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.quantizer.DecodedSource;
import dev.tern.quantizer.FloatParameters;
import dev.tern.quantizer.FloatTwin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Parameters that training begins with, or that a teacher has. */
public final class StoredStart {
    private StoredStart() {
    }

    /**
     * The parameters in a file: all that the graph has, or those of its float twin, which has no ranges.
     *
     * @throws CompilationFailedException if the file cannot be read or has not got them all
     */
    public static Map<String, Tensor.Floats> read(Graph graph, Path file) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<ParameterFormat> format = ParameterFormat.of(file);
        if (format.isEmpty()) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.PARAMETERS_UNKNOWN_FORMAT,
                    "no format of parameter files has the extension of " + file.getFileName(),
                    new FilePosition(file.toString(), -1, ""), "").help(
                            "parameters are read from .safetensors and .npz files"));
        }
        try (TensorSource source = format.get().open(file, file.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()))) {
            return of(graph, source, StoredNaming.UNSAID);
        }
    }

    /**
     * All floats in a file by their names, whoever has use for them.
     *
     * @throws CompilationFailedException if the file cannot be read
     */
    public static Map<String, Tensor.Floats> all(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        try (TensorSource source = ParameterFormat.of(file)
                .flatMap(format -> format.open(file, file.toString(), diagnostics))
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()))) {
            Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
            for (TensorEntry entry : source.entries()) {
                if (entry.type().floating()) {
                    tensors.put(entry.name(), new Tensor.Floats(
                            Shape.of(entry.dimensions().stream().map(Math::toIntExact).toList()),
                            source.floats(entry)));
                }
            }
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    /** The same of the numbers that came with a model of another tool, which its reader has put in Tern's order. */
    public static Map<String, Tensor.Floats> of(Graph graph, TensorSource numbers) {
        return of(graph, numbers, new StoredNaming(Optional.of(ParameterLayout.TERN), NameMap.NONE));
    }

    private static Map<String, Tensor.Floats> of(Graph graph, TensorSource file, StoredNaming naming) {
        Diagnostics diagnostics = new Diagnostics();
        if (file.entries().stream().anyMatch(entry -> entry.name().endsWith(".packed"))) {
            // How many bits a code has, and how many codes a row, the graph knows.
            return FloatParameters.of(graph, ParameterBinder.bind(graph, file, naming, diagnostics)
                    .orElseThrow(() -> new CompilationFailedException(diagnostics.list())));
        }
        TensorSource source = new DecodedSource(file);
        Set<String> stored = source.entries().stream().map(entry -> entry.name()).collect(Collectors.toSet());
        boolean complete = graph.nodes().stream().allMatch(
                node -> !(node.operation() instanceof Operation.Parameter parameter)
                        || stored.contains(parameter.path()));
        Graph wanted = complete ? graph : FloatTwin.of(graph);
        Graph bound = ParameterBinder.bind(wanted, source, naming, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        Map<ValueId, Node> constants = bound.definitions();
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        for (Node node : wanted.nodes()) {
            if (node.operation() instanceof Operation.Parameter parameter && constants.get(node.id())
                    .operation() instanceof Operation.Constant(Tensor.Floats floats)) {
                tensors.put(parameter.path(), floats);
            }
        }
        return tensors;
    }
}
