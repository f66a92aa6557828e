package dev.tern.compiler.graph.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixed-point factors against exact arithmetic. */
class FixedPointTest {
    @ParameterizedTest
    @CsvSource({"0.5, 1073741824, 0", "1, 1073741824, 1", "0.75, 1610612736, 0", "0.1, 1717986918, -3",
        "0.99999999999, 1073741824, 1", "-0.75, -1610612736, 0", "2.3283064365386963e-10, 1073741824, -31",
        "2e-10, 0, 0", "0, 0, 0"})
    void aFactorIsAMantissaAndAShift(double factor, int mantissa, int shift) {
        assertThat(FixedPoint.of(factor)).isEqualTo(new FixedPoint(mantissa, shift));
    }

    @Test
    void factorsThatDoNotFitAreRefused() {
        for (double factor : new double[]{Double.NaN, 0x1p30, -0x1p30, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> FixedPoint.of(factor)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A fourth of 5 is 1.25; of that double rounding makes 2.5, then 3, then 2. */
    @ParameterizedTest
    @CsvSource({"2, 0.75, 2, 2", "-2, 0.75, -1, -1", "6, 0.25, 2, 2", "-6, 0.25, -2, -1", "5, 0.25, 2, 1",
        "3, 2, 6, 6", "-3, 2, -6, -6"})
    void halves(int x, double factor, int twice, int once) {
        assertThat(FixedPoint.of(factor).times(x, Rounding.DOUBLE)).isEqualTo(twice);
        assertThat(FixedPoint.of(factor).times(x, Rounding.SINGLE)).isEqualTo(once);
    }

    @Test
    void randomProductsAreRoundedAsTheyAreDefined() {
        SplittableRandom random = new SplittableRandom(11);
        int different = 0;
        for (int i = 0; i < 100_000; i++) {
            FixedPoint factor = new FixedPoint(random.nextInt(1 << 30, Integer.MAX_VALUE), random.nextInt(-12, 1));
            int x = random.nextInt(-(1 << 20), 1 << 20);
            BigInteger product = BigInteger.valueOf(x).multiply(BigInteger.valueOf(factor.mantissa()));
            BigDecimal once = new BigDecimal(product).divide(new BigDecimal(BigInteger.TWO.pow(31 - factor.shift())));
            int single = once.add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR).intValueExact();
            BigDecimal high = new BigDecimal(product).divide(new BigDecimal(BigInteger.TWO.pow(31)))
                    .add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR);
            int twice = high.divide(new BigDecimal(BigInteger.TWO.pow(-factor.shift())))
                    .setScale(0, RoundingMode.HALF_UP).intValueExact();
            assertThat(factor.times(x, Rounding.SINGLE)).isEqualTo(single);
            assertThat(factor.times(x, Rounding.DOUBLE)).isEqualTo(twice);
            different += single == twice ? 0 : 1;
        }
        // The two ways differ now and then, which is why there are two.
        assertThat(different).isBetween(2_000, 6_000);
    }
}
