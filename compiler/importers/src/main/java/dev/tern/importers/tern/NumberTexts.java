package dev.tern.importers.tern;

import dev.tern.importers.network.ImportProblemException;
import java.util.List;
import java.util.stream.Collectors;

/** Numbers as the language writes them. */
final class NumberTexts {
    private NumberTexts() {
    }

    /** An f32 that reads back as itself: {@code 0.5}, {@code 3}, {@code -1.0e-5}. */
    static String of(float value) {
        if (!Float.isFinite(value)) {
            throw new ImportProblemException("the file holds " + value + " where a number is needed");
        }
        if (value == (int) value && Math.abs(value) < 1 << 24 && !(value == 0 && 1 / value < 0)) {
            return Integer.toString((int) value);
        }
        return Float.toString(value).replace('E', 'e');
    }

    /** Of an epsilon or the like: the number that was meant where an f32 was written for it. */
    static String of(double value) {
        return (float) value == value ? of((float) value) : Double.toString(value).replace('E', 'e');
    }

    /** {@code 3x3}, or {@code 3} for one axis. */
    static String size(List<Integer> sizes) {
        return sizes.stream().map(Object::toString).collect(Collectors.joining("x"));
    }

    /** {@code [7, 7, 32]}. */
    static String list(List<Integer> sizes) {
        return sizes.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
