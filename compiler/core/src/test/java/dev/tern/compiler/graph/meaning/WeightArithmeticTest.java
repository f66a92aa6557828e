package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Evaluate.floats;
import static dev.tern.compiler.graph.meaning.Evaluate.integers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import org.junit.jupiter.api.Test;

/** Every line of the numerics reference's table of weights, computed by hand. */
class WeightArithmeticTest {
    private static final Shape TWO_BY_FOUR = Shape.of(2, 4);
    private static final Tensor.Floats W = floats(TWO_BY_FOUR, 0.5f, -0.25f, 0f, -1f, 2f, 4f, -0f, -2f);

    @Test
    void binaryIsTheSignWithPlusOneAtZeroAndTheMeanMagnitude() {
        WeightScheme scheme = new WeightScheme.Binary(ScaleGranularity.CHANNEL);
        assertThat(codes(scheme, W)).isEqualTo(integers(TWO_BY_FOUR, 1, -1, 1, -1, 1, 1, 1, -1));
        assertThat(scale(scheme, W)).isEqualTo(Tensor.of(1.75f / 4, 2f));
        assertThat(scale(new WeightScheme.Binary(ScaleGranularity.TENSOR), W)).isEqualTo(Tensor.scalar(9.75f / 8));
        assertThat(scale(new WeightScheme.Binary(ScaleGranularity.NONE), W)).isEqualTo(Tensor.scalar(1f));
    }

    @Test
    void twnZeroesWhatIsAtOrUnderItsThreshold() {
        // Channel 0: mean 0.4375, D = 0.30625; channel 1: mean 2, D = 1.4.
        WeightScheme scheme = ternary(new TernaryRule.Twn(), ScaleGranularity.CHANNEL);
        assertThat(codes(scheme, W)).isEqualTo(integers(TWO_BY_FOUR, 1, 0, 0, -1, 1, 1, 0, -1));
        assertThat(scale(scheme, W)).isEqualTo(Tensor.of(0.75f, (float) (8.0 / 3)));
    }

    @Test
    void twnOverTheTensorSharesOneThreshold() {
        // Mean 1.21875, D = 0.853125.
        WeightScheme scheme = ternary(new TernaryRule.Twn(), ScaleGranularity.TENSOR);
        assertThat(codes(scheme, W)).isEqualTo(integers(TWO_BY_FOUR, 0, 0, 0, -1, 1, 1, 0, -1));
        assertThat(scale(scheme, W)).isEqualTo(Tensor.scalar(9f / 4));
    }

    @Test
    void aWeightExactlyAtTheThresholdIsZeroAndAnEmptyChannelHasScaleZero() {
        WeightScheme scheme = ternary(new TernaryRule.Threshold(0.5f), ScaleGranularity.CHANNEL);
        Tensor.Floats w = floats(TWO_BY_FOUR, 1f, 0.5f, -0.5f, Math.nextUp(0.5f), 0f, 0f, 0f, -0f);
        assertThat(codes(scheme, w)).isEqualTo(integers(TWO_BY_FOUR, 1, 0, 0, 1, 0, 0, 0, 0));
        assertThat(scale(scheme, w)).isEqualTo(Tensor.of((float) ((1.0 + Math.nextUp(0.5f)) / 2), 0f));
    }

    @Test
    void absmeanRoundsHalfToEven() {
        // Mean |W| = 2: 1 / 2 and 3 / 2 are ties, to 0 and 2 (which saturates).
        WeightScheme scheme = ternary(new TernaryRule.AbsMean(), ScaleGranularity.TENSOR);
        Tensor.Floats w = floats(TWO_BY_FOUR, 1f, -1f, 3f, -3f, 2f, -2f, 4f, 0f);
        assertThat(codes(scheme, w)).isEqualTo(integers(TWO_BY_FOUR, 0, 0, 1, -1, 1, -1, 1, 0));
        assertThat(scale(scheme, w)).isEqualTo(Tensor.scalar(2f));
        assertThat(scale(scheme, floats(TWO_BY_FOUR, new float[8]))).isEqualTo(Tensor.scalar(1e-5f));
        assertThat(codes(ternary(new TernaryRule.AbsMean(), ScaleGranularity.NONE), W))
                .isEqualTo(integers(TWO_BY_FOUR, 0, 0, 0, -1, 1, 1, 0, -1));
    }

    @Test
    void ttqSplitsIntoTwoSignsWithAScaleEach() {
        // Channel 0: D = 0.25, channel 1: D = 1.
        WeightScheme scheme = ternary(new TernaryRule.Ttq(0.25f), ScaleGranularity.CHANNEL);
        assertThat(codes(scheme, Part.POSITIVE, W)).isEqualTo(integers(TWO_BY_FOUR, 1, 0, 0, 0, 1, 1, 0, 0));
        assertThat(codes(scheme, Part.NEGATIVE, W)).isEqualTo(integers(TWO_BY_FOUR, 0, 0, 0, -1, 0, 0, 0, -1));
        assertThat(scale(scheme, Part.POSITIVE, W)).isEqualTo(Tensor.of(0.5f, 3f));
        assertThat(scale(scheme, Part.NEGATIVE, W)).isEqualTo(Tensor.of(1f, 2f));
    }

    @Test
    void integersUseTheNarrowSymmetricGrid() {
        // Four bits: s = max / 7. In f32 1 / 7 lies above its real value, so 0.5 / s falls short of the tie at 3.5.
        WeightScheme scheme = new WeightScheme.Integer(4, ScaleGranularity.CHANNEL);
        assertThat(codes(scheme, W)).isEqualTo(integers(TWO_BY_FOUR, 3, -2, 0, -7, 3, 7, 0, -3));
        assertThat(scale(scheme, W)).isEqualTo(Tensor.of(1f / 7, 4f / 7));
        assertThat(scale(scheme, floats(TWO_BY_FOUR, new float[8]))).isEqualTo(Tensor.of(1f, 1f));
        assertThat(codes(new WeightScheme.Integer(2, ScaleGranularity.NONE), W))
                .isEqualTo(integers(TWO_BY_FOUR, 0, 0, 0, -1, 1, 1, 0, -1));
    }

    @Test
    void asymmetricIntegersUseTheirRangeAndLoseTheirZeroPoint() {
        // Two bits: of -1..0.5 the step is 0.5 and 0 is code 2; of -2..4 it is 2 and 0 is code 1. -0.25 / 0.5 is a tie.
        WeightScheme scheme = new WeightScheme.Asymmetric(2, ScaleGranularity.CHANNEL);
        assertThat(codes(scheme, W)).isEqualTo(integers(TWO_BY_FOUR, 1, 0, 0, -2, 1, 2, 0, -1));
        assertThat(scale(scheme, W)).isEqualTo(Tensor.of(0.5f, 2f));
        // Of -2..4 all share the step 2: 0.5 and -1 / 2 are ties too.
        assertThat(codes(new WeightScheme.Asymmetric(2, ScaleGranularity.TENSOR), W))
                .isEqualTo(integers(TWO_BY_FOUR, 0, 0, 0, 0, 1, 2, 0, -1));
        // What is nowhere below 0 has no zero point, what is nowhere above has the greatest.
        assertThat(codes(scheme, floats(TWO_BY_FOUR, 1, 3, 2, 1, -3, -1, -2, -2)))
                .isEqualTo(integers(TWO_BY_FOUR, 1, 3, 2, 1, -3, -1, -2, -2));
        assertThat(scale(scheme, floats(TWO_BY_FOUR, new float[8]))).isEqualTo(Tensor.of(1f, 1f));
    }

    private static WeightScheme ternary(TernaryRule rule, ScaleGranularity scale) {
        return new WeightScheme.Ternary(rule, scale);
    }

    private static Tensor codes(WeightScheme scheme, Tensor.Floats w) {
        return codes(scheme, Part.ALL, w);
    }

    private static Tensor codes(WeightScheme scheme, Part part, Tensor.Floats w) {
        return Evaluate.of(v -> new Operation.WeightCodes(v[0], scheme, part), w);
    }

    private static Tensor scale(WeightScheme scheme, Tensor.Floats w) {
        return scale(scheme, Part.ALL, w);
    }

    private static Tensor scale(WeightScheme scheme, Part part, Tensor.Floats w) {
        return Evaluate.of(v -> new Operation.WeightScale(v[0], scheme, part), w);
    }
}
