package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.contender.Contender;
import java.util.Arrays;
import java.util.Optional;

/** Whether contenders compute the same. */
public final class AgreementCheck {
    /** 8-bit peers reach 0.999 and more; 4 bits beside 8 bits 0.98. */
    private static final double LEAST_CORRELATION = 0.97;

    private AgreementCheck() {
    }

    /** What is wrong with a contender's result; empty if nothing is. */
    public static Optional<String> fault(Contender.Agreement agreement, float[] expected, float[] result) {
        if (expected.length != result.length) {
            return Optional.of("gives " + result.length + " numbers instead of " + expected.length);
        }
        return switch (agreement) {
            case EXACT -> {
                int at = Arrays.mismatch(expected, result);
                yield at < 0
                        ? Optional.empty()
                        : Optional.of("gives " + result[at] + " at " + at + ", not " + expected[at]);
            }
            case CORRELATED -> {
                double correlation = correlation(expected, result);
                yield correlation >= LEAST_CORRELATION
                        ? Optional.empty()
                        : Optional.of("correlates by " + correlation + " only");
            }
        };
    }

    static double correlation(float[] a, float[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
