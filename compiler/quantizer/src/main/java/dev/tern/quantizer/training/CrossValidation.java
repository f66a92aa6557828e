package dev.tern.quantizer.training;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.Trainer;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.quantizer.evaluation.LabelledExamples;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Accuracy where there are too few examples for a test set: every example is answered by a class that was compiled from
 * parameters trained without it.
 *
 * @param model its name
 * @param correct of each seed, how many of all examples
 * @param examples how many there are
 * @param folds into how many parts they were cut
 * @param different answers in which a compiled class differed from the network that was trained
 */
public record CrossValidation(String model, int[] correct, int examples, int folds, int different) {
    /**
     * Trains and measures.
     *
     * @param graph its parameters not bound
     * @param settings by the seed
     * @param compile the class with some parameters
     */
    public static CrossValidation run(Graph graph, Function<Long, TrainingSettings> settings, Dataset data,
            int folds, long firstSeed, int seeds, Function<Map<String, Tensor.Floats>, Compilation> compile) {
        int[] correct = new int[seeds];
        int different = 0;
        for (int s = 0; s < seeds; s++) {
            int[] fold = folds(data.count(), folds, firstSeed + s);
            for (int f = 0; f < folds; f++) {
                int held = f;
                Dataset rest = data.select(IntStream.range(0, data.count()).filter(i -> fold[i] != held).toArray());
                Dataset part = data.select(IntStream.range(0, data.count()).filter(i -> fold[i] == held).toArray());
                Map<String, Tensor.Floats> tensors = Trainer.train(graph, settings.apply(firstSeed + s), rest, _ -> {
                }).tensors();
                Compilation compilation = compile.apply(tensors);
                correct[s] += Accuracy.measure(compilation.model(),
                        LabelledExamples.of(compilation.model().signature(), part)).correct();
                different += CompiledAgreement.of(graph, tensors, compilation, part).different().size();
            }
        }
        return new CrossValidation(graph.name(), correct, data.count(), folds, different);
    }

    /** The fold of each example, by chance; folds differ in size by one at most. */
    private static int[] folds(int examples, int folds, long seed) {
        int[] fold = new int[examples];
        Arrays.setAll(fold, i -> i % folds);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = examples - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = fold[i];
            fold[i] = fold[j];
            fold[j] = swapped;
        }
        return fold;
    }

    /** The mean of the seeds, 0..1. */
    public double accuracy() {
        return IntStream.of(correct).sum() / (double) correct.length / examples;
    }

    /** The standard deviation of the seeds' accuracies. */
    public double deviation() {
        double mean = accuracy();
        return Math.sqrt(IntStream.of(correct).mapToDouble(c -> Math.pow((double) c / examples - mean, 2)).sum()
                / Math.max(1, correct.length - 1));
    }

    /** One line. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "%.2f%%  %d folds of %,d examples, seeds: %d, standard deviation of seeds %.2f;"
                        + " answers with other bits than the trained network's: %d", 100 * accuracy(), folds, examples,
                correct.length, 100 * deviation(), different);
    }
}
