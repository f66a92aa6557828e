package dev.tern.quantizer.task;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Contrast;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.calibration.LayerNoise;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.InputRequest;
import dev.tern.quantizer.dataset.Samples;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.evaluation.LabelledExamples;
import dev.tern.quantizer.evaluation.NumberErrors;
import dev.tern.quantizer.evaluation.Outcome;
import dev.tern.runtime.CompiledModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Measures the compiled class of a model on examples: how often it is right where they have classes, by how much it
 * misses numbers where it gives these, or gives its input back.
 *
 * <pre>{@code
 * Evaluation.Result result = Evaluation.of(model).data(data).run();
 * switch (result.compiled()) {
 *     case Answers answers -> System.out.println(answers.top(1).share());       // 0..1
 *     case NumberErrors errors -> System.out.println(errors.mean());            // mean squared error
 * }
 * }</pre>
 */
public final class Evaluation {
    private static final int NOISE_SAMPLES = 20;

    private final Path model;
    private ExampleSource data;
    private Optional<String> label = Optional.empty();
    private boolean resize;
    private Optional<String> range = Optional.empty();
    private Contrast contrast = Contrast.NONE;
    private boolean integers;
    private boolean noise;
    private boolean noiseWelcome;

    /**
     * What was measured.
     *
     * @param compilation of the model
     * @param examples those that it was measured on; of a model that predicts noise rows of values and the step
     * @param numbers that of each of them in the data, from 0
     * @param compiled how the compiled class did
     * @param floats how the same network without quantization did, where {@code NAME.float.safetensors} lies beside the
     *     model's {@code NAME.safetensors}
     * @param noise of each layer with weights, if it was asked for, else empty
     */
    public record Result(Compilation compilation, Dataset examples, int[] numbers, Outcome compiled,
            Optional<Outcome> floats,
            List<LayerNoise> noise) {
        public Result {
            noise = List.copyOf(noise);
        }

        /** The step of each example of a model that predicts noise; of another model nothing. */
        public int[] steps() {
            int last = examples.shape().elements() - 1;
            return NoiseTrainer.fits(compilation.graph())
                    ? IntStream.range(0, examples.count())
                            .map(example -> (int) examples.stored(example * (last + 1) + last)).toArray()
                    : new int[0];
        }
    }

    private Evaluation(Path model) {
        this.model = model;
    }

    /** That of a Tern text or of a model of another tool. */
    public static Evaluation of(Path model) {
        return new Evaluation(model);
    }

    /** Measures on the test part of what a file or folder holds. */
    public Evaluation data(Path path) {
        data = new ExampleSource.Stored(path);
        return this;
    }

    /** Measures on examples at hand, with the elements of the model's inputs, one input after the other. */
    public Evaluation data(Dataset examples) {
        data = new ExampleSource.AtHand(examples);
        return this;
    }

    /** Has the class in a column of a table: its heading, or its number from 1 (from the end: -1); null as usual. */
    public Evaluation label(String column) {
        label = Optional.ofNullable(column);
        return this;
    }

    /** Makes pictures of another size fit. */
    public Evaluation resizing(boolean fit) {
        resize = fit;
        return this;
    }

    /** Takes these examples alone: {@code 0..249}, counted from 0, both included; null for all. */
    public Evaluation examples(String firstToLast) {
        range = Optional.ofNullable(firstToLast);
        return this;
    }

    /**
     * Multiplies the values of f32 inputs, and adds to them.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public Evaluation changed(float factor, float shift) {
        return changed(Contrast.of(factor, shift));
    }

    /** The same, by the channel. */
    public Evaluation changed(Contrast newContrast) {
        contrast = newContrast;
        return this;
    }

    /**
     * Measures the signal to quantization noise of each layer, too, on 20 of the examples.
     *
     * @param asked it is asked for, and a model without a float network beside it is refused
     * @param welcome it is measured where it can be
     */
    public Evaluation noise(boolean asked, boolean welcome) {
        noise = asked;
        noiseWelcome = welcome;
        return this;
    }

    /**
     * Measures the class that makes codes by integers alone, where scales are static, or the one that means the model.
     */
    public Evaluation integers(boolean wanted) {
        integers = wanted;
        return this;
    }

    /**
     * Runs all examples on all cores. A model counts as one that gives its input back where its output has the input's
     * shape, or the examples have no classes. Where it predicts noise (two inputs, values and a step, and one output
     * like the values), examples get the noise that it was trained on, at all steps alike.
     *
     * @throws CompilationFailedException if the model or the data is wrong, or they do not go together
     * @throws IllegalArgumentException if the model gives another number of numbers than the data has
     */
    public Result run() {
        ExampleSource source = ExampleSource.require(data);
        HostTarget host = HostTarget.find();
        Compilation compilation = Compilation.ofWindow(model, integers ? host.withIntegers() : host);
        CompiledModel compiled = compilation.model();
        Measured measured = examples(source, compilation.graph());
        Dataset examples = measured.examples;
        boolean layers = noise || noiseWelcome && FloatTwin.exists(compilation.graph());
        List<LayerNoise> noises = layers ? noises(compilation, examples) : List.of();
        return new Result(compilation, examples, measured.numbers, outcome(compiled, examples),
                floatModel().map(twin -> outcome(twin, examples)), noises);
    }

    /** Examples, and the number of each in the data. */
    private record Measured(Dataset examples, int[] numbers) {
    }

    private Measured examples(ExampleSource source, Graph graph) {
        boolean noisy = source.getsNoise(graph);
        DatasetRequest request = noisy
                ? DatasetRequest.of(DatasetRequest.Part.TEST)
                        .fitting(graph.definitions().get(graph.inputs().getFirst()).type().shape())
                : InputRequest.of(graph, DatasetRequest.Part.TEST).labelledBy(label.orElse(null));
        Chosen chosen = new Chosen(range, contrast);
        Dataset found = chosen.of(source.dataset(request.resizing(resize)));
        Dataset examples = noisy
                ? ExampleSource.noisy(found, ModelReader.analyze(model, new Diagnostics()), model)
                : found;
        return new Measured(examples, IntStream.range(0, examples.count())
                .map(example -> chosen.first() + example % found.count()).toArray());
    }

    private Outcome outcome(CompiledModel compiled, Dataset examples) {
        return NumberErrors.fit(compiled, examples)
                ? NumberErrors.of(compiled, LabelledExamples.ofNumbers(compiled.signature(), examples))
                : Answers.of(compiled, LabelledExamples.of(compiled.signature(), examples));
    }

    private List<LayerNoise> noises(Compilation compilation, Dataset examples) {
        List<List<Tensor>> samples = Samples.of(examples, compilation.graph(), NOISE_SAMPLES);
        List<String> layers = compilation.layers().stream().filter(LayerReport::weighted)
                .map(layer -> layer.layer().path()).toList();
        return LayerNoise.of(compilation.graph(), layers, samples);
    }

    /** The same network, trained without quantization, if its parameters lie beside the model's. */
    private Optional<CompiledModel> floatModel() {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(model, diagnostics);
        return analyzed.parameters().map(parameters -> FloatTwin.fileName(parameters.name()))
                .filter(name -> Files.exists(model.resolveSibling(name))).map(name -> {
                    AnalyzedModel twin = analyzed.withGraph(FloatTwin.of(analyzed.graph()), name);
                    return Compilation.of(ModelReader.bind(twin, model, diagnostics), List.of()).model();
                });
    }
}
