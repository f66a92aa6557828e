package dev.tern.quantizer.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import org.junit.jupiter.api.Test;

/** Ranges that one can compute by hand. */
class RangeRuleTest {
    private static Grid bits(int bits) {
        return new Grid(new ElementType.Code(bits, false), Grid.Rule.MINMAX);
    }

    private static Range find(RangeRule rule, int bits, double percentile, float low, float high, float... values) {
        return rule.find(values, new Range(low, high), bits(bits), percentile);
    }

    @Test
    void minmaxTakesAll() {
        assertThat(find(RangeRule.MINMAX, 8, 50, -1, 3, -1, 3, 2)).isEqualTo(new Range(-1, 3));
    }

    @Test
    void percentileLeavesHalfOutAtEachEnd() {
        assertThat(find(RangeRule.PERCENTILE, 8, 50, -4, 4, 4, -3, -2, -1, 0, 1, 2, 3, -4))
                .isEqualTo(new Range(-2, 2));
        assertThat(find(RangeRule.PERCENTILE, 8, 50, 0, 4, 0, 1, 2, 3, 4)).isEqualTo(new Range(0, 3));
        // Place 0.9 * 1 between 0 and 10.
        assertThat(find(RangeRule.PERCENTILE, 8, 80, 0, 10, 0, 10)).isEqualTo(new Range(0, 9));
    }

    @Test
    void mseWeighsClippingAgainstRounding() {
        // One bit: 0 or h. 4 (1 - h)^2 + (2 - h)^2 is least at h = 6/5; with h = 2 each 1 would round to 0.
        assertThat(find(RangeRule.MSE, 1, 100, 0, 2, 1, 1, 2, 1, 1)).isEqualTo(new Range(0, 1.2f));
        // Nothing is better than what is exact.
        assertThat(find(RangeRule.MSE, 2, 100, 0, 3, 0, 1, 2, 3)).isEqualTo(new Range(0, 3));
    }

    @Test
    void entropyCutsOffWhatIsFarAway() {
        float[] values = new float[4097];
        for (int i = 0; i < 4096; i++) {
            values[i] = i / 4096f;
        }
        values[4096] = 100;
        assertThat(RangeRule.ENTROPY.find(values, new Range(0, 100), bits(4), 100).high()).isLessThan(50);
        values[4096] = 1;
        assertThat(RangeRule.ENTROPY.find(values, new Range(0, 1), bits(4), 100)).isEqualTo(new Range(0, 1));
    }

    @Test
    void levelsKeepEmptyBinsEmpty() {
        assertThat(Divergence.levelled(new double[]{1, 0, 2, 3, 5, 3, 1, 7}, 2))
                .containsExactly(2, 0, 2, 2, 4, 4, 4, 4);
        // 1/4 ln(1/2) + 3/4 ln(3/2)
        assertThat(Divergence.between(new double[]{1, 3}, new double[]{2, 2})).isCloseTo(0.130812, within(1e-6));
    }

    @Test
    void noiseOfCodes() {
        Noise noise = Noise.of(new float[]{0, 1, 2, 2.5f}, new Range(0, 3), bits(2));
        assertThat(noise).isEqualTo(new Noise(11.25, 0.25));
        assertThat(noise.decibels()).isCloseTo(16.532, within(1e-3));
        // With a zero point of 1: -2 is clipped to -1.
        assertThat(Noise.of(new float[]{-2, 2}, new Range(-1, 2), bits(2))).isEqualTo(new Noise(8, 1));
    }

    @Test
    void nothingButZeros() {
        for (RangeRule rule : RangeRule.values()) {
            assertThat(find(rule, 4, 99, 0, 0, 0, 0, 0)).as(rule.word()).isEqualTo(new Range(0, 0));
        }
    }
}
