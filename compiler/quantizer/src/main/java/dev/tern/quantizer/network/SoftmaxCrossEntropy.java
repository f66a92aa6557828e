package dev.tern.quantizer.network;

/** The cross-entropy of softmax scores with smoothed labels (Szegedy et al. 2016), averaged over the batch. */
public final class SoftmaxCrossEntropy {
    private final Signal scores;
    private final float smoothing;

    /** @param smoothing the share of the probability that is spread over all classes, 0 for none */
    public SoftmaxCrossEntropy(Signal scores, float smoothing) {
        this.scores = scores;
        this.smoothing = smoothing;
    }

    /** Adds to the scores' gradient and answers the loss. @param labels the class of each example */
    public double evaluate(int[] labels) {
        double loss = 0;
        for (int n = 0; n < scores.batch; n++) {
            loss += evaluate(n * scores.size, labels[n]);
        }
        return loss / scores.batch;
    }

    private double evaluate(int from, int label) {
        int classes = scores.size;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            greatest = Math.max(greatest, scores.value[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(scores.value[from + c] - greatest);
        }
        double loss = 0;
        for (int c = 0; c < classes; c++) {
            double target = (c == label ? 1 - smoothing : 0) + smoothing / classes;
            double logProbability = scores.value[from + c] - greatest - Math.log(sum);
            loss -= target * logProbability;
            scores.gradient[from + c] += (float) ((Math.exp(logProbability) - target) / scores.batch);
        }
        return loss;
    }

    /** How many of the first {@code count} examples score highest at their label; the first highest wins a tie. */
    public int hits(int[] labels, int count) {
        int hits = 0;
        for (int n = 0; n < count; n++) {
            int best = 0;
            for (int c = 1; c < scores.size; c++) {
                if (scores.value[n * scores.size + c] > scores.value[n * scores.size + best]) {
                    best = c;
                }
            }
            hits += best == labels[n] ? 1 : 0;
        }
        return hits;
    }
}
