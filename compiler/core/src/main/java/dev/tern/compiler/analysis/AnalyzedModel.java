package dev.tern.compiler.analysis;

import dev.tern.compiler.analysis.parameters.StoredNaming;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.Graph;
import java.util.List;
import java.util.Optional;

/**
 * A model as its text, or a file of another tool, defines it, without the numbers of its parameters.
 *
 * @param graph its parameters are {@link dev.tern.compiler.graph.Operation.Parameter} nodes; operations that no pass
 *            lowers are {@link dev.tern.compiler.graph.Operation.NotLowered} nodes, at the text to blame
 * @param layers in the order of evaluation
 * @param inputs in the order of the signature
 * @param parameters the file that holds the numbers, if the model names one
 * @param labels the files that hold the names of outputs' entries; names written in the model are in the graph
 * @param numbers of the parameters, where they came with the model rather than in a file that it names
 * @param position the model's name, for errors that have no better place
 */
public record AnalyzedModel(Graph graph, List<Layer> layers, List<DeclaredInput> inputs,
        Optional<ParametersFile> parameters, List<LabelsFile> labels, Optional<TensorSource> numbers,
        Position position) {
    public AnalyzedModel {
        layers = List.copyOf(layers);
        inputs = List.copyOf(inputs);
        labels = List.copyOf(labels);
    }

    /**
     * The same model computed by another graph, with its numbers in another file.
     *
     * @param parametersName in the place of the file's name
     */
    public AnalyzedModel withGraph(Graph newGraph, String parametersName) {
        return new AnalyzedModel(newGraph, layers, inputs,
                parameters.map(file -> new ParametersFile(parametersName, file.span(), file.naming())), labels, numbers,
                position);
    }

    /** The same model with its numbers at hand. */
    public AnalyzedModel withNumbers(TensorSource source) {
        return new AnalyzedModel(graph, layers, inputs, Optional.empty(), labels, Optional.of(source), position);
    }

    /**
     * The file with the numbers, relative to the folder that the model lies in.
     *
     * @param span the name as written
     * @param naming what the model says of the tensors in it
     */
    public record ParametersFile(String name, SourceSpan span, StoredNaming naming) {
    }

    /** A file that the model names, relative to the folder it lies in. @param span the name as written */
    public record NamedFile(String name, SourceSpan span) {
    }

    /**
     * The names of an output's entries in a text file, one a line.
     *
     * @param entries how many there must be
     */
    public record LabelsFile(String output, int entries, NamedFile file) {
    }
}
