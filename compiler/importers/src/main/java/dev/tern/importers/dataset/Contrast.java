package dev.tern.importers.dataset;

import java.util.List;

/**
 * Another contrast and brightness for what f32 inputs take: each value is multiplied, and then added to. What was
 * trained on {@code (x - mean) / deviation} by the channel takes factors of {@code 1 / deviation} and shifts of
 * {@code -mean / deviation}.
 *
 * @param factors one for all values, or one for each channel, the last axis
 * @param shifts the same of what is added
 */
public record Contrast(List<Float> factors, List<Float> shifts) {
    /** Values as they are. */
    public static final Contrast NONE = of(1, 0);

    /** @throws IllegalArgumentException if there is no number, or one is not finite */
    public Contrast {
        factors = List.copyOf(factors);
        shifts = List.copyOf(shifts);
        if (factors.isEmpty() || shifts.isEmpty() || !factors.stream().allMatch(Float::isFinite)
                || !shifts.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException(
                    "values are changed by finite numbers, not " + factors + " and " + shifts);
        }
    }

    /** The same for all channels. */
    public static Contrast of(float factor, float shift) {
        return new Contrast(List.of(factor), List.of(shift));
    }

    /** Whether values stay as they are. */
    public boolean isNone() {
        return factors.stream().allMatch(factor -> factor == 1) && shifts.stream().allMatch(shift -> shift == 0);
    }

    /**
     * This one, for values of so many channels.
     *
     * @throws IllegalArgumentException if there are numbers for other channels
     */
    public Contrast of(int channels) {
        for (List<Float> numbers : List.of(factors, shifts)) {
            if (numbers.size() != 1 && numbers.size() != channels) {
                throw new IllegalArgumentException("examples have " + channels + (channels == 1
                        ? " channel"
                        : " channels")
                        + ", and there are " + numbers.size() + " numbers to change them by: " + numbers);
            }
        }
        return this;
    }

    /** A changed value. @param element its index in an example, or in all of them one after the other */
    float change(float value, int element) {
        return value * factors.get(element % factors.size()) + shifts.get(element % shifts.size());
    }

    /** Changes an example, or several, where they are. */
    public void change(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = change(values[i], i - from);
        }
    }
}
