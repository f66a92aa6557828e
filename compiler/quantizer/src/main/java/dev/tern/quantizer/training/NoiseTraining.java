package dev.tern.quantizer.training;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What `tern train` does with a model that predicts noise. */
public final class NoiseTraining {
    private NoiseTraining() {
    }

    /**
     * The parameters after training. Pictures are scaled to -1..1, other numbers are taken as they are.
     *
     * @param start parameters to begin with; those it lacks begin at random
     * @throws IllegalArgumentException if the data does not fit the model
     */
    public static Map<String, Tensor.Floats> run(Graph graph, Dataset data, TrainingSettings settings,
            Map<String, Tensor.Floats> start, Consumer<EpochReport> progress) {
        int size = data.shape().elements();
        if (size != graph.definitions().get(graph.inputs().getFirst()).type().shape().elements()) {
            throw new IllegalArgumentException("the examples are " + data.shape() + ", which the model does not take");
        }
        float[] samples = samples(data);
        Pattern only = Pattern.compile(Arrays.stream(settings.only().split("\\*", -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*")));
        NoiseTrainer trainer = new NoiseTrainer(graph, samples, new NoiseTrainer.Settings(settings.course().epochs(),
                settings.course().batch(), settings.descent().learningRate(), settings.course().seed(),
                path -> only.matcher(path).matches()));
        trainer.startFrom(start);
        return trainer.train(progress);
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
