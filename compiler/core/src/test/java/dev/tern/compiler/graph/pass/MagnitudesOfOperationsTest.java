package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Operation.Statistic;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Where NaN may come in values that texts do not reach, or not alone. */
class MagnitudesOfOperationsTest {
    private static final float GREATEST = Float.MAX_VALUE;
    private static final Code U8 = new Code(8, false);

    private enum Nan {
        /** No element is. */
        NONE,
        /** Some elements may be, beside numbers. */
        SOME,
        /** None, or all of them. */
        ALL
    }

    private static Nan nan(Function<GraphBuilder, ValueId> value) {
        GraphBuilder builder = new GraphBuilder("Sample", "sample.tern",
                new Origin("layer", new FilePosition("sample.tern", -1, "layer")));
        ValueId id = value.apply(builder);
        Magnitudes magnitudes = Magnitudes.of(builder.build());
        return magnitudes.mayHoldNaN(id) ? Nan.SOME : magnitudes.mayBeNaN(id) ? Nan.ALL : Nan.NONE;
    }

    private static ValueId times(GraphBuilder b, ValueId x, float factor) {
        return b.add(new Elementwise(BinaryFunction.MULTIPLY, x, b.constant(Tensor.scalar(factor))));
    }

    /** A value that makes NaN where the given one can be infinite. */
    private static ValueId timesZero(GraphBuilder b, ValueId x) {
        return times(b, x, 0);
    }

    private static ValueId row(GraphBuilder b) {
        return b.input("x", TensorType.f32(4));
    }

    @Test
    void ofWhatIsNotKnownYetNothingIs() {
        assertThat(nan(b -> b.parameter("w", ParameterRole.OTHER, Shape.of(2)))).isEqualTo(Nan.SOME);
        assertThat(nan(b -> {
            ValueId gamma = b.parameter("g", ParameterRole.GAMMA, Shape.of(4));
            return b.add(new Operation.BatchNorm(row(b), gamma, gamma, gamma, gamma, 1e-5f));
        })).isEqualTo(Nan.SOME);
        assertThat(nan(b -> b.add(new Operation.NotLowered("other", "nothing", List.of()), TensorType.f32(2))))
                .isEqualTo(Nan.SOME);
        assertThat(nan(b -> b.add(new Operation.WeightScale(b.parameter("w", ParameterRole.DENSE, Shape.of(2, 4)),
                new WeightScheme.Binary(ScaleGranularity.CHANNEL), Operation.Part.ALL)))).isEqualTo(Nan.SOME);
        assertThat(nan(b -> b.add(new Operation.Dense(row(b), Optional.empty(),
                b.parameter("w", ParameterRole.DENSE, Shape.of(2, 4)))))).isEqualTo(Nan.SOME);
    }

    @Test
    void aMeanOfARowWithAnInfinityOrOfNothingButNan() {
        assertThat(nan(b -> b.add(new Operation.RowStatistic(Statistic.MEAN, row(b))))).isEqualTo(Nan.NONE);
        assertThat(nan(b -> b.add(new Operation.RowStatistic(Statistic.MEAN, times(b, row(b), 2)))))
                .isEqualTo(Nan.SOME);
        assertThat(nan(b -> b.add(new Operation.RowStatistic(Statistic.MEAN, allNan(b))))).isEqualTo(Nan.SOME);
        assertThat(nan(b -> b.add(new Operation.RowStatistic(Statistic.MEAN_SQUARE, allNan(b)))))
                .isEqualTo(Nan.SOME);
    }

    /** Numbers from -1 to 1, or NaN, all of them: codes times the scale that was measured on infinities. */
    private static ValueId allNan(GraphBuilder b) {
        ValueId x = row(b);
        ValueId scale = scaleOf(b, x);
        ValueId codes = b.add(new Operation.Quantize(x, scale, Optional.empty(), absmax()));
        return b.add(new Operation.Clip(b.add(new Operation.Dequantize(codes, scale, Optional.empty())), -1, 1));
    }

    private static Grid absmax() {
        return new Grid(new Code(4, true), Grid.Rule.ABSMAX);
    }

    private static ValueId scaleOf(GraphBuilder b, ValueId x) {
        return b.add(new Operation.RangeScale(b.add(new Operation.MeasureRange(x, false)), absmax()));
    }

    @Test
    void aMeanOfSquaresIsTheSquareOfTheGreatest() {
        Function<Float, Nan> zeroTimesSquaresOf = factor -> nan(b -> timesZero(b, b.add(new Operation.RowStatistic(
                Statistic.MEAN_SQUARE, times(b, b.add(new Operation.Activation(ElementFunction.TANH, row(b))),
                        factor)))));
        assertThat(zeroTimesSquaresOf.apply(1e19f)).isEqualTo(Nan.NONE);
        assertThat(zeroTimesSquaresOf.apply(1e20f)).isEqualTo(Nan.SOME);
    }

    @Test
    void theScaleOfARangeIsANumberUpToHalfOfTheGreatest() {
        assertThat(nan(b -> scaleOf(b, b.constant(Tensor.of(GREATEST / 2))))).isEqualTo(Nan.NONE);
        assertThat(nan(b -> scaleOf(b, b.constant(Tensor.of(Math.nextUp(GREATEST / 2)))))).isEqualTo(Nan.ALL);
        assertThat(nan(b -> scaleOf(b, allNan(b)))).isEqualTo(Nan.ALL);
    }

    /** Two codes, each -1 or +1, times weights of 1. */
    private static ValueId sum(GraphBuilder b, ValueId x) {
        ValueId weights = b.constant(new Tensor.Integers(Shape.of(1, 4), new int[]{1, 1, 1, 1}), ElementType.BIPOLAR);
        return b.add(new Operation.Dense(b.add(new Operation.Sign(x)), Optional.empty(), weights));
    }

    private static Nan rescaled(float activationScale, float weightScale) {
        return nan(b -> b.add(new Operation.Rescale(sum(b, row(b)), Optional.of(b.constant(Tensor.scalar(
                activationScale))), Optional.of(b.constant(Tensor.of(weightScale))))));
    }

    @Test
    void aSumOfCodesTimesTwoScales() {
        assertThat(rescaled(1e30f, 1)).isEqualTo(Nan.NONE);
        // The product of the scales is infinite, and the sum may be 0.
        assertThat(rescaled(1e30f, 1e30f)).isEqualTo(Nan.SOME);
        assertThat(rescaled(1e30f, 1e-30f)).isEqualTo(Nan.NONE);
        assertThat(rescaled(GREATEST, 1)).isEqualTo(Nan.NONE);
        assertThat(rescaled(GREATEST, Math.nextUp(1f))).isEqualTo(Nan.SOME);
        assertThat(nan(b -> b.add(new Operation.Rescale(sum(b, row(b)), Optional.of(b.constant(Tensor.scalar(
                GREATEST))), Optional.empty())))).isEqualTo(Nan.NONE);
    }

    @Test
    void aSumOfCodesTimesAScaleOfItsWeights() {
        Function<Float, Nan> zeroTimes = scale -> nan(b -> timesZero(b, b.add(new Operation.Rescale(sum(b, row(b)),
                Optional.empty(), Optional.of(b.constant(Tensor.of(scale)))))));
        assertThat(zeroTimes.apply(0.2f * GREATEST)).isEqualTo(Nan.NONE);
        assertThat(zeroTimes.apply(0.3f * GREATEST)).isEqualTo(Nan.SOME);
    }

    @Test
    void anInfiniteScaleLeavesNothingButZeroOfTheCodesItMadeAlone() {
        // Signs are no codes of the scale: 1 times infinity, and 0 times it where they are summed.
        assertThat(nan(b -> {
            ValueId x = row(b);
            return b.add(new Operation.Rescale(sum(b, x), Optional.of(scaleOf(b, x)), Optional.empty()));
        })).isEqualTo(Nan.SOME);
        Grid grid = new Grid(U8, Grid.Rule.MINMAX);
        Function<Function<GraphBuilder, ValueId>, Nan> withZero = zero -> nan(b -> {
            ValueId x = row(b);
            ValueId range = b.add(new Operation.MeasureRange(x, false));
            ValueId scale = b.add(new Operation.RangeScale(range, grid));
            Optional<ValueId> point = Optional.of(zero.apply(b));
            ValueId codes = b.add(new Operation.Quantize(x, scale, point, grid));
            return b.add(new Operation.Dequantize(codes, scale, point));
        });
        assertThat(withZero.apply(b -> b.constant(Tensor.scalar(3)))).isEqualTo(Nan.SOME);
        assertThat(withZero.apply(b -> b.add(new Operation.RangeZero(b.add(new Operation.MeasureRange(b.input("y",
                TensorType.f32(4)), false)), grid)))).isEqualTo(Nan.SOME);
    }

    /** Two products of a code less its zero point and a weight. */
    private static Nan byFloats(int zero, float weight) {
        return nan(b -> {
            ValueId a = b.input("a", new TensorType(U8, Shape.of(2)));
            return b.add(new Operation.Dense(a, Optional.of(b.constant(Tensor.scalar(zero))),
                    b.constant(new Tensor.Floats(Shape.of(1, 2), new float[]{weight, 0}))));
        });
    }

    @Test
    void codesLessTheirZeroPointByFloats() {
        assertThat(byFloats(255, 0.0009f * GREATEST)).isEqualTo(Nan.NONE);
        assertThat(byFloats(255, 0.0015f * GREATEST)).isEqualTo(Nan.SOME);
        assertThat(byFloats(0, 0.0015f * GREATEST)).isEqualTo(Nan.NONE);
    }

    @Test
    void manySumsMayEachBeRoundedUp() {
        int terms = 1 << 20;
        Function<Float, Nan> sumUpTo = sum -> nan(b -> {
            float[] weights = new float[terms];
            Arrays.fill(weights, sum / terms);
            ValueId x = b.add(new Operation.Clip(b.input("x", TensorType.f32(terms)), -1, 1));
            return b.add(new Operation.Dense(x, Optional.empty(),
                    b.constant(new Tensor.Floats(Shape.of(1, terms), weights))));
        });
        assertThat(sumUpTo.apply(0.95f * GREATEST)).isEqualTo(Nan.SOME);
        assertThat(sumUpTo.apply(0.9f * GREATEST)).isEqualTo(Nan.NONE);
    }

    @Test
    void infinitiesOverInfinities() {
        Function<Float, Nan> overInfinity = factor -> nan(b -> b.add(new Elementwise(BinaryFunction.DIVIDE,
                times(b, row(b), factor), b.constant(Tensor.scalar(Float.POSITIVE_INFINITY)))));
        assertThat(overInfinity.apply(0.5f)).isEqualTo(Nan.NONE);
        assertThat(overInfinity.apply(2f)).isEqualTo(Nan.SOME);
    }
}
