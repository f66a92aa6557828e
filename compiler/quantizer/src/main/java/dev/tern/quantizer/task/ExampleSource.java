package dev.tern.quantizer.task;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.Samples;
import dev.tern.quantizer.diffusion.NoiseSchedule;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.diffusion.NoisySamples;
import dev.tern.quantizer.training.NoiseTraining;
import dev.tern.quantizer.training.StoredNoise;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the examples of a task come from. */
sealed interface ExampleSource {
    /** Examples with noise at each step, at least. */
    int NOISY = 40;

    /** All of them, with what is known of each. */
    Dataset dataset(DatasetRequest request);

    /** Those of both parts. */
    Dataset all(DatasetRequest request);

    /** The part of them that is for testing, where there is one that can be read. */
    Optional<Dataset> test(DatasetRequest request);

    /** Inputs for a model, as {@link Samples} takes them. */
    List<List<Tensor>> samples(Graph graph, Chosen chosen, int most, boolean resize);

    /** A file or folder. */
    record Stored(Path path) implements ExampleSource {
        @Override
        public Dataset dataset(DatasetRequest request) {
            return Datasets.read(path, request);
        }

        @Override
        public Dataset all(DatasetRequest request) {
            Dataset training = dataset(request.ofPart(DatasetRequest.Part.TRAINING));
            Optional<Dataset> test = test(request.ofPart(DatasetRequest.Part.TEST));
            try {
                return test.filter(found -> !found.holdsTheSame(training)).map(training::with).orElse(training);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the parts of " + path + " are no one data set: "
                        + e.getMessage(), e);
            }
        }

        @Override
        public Optional<Dataset> test(DatasetRequest request) {
            try {
                return Optional.of(Datasets.read(path, request));
            } catch (CompilationFailedException e) {
                // Whoever trains need not have any.
                return Optional.empty();
            }
        }

        @Override
        public List<List<Tensor>> samples(Graph graph, Chosen chosen, int most, boolean resize) {
            return Samples.read(path, graph, chosen, most, resize);
        }
    }

    /** Examples in memory. */
    record AtHand(Dataset examples) implements ExampleSource {
        @Override
        public Dataset dataset(DatasetRequest request) {
            return examples;
        }

        @Override
        public Dataset all(DatasetRequest request) {
            return examples;
        }

        @Override
        public Optional<Dataset> test(DatasetRequest request) {
            return Optional.empty();
        }

        @Override
        public List<List<Tensor>> samples(Graph graph, Chosen chosen, int most, boolean resize) {
            return Samples.of(chosen.of(examples), graph, most);
        }
    }

    /**
     * Inputs for a model; for one that predicts noise, data that holds no steps gets as much noise as it was trained
     * on, at all steps alike.
     *
     * @param file of the model
     * @param resize whether pictures of another size are made to fit
     */
    default List<List<Tensor>> inputs(AnalyzedModel model, Path file, Chosen chosen, int most, boolean resize) {
        Graph graph = model.graph();
        if (!getsNoise(graph)) {
            return samples(graph, chosen, most, resize);
        }
        Shape shape = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        Dataset examples = chosen.of(dataset(DatasetRequest.of(DatasetRequest.Part.TRAINING).fitting(shape)
                .resizing(resize)));
        return NoisySamples.of(graph, NoiseTraining.samples(examples),
                NoiseSchedule.of(NoiseTrainer.steps(graph), StoredNoise.of(model, file)), most);
    }

    /** Whether the model predicts noise, and there is none in the examples. */
    default boolean getsNoise(Graph graph) {
        return NoiseTrainer.fits(graph) && !hasSteps(graph);
    }

    /**
     * Examples for a model that predicts noise, with as much as it was trained on: each of them once at least, and all
     * steps alike, with at least {@value #NOISY} examples each; as rows of values and the step, the noise being
     * wanted.
     *
     * @param file of the model
     */
    static Dataset noisy(Dataset examples, AnalyzedModel model, Path file) {
        NoiseSchedule schedule = NoiseSchedule.of(NoiseTrainer.steps(model.graph()), StoredNoise.of(model, file));
        return NoiseTraining.noisy(examples, NoisySamples.of(NoiseTraining.samples(examples),
                examples.shape().elements(), schedule, Math.max(examples.count(), NOISY * schedule.steps())));
    }

    private boolean hasSteps(Graph graph) {
        return switch (this) {
            case Stored(Path path) -> path.toString().endsWith(".npz");
            case AtHand(Dataset examples) -> examples.shape().elements() > graph.definitions()
                    .get(graph.inputs().getFirst()).type().shape().elements();
        };
    }

    /** @throws IllegalArgumentException if there is none */
    static ExampleSource require(ExampleSource source) {
        if (source == null) {
            throw new IllegalArgumentException("there is no data: name it with data(...)");
        }
        return source;
    }
}
