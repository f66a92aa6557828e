package dev.tern.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A result with a name for each of its values, such as the scores of a classifier.
 *
 * @param values as the model computed them; not copied
 * @param labels as many names, see {@link Signature.Port#labels()}
 */
public record Scores(float[] values, List<String> labels) {
    /** @throws IllegalArgumentException if values and labels are not equally many, or none */
    public Scores {
        labels = List.copyOf(labels);
        if (values.length != labels.size() || values.length == 0) {
            throw new IllegalArgumentException(values.length + " values and " + labels.size() + " labels");
        }
    }

    /** A value with its place and its name. */
    public record Ranked(int index, String label, float value) {
    }

    /** The index of the first greatest value. */
    public int index() {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The name of the first greatest value. */
    public String label() {
        return labels.get(index());
    }

    /**
     * The greatest values, the greatest first; of equal ones the one that comes first.
     *
     * @param count how many; all where there are fewer
     * @throws IllegalArgumentException if the count is negative
     */
    public List<Ranked> top(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("the greatest " + count);
        }
        List<Ranked> all = new ArrayList<>(IntStream.range(0, values.length)
                .mapToObj(i -> new Ranked(i, labels.get(i), values[i])).toList());
        all.sort(Comparator.comparingDouble((Ranked ranked) -> ranked.value()).reversed());
        return List.copyOf(all.subList(0, Math.min(count, all.size())));
    }

    /** The best label and its value: {@code seven (8.25)}. */
    @Override
    public String toString() {
        return label() + " (" + values[index()] + ")";
    }
}
