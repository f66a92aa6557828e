package dev.tern.quantizer.network;

/** What training makes smaller: a number for each batch, and its gradient by a network's output. */
public sealed interface Loss {
    /** The cross-entropy of softmax scores (the loss holds the softmax). Targets are probabilities of the classes. */
    record CrossEntropy() implements Loss {
    }

    /** The mean square of what output and target differ by. Targets are numbers. */
    record MeanSquare() implements Loss {
    }

    /**
     * Adds to the output's gradient and answers the loss, the mean over the batch.
     *
     * @param output of a batch: the scores or the numbers
     * @param targets as many numbers as the output has
     * @param weight that loss and gradient are multiplied by
     */
    default double evaluate(Signal output, float[] targets, float weight) {
        double loss = 0;
        switch (this) {
            case CrossEntropy() -> {
                for (int from = 0; from < output.value.length; from += output.size) {
                    loss += crossEntropy(output, targets, from, weight);
                }
                return weight * loss / output.batch;
            }
            case MeanSquare() -> {
                for (int i = 0; i < output.value.length; i++) {
                    double difference = output.value[i] - targets[i];
                    loss += difference * difference;
                    output.gradient[i] += (float) (2 * weight * difference / output.value.length);
                }
                return weight * loss / output.value.length;
            }
        }
    }

    /** The mean over the first {@code count} examples of a batch; gradients are left alone. */
    default double of(Signal output, float[] targets, int count) {
        double loss = 0;
        for (int i = 0; i < count * output.size; i++) {
            loss += switch (this) {
                case CrossEntropy() -> targets[i] == 0
                        ? 0
                        : targets[i] * (logSum(output.value, i / output.size * output.size, output.size, 1)
                                - output.value[i]);
                case MeanSquare() -> Math.pow(output.value[i] - targets[i], 2) / output.size;
            };
        }
        return loss / count;
    }

    private static double crossEntropy(Signal scores, float[] targets, int from, float weight) {
        double logSum = logSum(scores.value, from, scores.size, 1);
        double loss = 0;
        for (int i = from; i < from + scores.size; i++) {
            double logProbability = scores.value[i] - logSum;
            loss -= targets[i] == 0 ? 0 : targets[i] * logProbability;
            scores.gradient[i] += (float) (weight * (Math.exp(logProbability) - targets[i]) / scores.batch);
        }
        return loss;
    }

    /**
     * Adds to the output's gradient and answers what is lost beside a teacher: of scores the divergence, of numbers the
     * mean square of what they differ by.
     *
     * @param teacher what it gives for the same batch
     * @param temperature that scores are divided by
     * @param weight that loss and gradient are multiplied by
     */
    default double evaluate(Signal output, float[] teacher, float temperature, float weight) {
        return switch (this) {
            case CrossEntropy() -> distil(output, teacher, temperature, weight);
            case MeanSquare() -> evaluate(output, teacher, weight);
        };
    }

    /**
     * The divergence from a teacher's softened probabilities (Hinton et al. 2015), times the square of the temperature,
     * so that its gradient is as large as that of hard labels.
     *
     * @param teacher scores for the same batch
     */
    static double distil(Signal scores, float[] teacher, float temperature, float weight) {
        double loss = 0;
        for (int from = 0; from < scores.value.length; from += scores.size) {
            double logSum = logSum(scores.value, from, scores.size, temperature);
            double teacherSum = logSum(teacher, from, scores.size, temperature);
            for (int i = from; i < from + scores.size; i++) {
                double mine = scores.value[i] / temperature - logSum;
                double wanted = teacher[i] / temperature - teacherSum;
                loss += Math.exp(wanted) * (wanted - mine);
                scores.gradient[i] += (float) (weight * temperature * (Math.exp(mine) - Math.exp(wanted))
                        / scores.batch);
            }
        }
        return weight * temperature * temperature * loss / scores.batch;
    }

    /** The logarithm of the sum of exp(score / temperature). */
    private static double logSum(float[] scores, int from, int count, float temperature) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            greatest = Math.max(greatest, scores[i] / temperature);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(scores[i] / temperature - greatest);
        }
        return greatest + Math.log(sum);
    }

    /** The index of the first greatest of an example's numbers. */
    static int first(float[] values, int from, int count) {
        int best = from;
        for (int i = from + 1; i < from + count; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best - from;
    }
}
