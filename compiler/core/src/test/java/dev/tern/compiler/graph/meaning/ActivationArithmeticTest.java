package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Evaluate.floats;
import static dev.tern.compiler.graph.meaning.Evaluate.integers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every line of the numerics reference's table of activations, computed by hand. */
class ActivationArithmeticTest {
    private static final Grid S4 = new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX);
    private static final Grid U4_ABSMAX = new Grid(new ElementType.Code(4, false), Grid.Rule.ABSMAX);
    private static final Grid U2 = new Grid(new ElementType.Code(2, false), Grid.Rule.MINMAX);
    private static final Grid U8 = new Grid(new ElementType.Code(8, false), Grid.Rule.MINMAX);

    @Test
    void signGivesPlusOneAtBothZeros() {
        assertThat(Evaluate.of(v -> new Operation.Sign(v[0]), Tensor.of(0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE)))
                .isEqualTo(integers(1, 1, 1, -1));
    }

    @Test
    void ternarizeIsStrict() {
        assertThat(Evaluate.of(v -> new Operation.Ternarize(v[0], 0.5f),
                Tensor.of(0.5f, -0.5f, Math.nextUp(0.5f), -Math.nextUp(0.5f), -0f)))
                .isEqualTo(integers(0, 0, 1, -1, 0));
    }

    @Test
    void absmaxDividesTheGreatestMagnitudeByTheHighestCode() {
        assertThat(scale(S4, -14f, 3f)).isEqualTo(Tensor.scalar(2f));
        assertThat(scale(U4_ABSMAX, 0f, 30f)).isEqualTo(Tensor.scalar(2f));
        assertThat(scale(S4, 0f, 0f)).isEqualTo(Tensor.scalar(1e-5f / 7));
    }

    @Test
    void minmaxIncludesZeroInTheRange() {
        assertThat(scale(U2, 3f, 6f)).isEqualTo(Tensor.scalar(2f));
        assertThat(zero(U2, 3f, 6f)).isEqualTo(Tensor.scalar(0));
        assertThat(scale(U2, -6f, -3f)).isEqualTo(Tensor.scalar(2f));
        assertThat(zero(U2, -6f, -3f)).isEqualTo(Tensor.scalar(3));
        assertThat(scale(U8, -1f, 1f)).isEqualTo(Tensor.scalar(2f / 255));
    }

    @Test
    void minmaxRoundsTheZeroPointHalfToEven() {
        // s = 6 / 3 = 2; 1 / 2 is a tie to 0, 3 / 2 a tie to 2.
        assertThat(zero(U2, -1f, 5f)).isEqualTo(Tensor.scalar(0));
        assertThat(zero(U2, -3f, 3f)).isEqualTo(Tensor.scalar(2));
    }

    @Test
    void anAllZeroRangeTakesScaleOne() {
        assertThat(scale(U8, 0f, 0f)).isEqualTo(Tensor.scalar(1f));
        assertThat(scale(U8, -0f, -0f)).isEqualTo(Tensor.scalar(1f));
        assertThat(zero(U8, -0f, -0f)).isEqualTo(Tensor.scalar(0));
        assertThat(scale(U8, 0f, Float.MIN_VALUE)).isEqualTo(Tensor.scalar(1f));
    }

    @Test
    void aKnownRangeNeedsAStepThatIsFiniteAndAboveZero() {
        assertThat(RangeArithmetic.fits(U8, 0f, 0f)).isTrue();
        assertThat(RangeArithmetic.fits(U8, -0f, 0f)).isTrue();
        assertThat(RangeArithmetic.fits(U8, 0f, 1e-42f)).isTrue();
        assertThat(RangeArithmetic.fits(U8, 0f, 1e-44f)).isFalse();
        assertThat(RangeArithmetic.fits(U2, 0f, Float.MIN_VALUE)).isFalse();
        assertThat(RangeArithmetic.fits(U8, 0f, Float.MAX_VALUE)).isTrue();
        assertThat(RangeArithmetic.fits(U8, -3e38f, 3e38f)).isFalse();
        assertThat(RangeArithmetic.step(U8, -3e38f, 3e38f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(RangeArithmetic.step(U8, 0f, 1e-44f)).isZero();
    }

    @Test
    void quantizeRoundsHalfToEvenAndSaturates() {
        assertThat(quantize(S4, 2f, 1f, 3f, 5f, -1f, -3f, 1e30f, -1e30f, 16f, -16f, -0f))
                .isEqualTo(integers(0, 2, 2, 0, -2, 7, -8, 7, -8, 0));
        assertThat(quantize(S4, Float.MIN_VALUE, 1f, -1f)).isEqualTo(integers(7, -8));
    }

    @Test
    void quantizeAddsTheZeroPointAfterRounding() {
        // rint(0.5) + 1 = 1 where rint(0.5 + 1) would be 2.
        assertThat(Evaluate.of(v -> new Operation.Quantize(v[0], v[1], Optional.of(v[2]), U2),
                Tensor.of(1f, 3f, -2f, -100f, 100f), Tensor.scalar(2f), Tensor.scalar(1)))
                .isEqualTo(integers(1, 3, 0, 0, 3));
    }

    @Test
    void aGivenScaleHasSignedUnsignedOrNarrowCodes() {
        assertThat(given(true, false, 0, 1.26f, -127.6f, 127.6f, 0.4f, -0.6f, -1f)).isEqualTo(
                integers(1, -128, 127, 0, -1, -1));
        assertThat(given(true, true, 0, -127.6f, 127.6f)).isEqualTo(integers(-127, 127));
        assertThat(given(false, false, 3, -3.4f, -4f, 0f, 251.5f, 252.6f)).isEqualTo(integers(0, 0, 3, 255, 255));
        assertThat(given(true, true, -5, -122f, -123f, 131.6f, 2f)).isEqualTo(integers(-127, -127, 127, -3));
    }

    /** Codes of 8 bits, 1 apart. */
    private static Tensor given(boolean signed, boolean narrow, int zero, float... x) {
        Grid grid = new Grid(new ElementType.Code(8, signed), Grid.Rule.GIVEN, narrow);
        return Evaluate.of(v -> new Operation.Quantize(v[0], v[1], Optional.of(v[2]), grid), Tensor.of(x),
                Tensor.scalar(1f), Tensor.scalar(zero));
    }

    /** What an overflow leaves: the code of NaN is 0 or -1, and no zero point is NaN. */
    @Test
    void infinitiesAndNaNHaveCodes() {
        float nan = Float.NaN;
        float infinity = Float.POSITIVE_INFINITY;
        assertThat(Evaluate.of(v -> new Operation.Sign(v[0]), Tensor.of(nan, infinity, -infinity)))
                .isEqualTo(integers(-1, 1, -1));
        assertThat(Evaluate.of(v -> new Operation.Ternarize(v[0], 0.5f), Tensor.of(nan, infinity, -infinity)))
                .isEqualTo(integers(0, 1, -1));
        assertThat(quantize(S4, 1f, nan, infinity, -infinity)).isEqualTo(integers(0, 7, -8));
        assertThat(quantize(S4, infinity, 1f, infinity, nan)).isEqualTo(integers(0, 0, 0));
        assertThat(Evaluate.of(v -> new Operation.Quantize(v[0], v[1], Optional.of(v[2]), U2),
                Tensor.of(nan, infinity), Tensor.scalar(2f), Tensor.scalar(2))).isEqualTo(integers(0, 3));
        assertThat(scale(U2, -3e38f, 3e38f)).isEqualTo(Tensor.scalar(infinity));
        assertThat(zero(U2, -3e38f, 3e38f)).isEqualTo(Tensor.scalar(0));
        assertThat(zero(U2, -infinity, 1f)).isEqualTo(Tensor.scalar(0));
        assertThat(zero(U2, nan, nan)).isEqualTo(Tensor.scalar(0));
        assertThat(Evaluate.of(v -> new Operation.MeasureRange(v[0], false), Tensor.of(1f, nan, -infinity)))
                .isEqualTo(Tensor.of(nan, nan));
    }

    @Test
    void rowsHaveScalesOfTheirOwn() {
        Tensor x = floats(Shape.of(2, 2), 7f, -3.5f, 0f, 14f);
        Tensor range = Evaluate.of(v -> new Operation.MeasureRange(v[0], true), x);
        assertThat(range).isEqualTo(floats(Shape.of(2, 2), -3.5f, 7f, 0f, 14f));
        Tensor scale = Evaluate.of(v -> new Operation.RangeScale(v[0], S4), range);
        assertThat(scale).isEqualTo(Tensor.of(1f, 2f));
        assertThat(Evaluate.of(v -> new Operation.Quantize(v[0], v[1], Optional.empty(), S4), x, scale))
                .isEqualTo(integers(Shape.of(2, 2), 7, -4, 0, 7));
    }

    @Test
    void dequantizeTakesTheZeroPointOff() {
        assertThat(Evaluate.of(v -> new Operation.Dequantize(v[0], v[1], Optional.of(v[2])), integers(0, 1, 3),
                Tensor.scalar(0.5f), Tensor.scalar(1))).isEqualTo(Tensor.of(-0.5f, 0f, 1f));
    }

    @Test
    void thresholdsCountInTheDirectionOfTheChannel() {
        Tensor x = floats(Shape.of(2, 2), 1f, 1f, -0f, -3f);
        Tensor thresholds = floats(Shape.of(2, 2), 0f, 1f, Float.NEGATIVE_INFINITY, 2f);
        assertThat(Meaning.evaluate(
                new Operation.Threshold(null, null, null, 0, 1, new ElementType.Code(2, false)), null,
                java.util.List.of(x, thresholds, integers(1, -1)))).isEqualTo(integers(Shape.of(2, 2), 2, 1, 1, 2));
    }

    @Test
    void thresholdsOfAccumulatorsCompareBeyondThirtyTwoBits() {
        Tensor x = integers(Shape.of(1, 1), Integer.MIN_VALUE);
        assertThat(Meaning.evaluate(new Operation.Threshold(null, null, null, -1, 2, ElementType.BIPOLAR),
                null, java.util.List.of(x, integers(Shape.of(1, 1), Integer.MAX_VALUE), integers(-1))))
                .isEqualTo(integers(Shape.of(1, 1), 1));
    }

    private static Tensor scale(Grid grid, float low, float high) {
        return Evaluate.of(v -> new Operation.RangeScale(v[0], grid), Tensor.of(low, high));
    }

    private static Tensor zero(Grid grid, float low, float high) {
        return Evaluate.of(v -> new Operation.RangeZero(v[0], grid), Tensor.of(low, high));
    }

    private static Tensor quantize(Grid grid, float scale, float... x) {
        return Evaluate.of(v -> new Operation.Quantize(v[0], v[1], Optional.empty(), grid), Tensor.of(x),
                Tensor.scalar(scale));
    }
}
