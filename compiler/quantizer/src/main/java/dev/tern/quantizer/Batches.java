package dev.tern.quantizer;

import dev.tern.quantizer.dataset.HeldOut;
import dev.tern.quantizer.network.Network;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/**
 * Makes the batches of an epoch: examples in an order by chance, varied and mixed, with a teacher's scores. Each batch
 * is made by another thread while its predecessor is trained on; what is made follows from the seed and the epoch
 * alone.
 */
final class Batches implements AutoCloseable {
    private final Examples examples;
    private final TrainingSettings settings;
    private final Optional<Network> teacher;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("batches").factory());

    /** @param teacher for batches of the same size */
    Batches(Examples examples, TrainingSettings settings, Optional<Network> teacher) {
        this.examples = examples;
        this.settings = settings;
        this.teacher = teacher;
    }

    /**
     * @param inputs example by example
     * @param targets probabilities of classes or numbers
     * @param scores the teacher's, empty without one
     */
    record Batch(float[] inputs, float[] targets, float[] scores) {
    }

    /** Whoever trains on a batch. */
    interface Consumer {
        void accept(Batch batch);
    }

    /** How many whole batches an epoch has. */
    int perEpoch() {
        return examples.training().length / settings.course().batch();
    }

    /** Hands out the batches of an epoch, counted from 0. */
    void epoch(int epoch, Consumer consumer) {
        RandomGenerator random = new SplittableRandom(settings.course().seed() * 0x9e3779b97f4a7c15L + epoch);
        int[] order = HeldOut.shuffled(examples.training().length, random);
        Future<Batch> next = ahead.submit(() -> make(order, 0, random));
        for (int i = 1; i <= perEpoch(); i++) {
            Batch batch = result(next);
            int following = i;
            if (i < perEpoch()) {
                next = ahead.submit(() -> make(order, following, random));
            }
            consumer.accept(batch);
        }
    }

    private static Batch result(Future<Batch> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a batch could not be made", e.getCause());
        }
    }

    private Batch make(int[] order, int index, RandomGenerator random) {
        TrainingSettings.Variation variation = settings.variation();
        int count = settings.course().batch();
        float[] inputs = new float[count * examples.inputSize()];
        float[] targets = new float[count * examples.outputSize()];
        for (int i = 0; i < count; i++) {
            int example = examples.training()[order[index * count + i]];
            examples.distorted(example, variation.distortion(), inputs, i * examples.inputSize(), random);
            examples.target(example, variation.labelSmoothing(), targets, i * examples.outputSize());
        }
        if (variation.mixup() > 0) {
            float share = beta(variation.mixup(), random);
            mix(inputs, examples.inputSize(), share);
            mix(targets, examples.outputSize(), share);
        }
        return new Batch(inputs, targets, scores(inputs));
    }

    private float[] scores(float[] inputs) {
        if (teacher.isEmpty()) {
            return new float[0];
        }
        teacher.get().load(inputs, settings.course().batch());
        teacher.get().forward(Mode.EVALUATION);
        return teacher.get().scores().value().clone();
    }

    /** Every example gets a share of the one before it: the batch is in an order by chance already. */
    private static void mix(float[] values, int size, float share) {
        float[] before = values.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (1 - share) * values[i] + share * before[(i + values.length - size) % values.length];
        }
    }

    /** From Beta(alpha, alpha), alpha at most 1 (Jöhnk 1964). */
    private static float beta(float alpha, RandomGenerator random) {
        while (true) {
            double x = Math.pow(random.nextDouble(), 1 / alpha);
            double y = Math.pow(random.nextDouble(), 1 / alpha);
            if (x + y > 0 && x + y <= 1) {
                return (float) (x / (x + y));
            }
        }
    }

    @Override
    public void close() {
        ahead.shutdownNow();
    }
}
