package dev.tern.quantizer.dataset;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Which examples are trained on and which are kept to measure by: by chance, and alike for every seed of a training.
 *
 * @param training indices in the order of the data
 * @param heldOut the others
 */
public record HeldOut(int[] training, int[] heldOut) {
    private static final long SEED = 12;

    /** So many of so many examples are held out. */
    public static HeldOut of(int examples, int held) {
        int[] order = shuffled(examples, new SplittableRandom(SEED));
        return new HeldOut(sorted(order, held, order.length), sorted(order, 0, held));
    }

    private static int[] sorted(int[] order, int from, int to) {
        int[] part = Arrays.copyOfRange(order, from, to);
        Arrays.sort(part);
        return part;
    }

    /** The numbers 0 and up in an order by chance. */
    public static int[] shuffled(int count, RandomGenerator random) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
