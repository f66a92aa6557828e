package dev.tern.compiler.testing.work;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of method entries and jumps backwards, by method. */
public final class Work {
    private static final List<String> METHODS = new ArrayList<>();
    private static long[] counts = new long[1 << 16];

    private Work() {
    }

    /** Called by instrumented classes: {@code method} is entered, or jumps backwards. */
    public static void step(int method) {
        counts[method]++;
    }

    /** A number for a method that is about to be instrumented. */
    static int add(String method) {
        if (METHODS.size() == counts.length) {
            counts = Arrays.copyOf(counts, 2 * counts.length);
        }
        METHODS.add(method);
        return METHODS.size() - 1;
    }

    static void clear() {
        Arrays.fill(counts, 0);
    }

    /** What was counted since {@link #clear}, without what was not run. */
    static Map<String, Long> counted() {
        Map<String, Long> counted = new HashMap<>();
        for (int i = 0; i < METHODS.size(); i++) {
            if (counts[i] > 0) {
                counted.merge(METHODS.get(i), counts[i], Long::sum);
            }
        }
        return counted;
    }
}
