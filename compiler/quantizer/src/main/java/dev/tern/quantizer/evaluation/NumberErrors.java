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
 * @param wanted the numbers that it should give, [examples][numbers]
 * @param given the numbers that it gives
 * @param labels the class of each example, or empty
 */
public record NumberErrors(float[][] wanted, float[][] given, int[] labels) implements Outcome {
    /** Whether examples are measured so: they have no classes, or the model gives its input back. */
    public static boolean fit(CompiledModel model, Dataset dataset) {
        return !dataset.labelled() || model.signature().inputs().size() == 1 && dataset.isGivenBack(
                model.signature().inputs().getFirst().shape(), model.signature().outputs().getFirst().shape());
    }

    /**
     * Runs all examples, on all cores.
     *
     * @throws IllegalArgumentException if model and data set do not go together
     */
    public static NumberErrors of(CompiledModel model, LabelledExamples examples) {
        Dataset dataset = examples.dataset();
        int outputs = model.signature().outputs().getFirst().elements();
        int numbers = dataset.targets() instanceof Dataset.Targets.Numbers(var shape, _)
                ? shape.elements()
                : dataset.shape().elements();
        if (outputs != numbers) {
            throw new IllegalArgumentException(dataset.targets() instanceof Dataset.Targets.None
                    ? "the data has no labels, and the model does not give its input back: it gives " + outputs
                            + " numbers for " + numbers
                    : "the model gives " + outputs + " numbers where the data has " + numbers);
        }
        float[][] wanted = new float[dataset.count()][numbers];
        float[][] given = new float[dataset.count()][];
        int threads = Runtime.getRuntime().availableProcessors();
        IntStream.range(0, threads).parallel().forEach(thread -> {
            Session session = model.newSession();
            Object[] results = session.newOutputs(1);
            for (int example = thread; example < given.length; example += threads) {
                session.run(examples.inputs(example), results);
                given[example] = ((float[]) results[0]).clone();
                if (dataset.targets() instanceof Dataset.Targets.Numbers(_, float[] elements)) {
                    System.arraycopy(elements, example * numbers, wanted[example], 0, numbers);
                } else {
                    dataset.copy(example, wanted[example], 0);
                }
            }
        });
        return new NumberErrors(wanted, given, dataset.targets() instanceof Dataset.Targets.Classes(int[] labels, _)
                ? labels
                : new int[0]);
    }

    /**
     * What some numbers are missed by.
     *
     * @param squared the mean square of the errors
     * @param absolute the mean of their magnitudes
     * @param greatest the greatest magnitude
     * @param explained the share of the variance of the wanted numbers that errors leave: 1 where there are none, 0
     *     where the mean would do as well; NaN where the wanted numbers are all alike
     */
    public record Spread(double squared, double absolute, double greatest, double explained) {
    }

    /** How many numbers the model gives for an example. */
    public int numbers() {
        return wanted[0].length;
    }

    /** What all numbers are missed by; the variance is that of each number by itself, added up. */
    public Spread all() {
        return of(IntStream.range(0, wanted.length).toArray());
    }

    /** What one of the numbers is missed by. */
    public Spread of(int number) {
        return spread(IntStream.range(0, wanted.length).toArray(), new int[]{number});
    }

    /** What all numbers of some examples are missed by. */
    public Spread of(int[] examples) {
        return spread(examples, IntStream.range(0, numbers()).toArray());
    }

    /** What numbers of one class are missed by; NaN where it has no examples. */
    public Spread ofClass(int label) {
        return of(members(label));
    }

    private int[] members(int label) {
        return IntStream.range(0, labels.length).filter(example -> labels[example] == label).toArray();
    }

    private Spread spread(int[] examples, int[] chosen) {
        double squared = 0;
        double absolute = 0;
        double greatest = 0;
        double variance = 0;
        for (int number : chosen) {
            double mean = Arrays.stream(examples).mapToDouble(example -> wanted[example][number]).average()
                    .orElse(Double.NaN);
            for (int example : examples) {
                double error = given[example][number] - (double) wanted[example][number];
                squared += error * error;
                absolute += Math.abs(error);
                greatest = Math.max(greatest, Math.abs(error));
                variance += Math.pow(wanted[example][number] - mean, 2);
            }
        }
        double all = (double) examples.length * chosen.length;
        return new Spread(squared / all, absolute / all, greatest, variance == 0 ? Double.NaN : 1 - squared / variance);
    }

    /** The mean squared error of an example. */
    public double squared(int example) {
        return difference(given[example], wanted[example]);
    }

    /** The mean of all examples' {@link #squared}. */
    public double mean() {
        return IntStream.range(0, wanted.length).mapToDouble(this::squared).average().orElseThrow();
    }

    /** The mean square of what another model gives otherwise. */
    public double difference(NumberErrors other) {
        return IntStream.range(0, given.length).mapToDouble(i -> difference(given[i], other.given[i])).average()
                .orElseThrow();
    }

    private static double difference(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            double difference = left[i] - (double) right[i];
            sum += difference * difference;
        }
        return sum / left.length;
    }

    /** How well the error tells class 0 from the others; NaN without both. */
    @Override
    public double auc() {
        boolean[] anomalous = new boolean[wanted.length];
        for (int i = 0; i < labels.length; i++) {
            anomalous[i] = labels[i] > 0;
        }
        return labels.length == 0
                ? Double.NaN
                : Auc.of(IntStream.range(0, wanted.length).mapToDouble(this::squared).toArray(), anomalous);
    }

    /** The examples with the greatest errors, the greatest first. */
    @Override
    public List<Integer> worst(int count) {
        double[] squared = IntStream.range(0, wanted.length).mapToDouble(this::squared).toArray();
        return IntStream.range(0, squared.length).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -squared[i]).thenComparing(i -> i)).limit(count)
                .toList();
    }
}
