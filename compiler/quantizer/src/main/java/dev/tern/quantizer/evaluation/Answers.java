package dev.tern.quantizer.evaluation;

import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.InputException;
import dev.tern.runtime.Session;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What a model says to each example of a labelled set.
 *
 * @param labels what it should say
 * @param first what it says: the first greatest score's index, or the index that the model gives
 * @param ranks how many classes the model puts before the label; where it gives one index, 0 or no end of them
 * @param scores those of each example; null where the model gives one index
 */
public record Answers(int[] labels, int[] first, int[] ranks, float[][] scores) implements Outcome {
    /**
     * Runs all examples, on all cores.
     *
     * @throws InputException if an example is no input for the model
     */
    public static Answers of(CompiledModel model, Accuracy.Examples examples) {
        Answers answers = new Answers(new int[examples.count()], new int[examples.count()], new int[examples.count()],
                new float[examples.count()][]);
        int threads = Runtime.getRuntime().availableProcessors();
        IntStream.range(0, threads).parallel().forEach(thread -> {
            Session session = model.newSession();
            Object[] outputs = session.newOutputs(1);
            for (int example = thread; example < examples.count(); example += threads) {
                session.run(examples.inputs(example), outputs);
                answers.put(example, examples.label(example), outputs[0]);
            }
        });
        return answers;
    }

    private void put(int example, int label, Object output) {
        labels[example] = label;
        if (output instanceof int[] indices) {
            first[example] = indices[0];
            ranks[example] = indices[0] == label ? 0 : Integer.MAX_VALUE;
            return;
        }
        float[] scores = ((float[]) output).clone();
        this.scores[example] = scores;
        boolean known = label >= 0 && label < scores.length;
        int best = 0;
        int before = 0;
        for (int i = 0; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
            before += known && (scores[i] > scores[label] || scores[i] == scores[label] && i < label) ? 1 : 0;
        }
        first[example] = best;
        ranks[example] = best == label ? 0 : known ? Math.max(1, before) : Integer.MAX_VALUE;
    }

    /** How many have their label among the first {@code k}. */
    public Accuracy top(int k) {
        return share(example -> ranks[example] < k);
    }

    /** How many another model answers in the same way, right or wrong. */
    public Accuracy agreement(Answers other) {
        return share(example -> first[example] == other.first[example]);
    }

    /** How many of one class are right. */
    public Accuracy ofClass(int label) {
        int[] members = IntStream.range(0, labels.length).filter(example -> labels[example] == label).toArray();
        return new Accuracy((int) IntStream.of(members).filter(example -> ranks[example] == 0).count(),
                members.length);
    }

    /**
     * The mean over all classes of how often an example of the class has a greater score for it than one of another
     * class; of two classes the same for both. NaN where the model gives indices.
     */
    @Override
    public double auc() {
        if (scores.length == 0 || scores[0] == null) {
            return Double.NaN;
        }
        return IntStream.range(0, scores[0].length).mapToDouble(label -> {
            boolean[] positive = new boolean[labels.length];
            double[] score = new double[labels.length];
            for (int example = 0; example < labels.length; example++) {
                positive[example] = labels[example] == label;
                score[example] = scores[example][label];
            }
            return Auc.of(score, positive);
        }).filter(found -> !Double.isNaN(found)).average().orElse(Double.NaN);
    }

    /**
     * The wrong answers by how much the model is for them: the score of the label furthest below the greatest first.
     */
    @Override
    public List<Integer> worst(int count) {
        return IntStream.range(0, labels.length).filter(example -> ranks[example] > 0).boxed()
                .sorted(Comparator.<Integer>comparingDouble(this::lead).thenComparing(example -> example)).limit(count)
                .toList();
    }

    private double lead(int example) {
        float[] all = scores[example];
        return all == null || labels[example] >= all.length
                ? Double.NEGATIVE_INFINITY
                : all[labels[example]] - (double) all[first[example]];
    }

    /** How many examples of one class get another, or the same, as their answer. */
    public int confused(int label, int answer) {
        return (int) IntStream.range(0, labels.length)
                .filter(example -> labels[example] == label && first[example] == answer).count();
    }

    private Accuracy share(IntPredicate holds) {
        return new Accuracy((int) IntStream.range(0, labels.length).filter(holds).count(), labels.length);
    }
}
