package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.report.ExplainPage.Told;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.verification.ModelInputs;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.Samples;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.evaluation.LabelledExamples;
import dev.tern.runtime.CompiledModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code --data} and {@code --input} tell of a model. */
final class PageData {
    /** The definition computes each value in plain loops: some tenths of a second for a sample of a larger model. */
    private static final int SAMPLES = 8;

    private PageData() {
    }

    /** Of a data set: some samples, and how often the class is right where there are classes. */
    static Told of(Compilation compilation, Path data, String label, boolean resize) {
        Graph graph = compilation.graph();
        Chosen all = new Chosen(Optional.empty(), 1, 0);
        if (graph.inputs().size() != 1) {
            return new Told(data.toString(), Samples.read(data, graph, all, SAMPLES), Optional.empty());
        }
        TensorType type = graph.definitions().get(graph.inputs().getFirst()).type();
        Dataset examples = Datasets.read(data, DatasetRequest.of(DatasetRequest.Part.TEST).fitting(type.shape())
                .labelledBy(label).resizing(resize));
        Optional<Answers> answers = examples.targets() instanceof Dataset.Targets.Classes
                ? Optional.of(answers(compilation.model(), examples))
                : Optional.empty();
        return new Told(data.toString(), Samples.of(examples, graph, SAMPLES),
                answers.map(found -> found.top(1)));
    }

    private static Answers answers(CompiledModel model, Dataset examples) {
        return Answers.of(model, LabelledExamples.of(model.signature(), examples));
    }

    /** Of examples as {@code tern run} takes them. */
    static Told of(Compilation compilation, List<String> inputs, boolean resize) {
        List<Object[]> examples = InputArguments.batch(compilation.weights().signature(), inputs, resize);
        ModelInputs tensors = new ModelInputs(compilation.graph());
        List<List<Tensor>> samples = examples.stream().limit(SAMPLES).map(tensors::tensors).toList();
        return new Told(String.join(" ", inputs), samples, Optional.empty());
    }
}
