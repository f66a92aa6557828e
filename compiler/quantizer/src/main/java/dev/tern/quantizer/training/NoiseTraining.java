package dev.tern.quantizer.training;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.ChosenPaths;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.dataset.HeldOut;
import dev.tern.quantizer.diffusion.NoiseSchedule;
import dev.tern.quantizer.diffusion.NoiseSchedule.Deviations;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.diffusion.NoisyBatch;
import java.util.Optional;

/** What `tern train` does with a model that predicts noise. */
public final class NoiseTraining {
    private NoiseTraining() {
    }

    /**
     * A trainer. Pictures are scaled to -1..1, other numbers are taken as they are.
     *
     * @param deviations of the noise that is added to them; without, variance is kept
     * @throws IllegalArgumentException if the data does not fit the model, nothing is left to train on, or
     *     a path of what is to be trained is that of no parameter
     */
    public static NoiseTrainer trainer(Graph graph, Dataset data, TrainingSettings settings,
            Optional<Deviations> deviations) {
        int size = data.shape().elements();
        if (size != graph.definitions().get(graph.inputs().getFirst()).type().shape().elements()) {
            throw new IllegalArgumentException("the examples are " + data.shape() + ", which the model does not take");
        }
        int held = settings.course().heldOut();
        if (held >= data.count()) {
            throw new IllegalArgumentException("too few examples: " + held + " held out of " + data.count());
        }
        HeldOut parts = HeldOut.of(data.count(), held);
        ChosenPaths chosen = new ChosenPaths(settings.only());
        NoiseTrainer trainer = new NoiseTrainer(graph, samples(data.select(parts.training())),
                samples(data.select(parts.heldOut())),
                NoiseSchedule.of(NoiseTrainer.steps(graph), deviations),
                new NoiseTrainer.Settings(settings.course().epochs(), settings.course().batch(),
                        settings.descent().learningRate(), settings.course().seed(),
                        chosen));
        chosen.requireFrom(trainer.parameters());
        return trainer;
    }

    /** Samples with their noise, as the model's inputs take them, the values and the step; the noise is wanted. */
    public static Dataset noisy(Dataset data, NoisyBatch samples) {
        return new Dataset(data.name(), Shape.of(data.shape().elements() + 1),
                new Dataset.Values.Numbers(samples.rows()),
                new Dataset.Targets.Numbers(data.shape(), samples.noise()));
    }

    /** All of them, one after the other. */
    public static float[] samples(Dataset data) {
        int size = data.shape().elements();
        float[] samples = new float[data.count() * size];
        for (int i = 0; i < data.count(); i++) {
            data.copy(i, samples, i * size);
        }
        if (data.divisor() != 1) {
            for (int i = 0; i < samples.length; i++) {
                samples[i] = 2 * samples[i] - 1;
            }
        }
        return samples;
    }
}
