package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.WeightScheme;
import java.util.Arrays;

/**
 * The codes that weights may have.
 *
 * @param step 1, or 2 of -1 and 1 alone
 */
record WeightGrid(int lowest, int highest, int step) {
    /**
     * @param codes what the scheme's formula makes of the weights that share a scale
     * @throws IllegalArgumentException for float weights
     */
    static WeightGrid of(WeightScheme scheme, int[][] codes) {
        return switch (scheme) {
            case WeightScheme.Binary _ -> new WeightGrid(-1, 1, 2);
            case WeightScheme.Ternary _ -> new WeightGrid(-1, 1, 1);
            // Two bits are ternary; of more the lowest code, which formulas leave out, may be given.
            case WeightScheme.Integer(int bits, _) when bits == 2 -> new WeightGrid(-1, 1, 1);
            case WeightScheme.Integer(int bits, _) -> new WeightGrid(-(1 << bits - 1), (1 << bits - 1) - 1, 1);
            // Less their zero point: of the range's lower end, or of 0, comes the lowest code.
            case WeightScheme.Asymmetric(int bits, _) -> {
                int lowest = Math.min(0, Arrays.stream(codes).flatMapToInt(Arrays::stream).min().orElse(0));
                yield new WeightGrid(lowest, lowest + (1 << bits) - 1, 1);
            }
            case WeightScheme.Floating _ -> throw new IllegalArgumentException("float weights have no codes");
        };
    }

    /** The nearest code. */
    int nearest(double x) {
        if (step == 2) {
            return x >= 0 ? 1 : -1;
        }
        return (int) Math.max(lowest, Math.min(highest, Math.rint(x)));
    }
}
