package dev.tern.quantizer.dataset;

import dev.tern.importers.dataset.Dataset;
import java.util.stream.IntStream;

/**
 * Examples that are in another data set, too: what is measured on these after training on them is worth nothing. A
 * picture is known again after it was stored as JPEG; other numbers have to be the very same.
 */
public final class Copies {
    /**
     * Up to this root mean square difference, of 255, two pictures of one size are taken for one. Of 20,000 pictures of
     * CIFAR-10 as JPEG those that are among 1,000 lossless ones are 2 to 17 away from them, all others 19 and more,
     * most of them 30 and more.
     */
    private static final int SAME = 20;
    private static final int CHUNK = 64;

    private Copies() {
    }

    /** The examples of {@code data} that are not in {@code others}, which are of the same shape, in their order. */
    public static Dataset without(Dataset data, Dataset others) {
        int size = data.shape().elements();
        float each = data.divisor() == 1 ? 0 : SAME * SAME;
        float[] known = new float[Math.multiplyExact(others.count(), size)];
        for (int other = 0; other < others.count(); other++) {
            others.copyStored(other, known, other * size);
        }
        float[] example = new float[size];
        int[] kept = IntStream.range(0, data.count()).filter(candidate -> {
            data.copyStored(candidate, example, 0);
            return !isIn(known, example, each * size);
        }).toArray();
        return kept.length == data.count() ? data : data.select(kept);
    }

    private static boolean isIn(float[] known, float[] example, float most) {
        for (int from = 0; from < known.length; from += example.length) {
            if (!differ(known, from, example, most)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the squares of the differences add up to more; most examples are told apart by their first elements. */
    private static boolean differ(float[] known, int from, float[] example, float most) {
        float sum = 0;
        for (int start = 0; start < example.length && sum <= most; start += CHUNK) {
            for (int i = start; i < Math.min(start + CHUNK, example.length); i++) {
                float difference = known[from + i] - example[i];
                sum += difference * difference;
            }
        }
        return sum > most;
    }
}
