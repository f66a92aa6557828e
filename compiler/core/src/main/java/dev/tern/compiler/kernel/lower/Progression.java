package dev.tern.compiler.kernel.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * Elements that are moved together: {@code count} of them, {@code input, input + inputStep, ...} to {@code output,
 * output + outputStep, ...}.
 */
record Progression(int input, int inputStep, int output, int outputStep, int count) {
    /** The furthest apart that places of one progression are looked for: strides and factors are small. */
    private static final int STEPS = 16;

    /** Splits a list of indices, every place of which is in one progression, the longest that begins there. */
    static List<Progression> of(List<Integer> indices) {
        boolean[] taken = new boolean[indices.size()];
        List<Progression> parts = new ArrayList<>();
        for (int place = 0; place < taken.length; place++) {
            if (!taken[place]) {
                Progression longest = longest(indices, taken, place);
                for (int i = 0; i < longest.count; i++) {
                    taken[place + i * longest.outputStep] = true;
                }
                parts.add(longest);
            }
        }
        return parts;
    }

    private static Progression longest(List<Integer> indices, boolean[] taken, int place) {
        Progression longest = new Progression(indices.get(place), 0, place, 1, 1);
        for (int step = 1; step <= STEPS && place + step < taken.length; step++) {
            int inputStep = indices.get(place + step) - indices.get(place);
            int count = 1;
            int next = place + step;
            while (next < taken.length && !taken[next]
                    && indices.get(next) == indices.get(place) + count * inputStep) {
                count++;
                next += step;
            }
            if (count > longest.count) {
                longest = new Progression(indices.get(place), inputStep, place, step, count);
            }
        }
        return longest;
    }
}
