package dev.tern.compiler.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The quotient that is rounded to a code beside that of a division, at the floats next to each place where the code
 * changes. Scales differ by powers of two alone from those of 1 to 2, of which there are 2^23; with both steps at 1,
 * which takes minutes, all of them are tried.
 */
class VectorQuantizerTest {
    private static final int SCALES = 1 << 23;
    private static final int ONE = Float.floatToRawIntBits(1f);
    /** Places on either side of a tie. */
    private static final int NEAR = 2;

    @Test
    void scalesOfFourBits() {
        assertThat(wrong(16, 31)).isZero();
    }

    @Test
    void scalesOfEightBits() {
        assertThat(wrong(256, 499)).isZero();
    }

    /** How many quotients are on the wrong side of a tie. @param ties how many there are, from 0.5 on */
    private static long wrong(int ties, int step) {
        long wrong = 0;
        for (int scale = 0; scale < SCALES; scale += step) {
            wrong += wrong(ties, Float.intBitsToFloat(ONE + scale));
        }
        return wrong;
    }

    private static int wrong(int ties, float scale) {
        float reciprocal = 1 / scale;
        float rest = VectorQuantizer.rest(scale);
        int wrong = 0;
        for (int k = 0; k < ties; k++) {
            int tie = Float.floatToRawIntBits((k + 0.5f) * scale);
            for (int near = -NEAR; near <= NEAR; near++) {
                float x = Float.intBitsToFloat(tie + near);
                float quotient = Math.fma(x, reciprocal, x * rest);
                wrong += quotient + QuantizerSteps.ROUNDING == x / scale + QuantizerSteps.ROUNDING ? 0 : 1;
            }
        }
        return wrong;
    }
}
