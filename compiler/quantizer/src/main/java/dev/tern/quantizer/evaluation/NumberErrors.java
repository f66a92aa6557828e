package dev.tern.quantizer.evaluation;

import dev.tern.importers.dataset.Dataset;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * By how much a model misses the numbers that it should give: those of the data set, or its input where the data set
 * names none or classes, of which the greatest is the anomaly.
 *
 * @param squared the mean squared error of each example
 * @param labels the class of each, or empty
 */
public record NumberErrors(double[] squared, int[] labels) implements Outcome {
    /** Whether examples are measured so: they have no classes, or the model gives its input back. */
    public static boolean fit(CompiledModel model, Dataset dataset) {
        return !dataset.labelled() || model.signature().outputs().getFirst().shape()
                .equals(model.signature().inputs().getFirst().shape());
    }

    /**
     * Runs all examples, on all cores.
     *
     * @throws IllegalArgumentException if model and data set do not go together
     */
    public static NumberErrors of(CompiledModel model, LabelledExamples examples) {
        Dataset dataset = examples.dataset();
        int outputs = model.signature().outputs().getFirst().elements();
        int wanted = dataset.targets() instanceof Dataset.Targets.Numbers(var shape, _)
                ? shape.elements()
                : dataset.shape().elements();
        if (outputs != wanted) {
            throw new IllegalArgumentException("the model gives " + outputs + " numbers where the data has " + wanted);
        }
        double[] squared = new double[dataset.count()];
        int threads = Runtime.getRuntime().availableProcessors();
        IntStream.range(0, threads).parallel().forEach(thread -> {
            Session session = model.newSession();
            Object[] results = session.newOutputs(1);
            float[] targets = new float[wanted];
            for (int example = thread; example < squared.length; example += threads) {
                Object input = examples.input(example);
                session.run(new Object[]{input}, results);
                if (dataset.targets() instanceof Dataset.Targets.Numbers(_, float[] numbers)) {
                    System.arraycopy(numbers, example * wanted, targets, 0, wanted);
                } else {
                    dataset.copy(example, targets, 0);
                }
                float[] found = (float[]) results[0];
                for (int i = 0; i < wanted; i++) {
                    squared[example] += Math.pow(found[i] - (double) targets[i], 2) / wanted;
                }
            }
        });
        return new NumberErrors(squared, dataset.targets() instanceof Dataset.Targets.Classes(int[] labels, _)
                ? labels
                : new int[0]);
    }

    /** The mean over all examples. */
    public double mean() {
        return Arrays.stream(squared).average().orElseThrow();
    }

    /** How well the error tells class 0 from the others; NaN without both. */
    @Override
    public double auc() {
        boolean[] anomalous = new boolean[squared.length];
        for (int i = 0; i < labels.length; i++) {
            anomalous[i] = labels[i] > 0;
        }
        return labels.length == 0 ? Double.NaN : Auc.of(squared, anomalous);
    }

    /** The examples with the greatest errors, the greatest first. */
    @Override
    public List<Integer> worst(int count) {
        return IntStream.range(0, squared.length).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -squared[i]).thenComparing(i -> i)).limit(count)
                .toList();
    }
}
