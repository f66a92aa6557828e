package dev.tern.quantizer.diffusion;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What a model that predicts noise gets to see: samples with noise in them, by which ranges are found. */
public final class NoisySamples {
    private static final long SEED = 2306;

    private NoisySamples() {
    }

    /**
     * Inputs of a model, the steps from the first to the last evenly spread.
     *
     * @param graph for which {@link NoiseTrainer#fits} holds
     * @param samples one after the other, taken in turn
     * @return of each the values and the step
     */
    public static List<List<Tensor>> of(Graph graph, float[] samples, NoiseSchedule schedule, int count) {
        Shape shape = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        int size = shape.elements();
        float[] rows = NoisyBatch.spread(schedule, samples, size, count, new SplittableRandom(SEED)).rows();
        return IntStream.range(0, count).mapToObj(n -> n * (size + 1)).map(from -> List.<Tensor>of(
                new Tensor.Floats(shape, Arrays.copyOfRange(rows, from, from + size)),
                Tensor.scalar((int) rows[from + size]))).toList();
    }
}
