package dev.tern.quantizer.task;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.quantizer.diffusion.Ddim;
import dev.tern.quantizer.diffusion.DenoisingError;
import dev.tern.quantizer.diffusion.Distance;
import dev.tern.quantizer.diffusion.NoiseSchedule;
import dev.tern.quantizer.diffusion.NoiseSchedule.Deviations;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.training.NoiseTraining;
import dev.tern.quantizer.training.StoredNoise;
import dev.tern.runtime.Session;
import dev.tern.runtime.Signature;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws samples with the compiled class of a diffusion model, which predicts the noise in its first input at a step,
 * its second: noise is taken away step by step (DDIM, Song et al. 2021).
 *
 * <pre>{@code
 * Sampling.Result drawn = Sampling.of(denoiser).count(4).seed(1).run();
 * System.out.println(drawn.count() + " samples of shape " + drawn.shape());
 * }</pre>
 */
public final class Sampling {
    private static final int DRAWN = 200;
    /** Of more real samples so many are compared with, evenly spread. */
    private static final int MOST_COMPARED = 2000;

    private final Path model;
    private int count = DRAWN;
    private int steps;
    private long seed = 1;
    private boolean resize;
    private Optional<ExampleSource> data = Optional.empty();

    private Sampling(Path model) {
        this.model = model;
    }

    /** That of a Tern text. */
    public static Sampling of(Path model) {
        return new Sampling(model);
    }

    /**
     * Draws so many; without this {@value #DRAWN}.
     *
     * @throws IllegalArgumentException if it is less than 2
     */
    public Sampling count(int wanted) {
        if (wanted < 2) {
            throw new IllegalArgumentException("at least 2 samples are drawn, not " + wanted);
        }
        count = wanted;
        return this;
    }

    /**
     * Takes so many of the model's steps, evenly spread; without this all.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Sampling steps(int wanted) {
        if (wanted < 1) {
            throw new IllegalArgumentException("at least 1 step is taken, not " + wanted);
        }
        steps = wanted;
        return this;
    }

    /** Begins chance elsewhere; without this at 1. The same seed gives the same samples. */
    public Sampling seed(long wanted) {
        seed = wanted;
        return this;
    }

    /** Compares with real samples: the test part of what a file or folder holds, at most {@value #MOST_COMPARED}. */
    public Sampling data(Path path) {
        data = Optional.of(new ExampleSource.Stored(path));
        return this;
    }

    /** Makes pictures of another size fit. */
    public Sampling resizing(boolean fit) {
        resize = fit;
        return this;
    }

    /** Compares with real samples at hand, of as many elements as the model's first input has. */
    public Sampling data(Dataset examples) {
        data = Optional.of(new ExampleSource.AtHand(examples));
        return this;
    }

    /**
     * How samples compare with real ones.
     *
     * @param distance the energy distance between both (Székely 2003); 0 where they are distributed alike
     * @param errors mean squared error of the predicted noise in real samples, by step
     * @param real these samples [count, shape], one behind the other; pictures in -1..1
     */
    public record Comparison(double distance, double[] errors, float[] real) {
        /** The mean of all steps' errors. */
        public double error() {
            return Arrays.stream(errors).average().orElseThrow();
        }
    }

    /**
     * What was drawn.
     *
     * @param compilation of the model
     * @param samples [count, shape], one behind the other; pictures in -1..1
     * @param shape of a sample
     * @param noise the deviations of the noise that the model was trained on; without, variance was kept
     * @param comparison with real samples, if there are some
     */
    public record Result(Compilation compilation, float[] samples, List<Integer> shape,
            Optional<Deviations> noise, Optional<Comparison> comparison) {
        public Result {
            shape = List.copyOf(shape);
        }

        /** Numbers of a sample. */
        public int size() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }

        /** How many samples there are. */
        public int count() {
            return samples.length / size();
        }

        /** How many steps the model tells apart. */
        public int steps() {
            return compilation.model().signature().inputs().getLast().steps();
        }
    }

    /**
     * Draws.
     *
     * @throws CompilationFailedException if the model, its parameters or the data are wrong
     * @throws IllegalArgumentException if the model does not predict noise, has fewer steps, or the data has other
     *         samples
     */
    public Result run() {
        Compilation compilation = Compilation.of(model);
        if (!NoiseTrainer.fits(compilation.graph())) {
            throw new IllegalArgumentException("sampling takes a model of two inputs, values and a step, and one output"
                    + " like the values: the noise");
        }
        Signature signature = compilation.model().signature();
        int all = signature.inputs().getLast().steps();
        if (steps > all) {
            throw new IllegalArgumentException("of the model's steps 1 to " + all + " are taken, not " + steps);
        }
        int size = signature.inputs().getFirst().elements();
        Ddim.Model noise = noise(compilation.model().newSession());
        Optional<Deviations> deviations = StoredNoise.of(ModelReader.analyze(model, new Diagnostics()), model);
        NoiseSchedule schedule = NoiseSchedule.of(all, deviations);
        Ddim ddim = new Ddim(schedule, steps == 0 ? all : steps);
        SplittableRandom random = new SplittableRandom(seed);
        float[] samples = new float[Math.multiplyExact(count, size)];
        for (int i = 0; i < count; i++) {
            System.arraycopy(ddim.sample(noise, size, random), 0, samples, i * size, size);
        }
        return new Result(compilation, samples, signature.inputs().getFirst().shape(), deviations,
                data.map(source -> compare(source, compilation.graph(), noise, samples, schedule)));
    }

    private static Ddim.Model noise(Session session) {
        int[] step = new int[1];
        return (x, t, noise) -> {
            step[0] = t;
            session.run(new Object[]{x, step}, new Object[]{noise});
        };
    }

    private Comparison compare(ExampleSource source, Graph graph, Ddim.Model noise, float[] samples,
            NoiseSchedule schedule) {
        var shape = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        Dataset found = source.dataset(DatasetRequest.of(DatasetRequest.Part.TEST).fitting(shape).resizing(resize));
        int size = shape.elements();
        if (found.shape().elements() != size) {
            throw new IllegalArgumentException("the examples are " + found.shape() + ", and the model's " + shape
                    + (found.divisor() == 1 ? "" : ": resizing, or --resize, makes pictures fit"));
        }
        if (found.count() < 2) {
            throw new IllegalArgumentException("there are no two examples to compare with");
        }
        int compared = Math.min(found.count(), MOST_COMPARED);
        float[] values = NoiseTraining.samples(found.select(IntStream.range(0, compared)
                .map(i -> (int) ((long) i * found.count() / compared)).toArray()));
        return new Comparison(Distance.energy(samples, values, size),
                DenoisingError.of(noise, schedule, values, size), values);
    }
}
