package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Evaluate.floats;
import static dev.tern.compiler.graph.meaning.Evaluate.integers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Products, rescaling and the operations after them, computed by hand. */
class ProductArithmeticTest {
    private static final Shape TWO_BY_THREE = Shape.of(2, 3);

    @Test
    void denseOfCodesSubtractsTheZeroPoint() {
        assertThat(Evaluate.of(v -> new Operation.Dense(v[0], Optional.of(v[2]), v[1]), integers(3, 0, 1),
                integers(TWO_BY_THREE, 1, -1, 0, -1, -1, 1), Tensor.scalar(1)))
                .isEqualTo(integers(2 + 1, -2 + 1 + 0));
    }

    @Test
    void denseOfRealsAddsInAscendingOrder() {
        // (2^24 + 1) + 1 stays at 2^24, 1 + 1 first would not.
        assertThat(Evaluate.of(v -> new Operation.Dense(v[0], Optional.empty(), v[1]), Tensor.of(0x1p24f, 1f, 1f),
                floats(Shape.of(1, 3), 1f, 1f, 1f))).isEqualTo(Tensor.of(0x1p24f));
        assertThat(Evaluate.of(v -> new Operation.Dense(v[0], Optional.empty(), v[1]), Tensor.of(1f, 1f, 0x1p24f),
                floats(Shape.of(1, 3), 1f, 1f, 1f))).isEqualTo(Tensor.of(0x1p24f + 2));
    }

    @Test
    void denseOfRealsRoundsEachProduct() {
        // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24 rounds to 1 + 2^-11; fused, the last bit would survive.
        float a = 1 + 0x1p-12f;
        assertThat(Evaluate.of(v -> new Operation.Dense(v[0], Optional.empty(), v[1]),
                Tensor.of(-(1 + 0x1p-11f), a), floats(Shape.of(1, 2), 1f, a))).isEqualTo(Tensor.of(0f));
    }

    @Test
    void anF32SumBeginsAtPlusZero() {
        assertThat(Evaluate.of(v -> new Operation.Dense(v[0], Optional.empty(), v[1]), Tensor.of(-0f),
                floats(Shape.of(1, 1), 1f))).isEqualTo(Tensor.of(0f));
    }

    @Test
    void paddingContributesNothingOrPlusOrMinusTheWeight() {
        // One row 1 2, kernel 1x3, one column of padding on each side.
        Tensor x = integers(Shape.of(1, 2, 1), 1, 2);
        Tensor w = integers(Shape.of(1, 1, 3, 1), 10, 20, 30);
        assertThat(conv(x, w, Padding.ZERO)).isEqualTo(integers(Shape.of(1, 2, 1), 20 + 60, 10 + 40));
        assertThat(conv(x, w, Padding.PLUS_ONE)).isEqualTo(integers(Shape.of(1, 2, 1), 90, 80));
        assertThat(conv(x, w, Padding.MINUS_ONE)).isEqualTo(integers(Shape.of(1, 2, 1), 70, 20));
    }

    @Test
    void convolutionStridesAndGroups() {
        // 3x3x2 counting up; two groups, stride 2, 1x1: channel c times w[c].
        int[] pixels = new int[18];
        for (int i = 0; i < 18; i++) {
            pixels[i] = i;
        }
        assertThat(Evaluate.of(
                v -> new Operation.Conv(v[0], Optional.empty(), v[1], Geometry.valid(1, 1, 2), 2, Padding.ZERO),
                integers(Shape.of(3, 3, 2), pixels), integers(Shape.of(4, 1, 1, 1), 1, 2, 3, -1)))
                .isEqualTo(integers(Shape.of(2, 2, 4), 0, 0, 3, -1, 4, 8, 15, -5, 12, 24, 39, -13, 16, 32, 51, -17));
    }

    @Test
    void rescaleMultipliesTheScalesFirst() {
        float a = 1 + 0x1p-12f;
        float w = 1 + 0x1p-12f;
        Tensor sums = Evaluate.of(v -> new Operation.Rescale(v[0], Optional.of(v[1]), Optional.of(v[2])),
                integers(3, 5), Tensor.scalar(a), Tensor.of(w, 1f));
        assertThat(sums).isEqualTo(Tensor.of((1 + 0x1p-11f) * 3, a * 5));
        assertThat(Evaluate.of(v -> new Operation.Rescale(v[0], Optional.empty(), Optional.empty()),
                Tensor.scalar(0x1000001))).isEqualTo(Tensor.scalar(0x1p24f));
    }

    /** Codes by f32: the code less its zero point becomes f32, each product is rounded, then added. */
    @Test
    void codesByFloatWeightsAreProductsOfF32() {
        Tensor sum = Evaluate.of(v -> new Operation.Dense(v[0], Optional.of(v[2]), v[1]), integers(3, 7, 2),
                floats(Shape.of(1, 3), 0.1f, 0.3f, -0.7f), Tensor.scalar(2));
        assertThat(sum).isEqualTo(Tensor.of(1f * 0.1f + 5f * 0.3f + 0f * -0.7f));
        assertThat(Evaluate.of(v -> new Operation.Dense(v[0], Optional.empty(), v[1]), Tensor.of(0.1f, 0.3f, -0.7f),
                integers(Shape.of(1, 3), 1, -1, 1))).isEqualTo(Tensor.of(0.1f - 0.3f + -0.7f));
    }

    @Test
    void batchNormComputesItsFactorsInDouble() {
        float variance = 3f;
        float a = (float) (2f / Math.sqrt(3 + 1e-5));
        float b = (float) (0.5 - 7.0 * a);
        assertThat(Evaluate.of(v -> new Operation.BatchNorm(v[0], v[1], v[2], v[3], v[4], 1e-5), Tensor.of(11f),
                Tensor.of(2f), Tensor.of(0.5f), Tensor.of(7f), Tensor.of(variance)))
                .isEqualTo(Tensor.of(a * 11f + b));
    }

    @Test
    void reluGivesPlusZeroAndMaxPoolPrefersIt() {
        assertThat(Evaluate.of(v -> new Operation.Activation(ElementFunction.RELU, v[0]), Tensor.of(-0f, -1f, 2f)))
                .isEqualTo(Tensor.of(0f, 0f, 2f));
        Tensor zeros = floats(Shape.of(1, 2, 1), -0f, 0f);
        assertThat(Evaluate.of(v -> new Operation.MaxPool(v[0], Geometry.valid(1, 2, 1)), zeros))
                .isEqualTo(floats(Shape.of(1, 1, 1), 0f));
    }

    @Test
    void clipKeepsTheSignOfAZeroInside() {
        assertThat(Evaluate.of(v -> new Operation.Clip(v[0], 0f, 6f), Tensor.of(-0f, -1f, 7f)))
                .isEqualTo(Tensor.of(-0f, 0f, 6f));
    }

    @Test
    void avgPoolDividesByTheTapsInside() {
        Geometry padded = new Geometry(2, 2, 2, 2, 1, 1, 1, 1, 0, 0);
        assertThat(Evaluate.of(v -> new Operation.AvgPool(v[0], padded), floats(Shape.of(1, 1, 1), 5f)))
                .isEqualTo(floats(Shape.of(1, 1, 1), 5f));
    }

    /** In f32 the ones would be lost beside 2^24, and two of the greatest would make an infinity. */
    @Test
    void meansAreSummedAndDividedInDoubleAndRoundedOnce() {
        assertThat(mean(0x1p24f, 1f, 1f, 1f)).isEqualTo(4194305f);
        assertThat(mean(Float.MAX_VALUE, Float.MAX_VALUE)).isEqualTo(Float.MAX_VALUE);
        assertThat(mean(1f, 1f, 0f)).isEqualTo(0.6666667f);
        float[] tenths = new float[512 * 512];
        Arrays.fill(tenths, 0.1f);
        assertThat(mean(tenths)).isEqualTo(0.1f);
    }

    @Test
    void theMeanOfMinusZerosIsPlusZero() {
        assertThat(Float.floatToRawIntBits(mean(-0f, -0f))).isZero();
    }

    private static float mean(float... x) {
        Tensor mean = Evaluate.of(v -> new Operation.AvgPool(v[0], Geometry.valid(1, x.length, 1)),
                floats(Shape.of(1, x.length, 1), x));
        return ((Tensor.Floats) mean).values()[0];
    }

    @Test
    void softmaxAndArgMaxWorkAlongTheLastAxis() {
        double e = (float) StrictMath.exp(-1);
        assertThat(Evaluate.of(v -> new Operation.Softmax(v[0]), Tensor.of(1f, 2f)))
                .isEqualTo(Tensor.of((float) (e / (e + 1)), (float) (1 / (e + 1))));
        assertThat(Evaluate.of(v -> new Operation.ArgMax(v[0]), floats(Shape.of(2, 3), 0f, 2f, 2f, -0f, 0f, -1f)))
                .isEqualTo(integers(1, 0));
    }

    /** Sixteen shares of 1.5e-8, each of which would be lost beside 1 in f32. */
    @Test
    void sharesAreSummedInDouble() {
        float[] x = new float[17];
        Arrays.fill(x, 1, 17, -18f);
        double e = (float) StrictMath.exp(-18);
        Tensor.Floats shares = (Tensor.Floats) Evaluate.of(v -> new Operation.Softmax(v[0]), Tensor.of(x));
        assertThat(shares.values()[0]).isEqualTo((float) (1 / (1 + 16 * e))).isLessThan(1f);
        assertThat(shares.values()[16]).isEqualTo((float) (e / (1 + 16 * e)));
    }

    /** NaN wins in relu and pools, is passed over by argmax unless it stands first, and fails every comparison. */
    @Test
    void aNaNGoesThroughFunctionsAndPools() {
        float nan = Float.NaN;
        assertThat(Evaluate.of(v -> new Operation.Activation(ElementFunction.RELU, v[0]), Tensor.of(nan, 1f)))
                .isEqualTo(Tensor.of(nan, 1f));
        assertThat(Evaluate.of(v -> new Operation.Clip(v[0], -1, 1), Tensor.of(nan, 2f))).isEqualTo(Tensor.of(nan, 1f));
        assertThat(Evaluate.of(v -> new Operation.MaxPool(v[0], Geometry.valid(1, 2, 1)),
                floats(Shape.of(1, 2, 1), nan, 5f))).isEqualTo(floats(Shape.of(1, 1, 1), nan));
        assertThat(Evaluate.of(v -> new Operation.ArgMax(v[0]), floats(Shape.of(2, 3), 1f, nan, 2f, nan, 3f, 4f)))
                .isEqualTo(integers(2, 0));
    }

    @Test
    void movementsMove() {
        Tensor x = floats(TWO_BY_THREE, 1, 2, 3, 4, 5, 6);
        assertThat(Evaluate.of(v -> new Operation.Transpose(v[0], List.of(1, 0)), x))
                .isEqualTo(floats(Shape.of(3, 2), 1, 4, 2, 5, 3, 6));
        assertThat(Evaluate.of(v -> new Operation.Slice(v[0], 1, 1, 3), x))
                .isEqualTo(floats(Shape.of(2, 2), 2, 3, 5, 6));
        assertThat(Evaluate.of(v -> new Operation.Concat(List.of(v[0], v[1]), 1), x,
                floats(Shape.of(2, 1), 9, 8))).isEqualTo(floats(Shape.of(2, 4), 1, 2, 3, 9, 4, 5, 6, 8));
    }

    @Test
    void elementwiseStretches() {
        assertThat(Evaluate.of(
                v -> new Operation.Elementwise(BinaryFunction.SUBTRACT, v[0], v[1]),
                floats(TWO_BY_THREE, 1, 2, 3, 4, 5, 6), floats(Shape.of(2, 1), 1, 2)))
                .isEqualTo(floats(TWO_BY_THREE, 0, 1, 2, 2, 3, 4));
    }

    private static Tensor conv(Tensor x, Tensor w, Padding padding) {
        Geometry geometry = new Geometry(1, 3, 1, 1, 1, 1, 0, 1, 0, 1);
        return Evaluate.of(v -> new Operation.Conv(v[0], Optional.empty(), v[1], geometry, 1, padding), x, w);
    }
}
