package dev.tern.quantizer.diffusion;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What a model that predicts noise gets to see: samples with noise in them, by which ranges are found, and models
 * measured. */
public final class NoisySamples {
    private static final long SEED = 2306;

    private NoisySamples() {
    }

    /**
     * The steps from the first to the last evenly spread, the samples in turn.
     *
     * @param samples one after the other
     * @param size of each
     */
    public static NoisyBatch of(float[] samples, int size, NoiseSchedule schedule, int count) {
        return NoisyBatch.spread(schedule, samples, size, count, new SplittableRandom(SEED));
    }

    /**
     * The same as inputs of a model.
     *
     * @param graph for which {@link NoiseTrainer#fits} holds
     * @return of each the values and the step
     */
    public static List<List<Tensor>> of(Graph graph, float[] samples, NoiseSchedule schedule, int count) {
        Shape shape = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        int size = shape.elements();
        float[] rows = of(samples, size, schedule, count).rows();
        return IntStream.range(0, count).mapToObj(n -> n * (size + 1)).map(from -> List.<Tensor>of(
                new Tensor.Floats(shape, Arrays.copyOfRange(rows, from, from + size)),
                Tensor.scalar((int) rows[from + size]))).toList();
    }
}
