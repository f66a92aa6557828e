package dev.tern.quantizer.network;

/**
 * The sums of the magnitudes of weights, group by group, each in the order of the weights and in double, as the
 * compiled model has them. Four groups are added side by side, for an addition waits for the one before it.
 */
final class MagnitudeSums {
    private static final int TOGETHER = 4;

    private MagnitudeSums() {
    }

    /**
     * Sums of those weights whose code is not 0.
     *
     * @param codes -1, 0 or 1 with the sign of the weight
     * @param length of each group
     */
    static double[] of(float[] codes, float[] weights, int length) {
        double[] sums = new double[weights.length / length];
        int group = 0;
        for (; group + TOGETHER <= sums.length; group += TOGETHER) {
            int a = group * length;
            int b = a + length;
            int c = b + length;
            int d = c + length;
            double sumA = 0;
            double sumB = 0;
            double sumC = 0;
            double sumD = 0;
            for (int i = 0; i < length; i++) {
                sumA += codes[a + i] * weights[a + i];
                sumB += codes[b + i] * weights[b + i];
                sumC += codes[c + i] * weights[c + i];
                sumD += codes[d + i] * weights[d + i];
            }
            sums[group] = sumA;
            sums[group + 1] = sumB;
            sums[group + 2] = sumC;
            sums[group + 3] = sumD;
        }
        for (; group < sums.length; group++) {
            for (int i = group * length; i < (group + 1) * length; i++) {
                sums[group] += codes[i] * weights[i];
            }
        }
        return sums;
    }
}
