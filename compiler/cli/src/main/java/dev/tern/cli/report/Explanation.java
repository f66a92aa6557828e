package dev.tern.cli.report;

import dev.tern.cli.report.ExplainPage.Told;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.verification.ModelInputs;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.Samples;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.evaluation.LabelledExamples;
import dev.tern.runtime.CompiledModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the compiler made of a model as a page that needs nothing beside it, as {@code tern explain --html} writes it.
 * The same for programs is in the {@link Compilation}: its layers, what each pass left, the listing of its class.
 *
 * <pre>{@code
 * Compilation compilation = Tern.compiler().compilation(model);
 * Explanation.of(compilation).measured().data(data).write(folder.resolve("report.html"));
 * }</pre>
 */
public final class Explanation {
    /** The definition computes each value in plain loops: some tenths of a second for a sample of a larger model. */
    private static final int SAMPLES = 8;

    private final Compilation compilation;
    private Map<String, Double> nanos = Map.of();
    private Optional<Told> told = Optional.empty();
    private String label;
    private boolean resize;

    private Explanation(Compilation compilation) {
        this.compilation = compilation;
    }

    /** That of a model for the target that it was compiled for. */
    public static Explanation of(Compilation compilation) {
        return new Explanation(compilation);
    }

    /** Measures each layer in this JVM, at once, which takes some seconds; the target must be one that it runs. */
    public Explanation measured() {
        nanos = compilation.layerNanos();
        return this;
    }

    /** Has the class in a column of a table, by heading or number; for {@link #data}, before it. */
    public Explanation label(String column) {
        label = column;
        return this;
    }

    /** Makes pictures of another size fit; for {@link #data}, before it. */
    public Explanation resizing(boolean fit) {
        resize = fit;
        return this;
    }

    /**
     * Tells of some examples of a file or folder what goes through each layer, and where they have classes, how often
     * the model is right. They are read and run at once.
     *
     * @throws CompilationFailedException if the data cannot be read, or does not go with the model
     */
    public Explanation data(Path path) {
        Graph graph = compilation.graph();
        if (graph.inputs().size() != 1) {
            told = Optional.of(new Told(path.toString(), Samples.read(path, graph, Chosen.ALL, SAMPLES, resize),
                    Optional.empty()));
            return this;
        }
        TensorType type = graph.definitions().get(graph.inputs().getFirst()).type();
        Dataset examples = Datasets.read(path, DatasetRequest.of(DatasetRequest.Part.TEST).fitting(type.shape())
                .labelledBy(label).resizing(resize));
        Optional<Answers> answers = examples.targets() instanceof Dataset.Targets.Classes
                ? Optional.of(answers(compilation.model(), examples))
                : Optional.empty();
        told = Optional.of(new Told(path.toString(), Samples.of(examples, graph, SAMPLES),
                answers.map(found -> found.top(1))));
        return this;
    }

    private static Answers answers(CompiledModel model, Dataset examples) {
        return Answers.of(model, LabelledExamples.of(model.signature(), examples));
    }

    /**
     * Tells of examples at hand what goes through each layer, of the first eight.
     *
     * @param name what the page calls them
     * @param examples each an array for each input of the model's signature, as a session takes them
     */
    public Explanation inputs(String name, List<Object[]> examples) {
        ModelInputs tensors = new ModelInputs(compilation.graph());
        List<List<Tensor>> samples = examples.stream().limit(SAMPLES).map(tensors::tensors).toList();
        told = Optional.of(new Told(name, samples, Optional.empty()));
        return this;
    }

    /** The page's text. */
    public String page() {
        return ExplainPage.of(compilation, nanos, told);
    }

    /** Writes the page whole or not at all. @throws CompilationFailedException if that is not possible */
    public void write(Path html) {
        WholeFile.write(Map.of(html, page().getBytes(StandardCharsets.UTF_8)));
    }
}
