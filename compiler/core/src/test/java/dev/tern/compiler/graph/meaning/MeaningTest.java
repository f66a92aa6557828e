package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Evaluate.floats;
import static dev.tern.compiler.graph.meaning.Evaluate.integers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Operation.Statistic;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.compiler.graph.expansion.GroupNorm;
import dev.tern.compiler.graph.expansion.L2Norm;
import dev.tern.compiler.graph.expansion.LayerNorm;
import dev.tern.compiler.graph.expansion.RmsNorm;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value computed by hand for every operation: passes fold constants by these definitions. */
class MeaningTest {
    private static final ValueId A = new ValueId(0);
    private static final ValueId B = new ValueId(1);
    private static final ValueId C = new ValueId(2);
    private static final ValueId D = new ValueId(3);
    private static final Grid U2 = new Grid(new ElementType.Code(2, false), Grid.Rule.MINMAX);
    private static final WeightScheme TERNARY = new WeightScheme.Ternary(new WeightScheme.TernaryRule.Twn(),
            ScaleGranularity.CHANNEL);

    /** What has no value of its own: it is given, or refused. */
    private static final Set<Class<?>> WITHOUT_VALUE = Set.of(Operation.Input.class, Operation.Parameter.class,
            Operation.NotLowered.class);

    record Case(Operation operation, Tensor expected, Tensor... operands) {
        @Override
        public String toString() {
            return operation.toString();
        }
    }

    private static Case of(Operation operation, Tensor expected, Tensor... operands) {
        return new Case(operation, expected, operands);
    }

    static List<Case> cases() {
        return List.of(
                of(new Operation.Constant(Tensor.of(1f, 2f)), Tensor.of(1f, 2f)),
                // D = 0.7 * 3 = 2.1, so 2 is a zero; the scale is the mean of 4 and 3.
                of(new Operation.WeightCodes(A, TERNARY, Part.ALL), integers(Shape.of(1, 3), 1, 0, -1),
                        floats(Shape.of(1, 3), 4, 2, -3)),
                of(new Operation.WeightScale(A, TERNARY, Part.ALL), Tensor.of(3.5f), floats(Shape.of(1, 3), 4, 2, -3)),
                of(new Operation.MeasureRange(A, false), Tensor.of(-1f, 5f), Tensor.of(3f, -1f, 5f)),
                of(new Operation.RangeScale(A, U2), Tensor.scalar(2f), Tensor.of(-1f, 5f)),
                of(new Operation.RangeZero(A, U2), Tensor.scalar(2), Tensor.of(-3f, 3f)),
                of(new Operation.Quantize(A, B, Optional.of(C), U2), integers(0, 1, 3), Tensor.of(-9f, 0f, 4f),
                        Tensor.scalar(2f), Tensor.scalar(1)),
                of(new Operation.Dequantize(A, B, Optional.of(C)), Tensor.of(-2f, 4f), integers(0, 3),
                        Tensor.scalar(2f), Tensor.scalar(1)),
                // (5 - 1) << 2 times 1/2 is 8; (0 - 3) times -1/3 is 1.
                of(new Operation.CombineCodes(false, A, B, new CodeTerm(1, 2, 0.5, FixedPoint.Rounding.SINGLE),
                        new CodeTerm(3, 0, -1 / 3.0, FixedPoint.Rounding.SINGLE)), integers(9), integers(5), integers(
                                0)),
                of(new Operation.CombineCodes(true, A, B, new CodeTerm(1, 0, 1, FixedPoint.Rounding.DOUBLE),
                        new CodeTerm(3, 0, 1, FixedPoint.Rounding.DOUBLE)), integers(-12), integers(5), integers(0)),
                // (5 + 1) * -3 * 0.5 is -9; (3 - 2) * 1 * 0.5 rounds up; (100 - 2) / 2 is more than 40.
                of(new Operation.RescaleIntegers(A, Optional.of(B), Optional.of(C), new ScaleRatio(1, 2), -50, 40),
                        integers(Shape.of(1, 3), -9, 1, 40), integers(Shape.of(1, 3), 5, 3, 100),
                        Tensor.of(-3f, 1f, 1f), Tensor.of(1f, -2f, -2f)),
                of(new Operation.SumPool(A, Geometry.valid(1, 2, 2)), integers(Shape.of(1, 1, 1), 250),
                        integers(Shape.of(1, 2, 1), -5, 255)),
                of(new Operation.Sign(A), integers(1, -1), Tensor.of(-0f, -1f)),
                of(new Operation.Ternarize(A, 1f), integers(0, 1, -1), Tensor.of(1f, 2f, -2f)),
                of(new Operation.Dense(A, Optional.empty(), B), integers(3 - 8, 6), integers(3, 4, 0),
                        integers(Shape.of(2, 3), 1, -2, 5, 2, 0, 9)),
                // 3 * 1 + 4 * 5 and 3 * 2 + 4 * 6; less zero points 2 - 1 and 3 - 1 times 1 - 1, 2 - 1, ...
                of(new Operation.MatMul(A, Optional.empty(), B, Optional.empty()), floats(Shape.of(1, 2), 23, 30),
                        floats(Shape.of(1, 2), 3, 4), floats(Shape.of(2, 2), 1, 2, 5, 6)),
                of(new Operation.MatMul(A, Optional.of(C), B, Optional.of(D)), integers(Shape.of(1, 2), 8, 11),
                        integers(Shape.of(1, 2), 2, 3), integers(Shape.of(2, 2), 1, 2, 5, 6), Tensor.scalar(1),
                        Tensor.scalar(1)),
                // One row of each of two pairs.
                of(new Operation.MatMul(A, Optional.empty(), B, Optional.empty()), integers(Shape.of(2, 1, 1), 12, 20),
                        integers(Shape.of(2, 1, 1), 3, 4), integers(Shape.of(2, 1, 1), 4, 5)),
                of(new Operation.Conv(A, Optional.empty(), B, Geometry.valid(1, 2, 1), 1, Padding.ZERO),
                        integers(Shape.of(1, 2, 1), 12, 23), integers(Shape.of(1, 3, 1), 1, 2, 3),
                        integers(Shape.of(1, 1, 2, 1), 10, 1)),
                of(new Operation.Rescale(A, Optional.of(B), Optional.of(C)), floats(Shape.of(1, 2), 6, 40),
                        integers(Shape.of(1, 2), 1, 5), Tensor.scalar(2f), Tensor.of(3f, 4f)),
                // a = 6 / sqrt(3.75 + 0.25) = 3, b = 1 - 2 * 3
                of(new Operation.BatchNorm(A, B, C, new ValueId(3), new ValueId(4), 0.25), floats(Shape.of(1, 1), 10),
                        floats(Shape.of(1, 1), 5), Tensor.of(6f), Tensor.of(1f), Tensor.of(2f), Tensor.of(3.75f)),
                of(new Operation.Affine(A, B, C), floats(Shape.of(1, 2), 7, -8), floats(Shape.of(1, 2), 2, 3),
                        Tensor.of(3f, -3f), Tensor.of(1f, 1f)),
                of(new Operation.PRelu(A, B), floats(Shape.of(2, 2), 1, -1, -0.5f, 3),
                        floats(Shape.of(2, 2), 1, -4, -1, 3), Tensor.of(0.5f, 0.25f)),
                of(new Operation.Elementwise(BinaryFunction.ADD, A, B), Tensor.of(4f, -1f), Tensor.of(1f, -4f),
                        Tensor.scalar(3f)),
                of(new Operation.Elementwise(BinaryFunction.SUBTRACT, A, B), Tensor.of(-2f), Tensor.of(1f),
                        Tensor.of(3f)),
                of(new Operation.Elementwise(BinaryFunction.MULTIPLY, A, B), Tensor.of(-12f), Tensor.of(-4f),
                        Tensor.of(3f)),
                of(new Operation.Elementwise(BinaryFunction.DIVIDE, A, B),
                        Tensor.of(-2f, Float.NEGATIVE_INFINITY), Tensor.of(-4f, 4f), Tensor.of(2f, -0f)),
                of(new Operation.Elementwise(BinaryFunction.MINIMUM, A, B), Tensor.of(-0f, 2f), Tensor.of(0f, 2f),
                        Tensor.of(-0f, 3f)),
                of(new Operation.Elementwise(BinaryFunction.MAXIMUM, A, B), Tensor.of(0f, 3f), Tensor.of(0f, 2f),
                        Tensor.of(-0f, 3f)),
                of(new Operation.Activation(ElementFunction.RELU, A), Tensor.of(0f, 2f), Tensor.of(-1f, 2f)),
                of(new Operation.Activation(ElementFunction.SIGMOID, A), Tensor.of(0.5f, 0.73105858f),
                        Tensor.of(0f, 1f)),
                of(new Operation.Activation(ElementFunction.TANH, A), Tensor.of(-0f, 0.7615942f), Tensor.of(-0f, 1f)),
                of(new Operation.Activation(ElementFunction.SILU, A), Tensor.of(0f, 0.73105858f, -0.26894143f),
                        Tensor.of(0f, 1f, -1f)),
                of(new Operation.Activation(ElementFunction.GELU, A), Tensor.of(0f, 0.841192f, -0.15880801f),
                        Tensor.of(0f, 1f, -1f)),
                of(new Operation.Clip(A, -1, 2), Tensor.of(-1f, -0f, 2f), Tensor.of(-3f, -0f, 3f)),
                of(new Operation.MaxPool(A, Geometry.valid(1, 2, 2)), floats(Shape.of(1, 1, 1), 3),
                        floats(Shape.of(1, 2, 1), -1, 3)),
                of(new Operation.AvgPool(A, Geometry.valid(1, 2, 2)), floats(Shape.of(1, 1, 1), 1),
                        floats(Shape.of(1, 2, 1), -1, 3)),
                of(new Operation.Softmax(A), Tensor.of(0.5f, 0.5f, 0f), Tensor.of(9f, 9f, -200f)),
                of(new Operation.ArgMax(A), Tensor.scalar(1), Tensor.of(1f, 9f, 9f)),
                of(new Operation.Transpose(A, List.of(1, 0)), integers(Shape.of(2, 1), 1, 2),
                        integers(Shape.of(1, 2), 1, 2)),
                of(new Operation.Slice(A, 0, 1, 3), integers(2, 3), integers(1, 2, 3, 4)),
                of(new Operation.Gather(A, 1, List.of(2, 0, 0)), integers(Shape.of(1, 3), 7, 5, 5),
                        integers(Shape.of(1, 3), 5, 6, 7)),
                of(new Operation.RowStatistic(Statistic.MEAN, A), floats(Shape.of(2, 1), 2, -1),
                        floats(Shape.of(2, 2), 1, 3, -3, 1)),
                of(new Operation.RowStatistic(Statistic.MEAN_SQUARE, A), floats(Shape.of(1, 1), 12.5f),
                        floats(Shape.of(1, 2), 3, -4)),
                // Mean 2, variance 1, r = 1 / sqrt(1 + 3).
                of(new Operation.Composite(new LayerNorm(3), List.of(A, B, C)), floats(Shape.of(1, 2), -4, 6),
                        floats(Shape.of(1, 2), 1, 3), Tensor.of(10f, 10f), Tensor.of(1f, 1f)),
                // Mean square 12.5, r = 1 / sqrt(12.5 + 3.5).
                of(new Operation.Composite(new RmsNorm(3.5), List.of(A, B)), floats(Shape.of(1, 2), 1.5f, -3),
                        floats(Shape.of(1, 2), 3, -4), Tensor.of(2f, 3f)),
                // Two groups of two channels at two places: means 1 and 0, variances 1 and 0, r = 1 / sqrt(1 + 3).
                of(new Operation.Composite(new GroupNorm(2, 3), List.of(A, B, C)),
                        floats(Shape.of(2, 4), -0.5f, 1, 7, 7, 0.5f, -1, 7, 7),
                        floats(Shape.of(2, 4), 0, 2, 0, 0, 2, 0, 0, 0), Tensor.of(1f, 2f, 1f, 1f),
                        Tensor.of(0f, 0f, 7f, 7f)),
                of(new Operation.Composite(new L2Norm(1e-12f), List.of(A)),
                        floats(Shape.of(2, 2), 0.6f, -0.8f, 0, 0), floats(Shape.of(2, 2), 3, -4, 0, 0)),
                of(new Operation.Activation(ElementFunction.GELU_ERF, A),
                        Tensor.of(0f, 0.8413447f, -0.15865526f, -0.00012668497f), Tensor.of(-0f, 1f, -1f, -4f)),
                // Of 3 and 5, less the zero point, each meets two outputs; the last one meets nothing.
                of(new Operation.Composite(new ConvTranspose(1, 2, 1, 1, 0, 0, 1, 5, 1), List.of(A, B, C)),
                        integers(Shape.of(1, 5, 1), 3, 6, 5, 10, 0), integers(Shape.of(1, 2, 1), 4, 6),
                        integers(Shape.of(1, 1, 2, 1), 1, 2), Tensor.scalar(1)),
                // Taps three apart: 2 at places 0 and 3, and again, two further on, 5 times at places 2 and 5.
                of(new Operation.Composite(new ConvTranspose(1, 2, 1, 3, 0, 0, 1, 6, 1), List.of(A, B)),
                        integers(Shape.of(1, 6, 1), 2, 0, 5, 20, 0, 50), integers(Shape.of(1, 2, 1), 2, 5),
                        integers(Shape.of(1, 1, 2, 1), 1, 10)),
                // Two groups of one channel each.
                of(new Operation.Composite(new ConvTranspose(1, 1, 1, 1, 0, 0, 1, 2, 2), List.of(A, B)),
                        integers(Shape.of(1, 2, 2), 3, 50, 6, 70), integers(Shape.of(1, 2, 2), 3, 5, 6, 7),
                        integers(Shape.of(2, 1, 1, 1), 1, 10)),
                of(new Operation.Activation(ElementFunction.EXP, A), Tensor.of(1f, 2.7182817f), Tensor.of(0f, 1f)),
                of(new Operation.Activation(ElementFunction.SQRT, A), Tensor.of(3f, 0f, 0f),
                        Tensor.of(9f, -4f, -0f)),
                of(new Operation.Activation(ElementFunction.LOG, A), Tensor.of(0f, 0.6931472f, Float.NEGATIVE_INFINITY),
                        Tensor.of(1f, 2f, -1f)),
                of(new Operation.Activation(ElementFunction.SOFTPLUS, A), Tensor.of(0.6931472f, 100f, 0f),
                        Tensor.of(0f, 100f, -200f)),
                of(new Operation.Activation(ElementFunction.ABS, A), Tensor.of(0f, 3f),
                        Tensor.of(-0f, -3f)),
                of(new Operation.Activation(ElementFunction.RECIPROCAL, A), Tensor.of(0.25f, Float.NEGATIVE_INFINITY),
                        Tensor.of(4f, -0f)),
                of(new Operation.Activation(ElementFunction.HARDSIGMOID, A), Tensor.of(0f, 0f, 0.5f, 0.75f, 1f),
                        Tensor.of(-9f, -3f, 0f, 1.5f, 4f)),
                of(new Operation.Activation(ElementFunction.HARDSWISH, A), Tensor.of(-0f, -0.375f, 1.125f, 4f),
                        Tensor.of(-9f, -1.5f, 1.5f, 4f)),
                of(new Operation.Activation(ElementFunction.elu(1), A), Tensor.of(2f, -0.63212055f, 0f),
                        Tensor.of(2f, -1f, -0f)),
                of(new Operation.Activation(ElementFunction.inverseRoot(1e-5), A), Tensor.of(0.49999937f),
                        Tensor.of(4f)),
                of(new Operation.Concat(List.of(A, B), 0), integers(1, 2, 3), integers(1), integers(2, 3)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aValueComputedByHand(Case one) {
        assertThat(Evaluate.of(ids -> one.operation, one.operands)).isEqualTo(one.expected);
    }

    @Test
    void reshapeKeepsTheOrder() {
        TensorType type = new TensorType(ElementType.F32, Shape.of(2, 1));
        assertThat(Meaning.evaluate(new Operation.Reshape(A), type, List.of(Tensor.of(1f, 2f))))
                .isEqualTo(floats(Shape.of(2, 1), 1, 2));
    }

    /** m = 3 * 0.25 / 1.5 = 1/2: of 3 + 1, -1, -500 and 999, halves up; then zero point and range. */
    @Test
    void accumulatorsBecomeCodes() {
        Requantization rule = new Requantization(3, 1.5, FixedPoint.Rounding.DOUBLE, new ElementType.Code(8, true), 1,
                -2, 100);
        assertThat(Meaning.evaluate(new Operation.Requantize(A, Optional.of(B), Optional.of(C), rule), null,
                List.of(integers(Shape.of(1, 4), 3, -1, -500, 999), Tensor.of(0.25f, 0.25f, 0.25f, 0.25f),
                        Tensor.of(1f, 0f, 0f, 0f)))).isEqualTo(integers(Shape.of(1, 4), 3, 1, -2, 100));
    }

    @Test
    void aTableHasAnEntryForEachCode() {
        assertThat(Meaning.evaluate(
                new Operation.CodeTable(A, B, new ElementType.Code(2, true), new ElementType.Code(8, false)), null,
                List.of(integers(-2, 1), Tensor.of(10f, 20f, 30f, 40f)))).isEqualTo(integers(10, 40));
    }

    @Test
    void thresholdsAreCounted() {
        assertThat(Meaning.evaluate(new Operation.Threshold(A, B, C, 0, 1, new ElementType.Code(2, false)), null,
                List.of(integers(Shape.of(3, 1), 1, 2, 9), integers(Shape.of(1, 2), 2, 5), integers(1))))
                .isEqualTo(integers(Shape.of(3, 1), 0, 1, 2));
    }

    @Test
    void aStepIsAnEntryOfItsTable() {
        assertThat(Meaning.evaluate(new Operation.StepTable(A, B), null,
                List.of(Tensor.scalar(1), Tensor.of(6f, 7f)))).isEqualTo(Tensor.scalar(7f));
        assertThat(Meaning.evaluate(new Operation.StepTable(A, B), null,
                List.of(Tensor.scalar(1), floats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6)))).isEqualTo(Tensor.of(3f, 4f));
        assertThat(Meaning.evaluate(new Operation.StepTable(A, B), null,
                List.of(integers(2, 0, 2), floats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6))))
                .isEqualTo(floats(Shape.of(3, 2), 5, 6, 1, 2, 5, 6));
    }

    @Test
    void everyOperationAndFunctionHasACase() {
        Set<Class<?>> covered = new HashSet<>(WITHOUT_VALUE);
        covered.addAll(List.of(Operation.Reshape.class, Operation.CodeTable.class, Operation.Requantize.class,
                Operation.Threshold.class, Operation.StepTable.class));
        cases().forEach(one -> covered.add(one.operation.getClass()));
        assertThat(covered).containsAll(records(Operation.class).toList());
        assertThat(cases().stream().map(Case::operation).filter(Operation.Activation.class::isInstance)
                .map(o -> ((Operation.Activation) o).function())).containsAll(ElementFunction.ALL);
        assertThat(cases().stream().map(Case::operation).filter(Operation.Elementwise.class::isInstance)
                .map(o -> ((Operation.Elementwise) o).function())).contains(BinaryFunction.values());
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(MeaningTest::records)
                : Stream.of(type);
    }
}
