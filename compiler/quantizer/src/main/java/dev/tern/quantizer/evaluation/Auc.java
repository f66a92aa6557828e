package dev.tern.quantizer.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The area under the curve of true by false positives. */
final class Auc {
    private Auc() {
    }

    /**
     * How often a positive scores above a negative, ties counting half; NaN where there are not both.
     *
     * @param scores finite
     */
    static double of(double[] scores, boolean[] positive) {
        Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
        double wins = 0;
        long below = 0;
        long positives = 0;
        for (int from = 0; from < order.length;) {
            int to = from;
            long here = 0;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                here += positive[order[to++]] ? 1 : 0;
            }
            long negatives = to - from - here;
            wins += here * (below + negatives / 2.0);
            below += negatives;
            positives += here;
            from = to;
        }
        return positives == 0 || below == 0 ? Double.NaN : wins / ((double) positives * below);
    }
}
