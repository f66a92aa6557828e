package dev.tern.compiler.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The types that follow from operands, and what each rule refuses. */
class TypeInferenceTest {
    private static final ValueId X = new ValueId(0);
    private static final ValueId Y = new ValueId(1);
    private static final ValueId Z = new ValueId(2);
    private static final Code U4 = new Code(4, false);
    private static final Grid SIGNED = new Grid(new Code(4, true), Grid.Rule.ABSMAX);
    private static final Grid UNSIGNED = new Grid(U4, Grid.Rule.MINMAX);

    static Stream<Arguments> typed() {
        return Stream.of(
                typed("f32[2]", new Operation.MeasureRange(X, false), "f32[3, 5]"),
                typed("f32[3, 2]", new Operation.MeasureRange(X, true), "f32[3, 5]"),
                typed("f32[]", new Operation.RangeScale(X, SIGNED), "f32[2]"),
                typed("i32<0..15>[3]", new Operation.RangeZero(X, UNSIGNED), "f32[3, 2]"),
                typed("u4[3, 5]", new Operation.Quantize(X, Y, Optional.of(Z), UNSIGNED), "f32[3, 5]", "f32[3]",
                        "i32[]"),
                typed("f32[3, 5]", new Operation.Dequantize(X, Y, Optional.empty()), "u4[3, 5]", "f32[]"),
                typed("s1[4]", new Operation.Sign(X), "f32[4]"), typed("s2[4]", new Operation.Ternarize(X, 0),
                        "f32[4]"),
                typed("i32<-5..5>[3, 2]", new Operation.Dense(X, Optional.empty(), Y), "s1[3, 5]", "s1[2, 5]"),
                typed("i32<-75..75>[2]", new Operation.Dense(X, Optional.empty(), Y), "u4[5]", "s1[2, 5]"),
                // Codes less a zero point of -9..9 lie in -9..24.
                typed("i32<-120..120>[2]", new Operation.Dense(X, Optional.of(Z), Y), "u4[5]", "s1[2, 5]", "i32[]"),
                typed("f32[2, 3, 5]", new Operation.MatMul(X, Optional.empty(), Y, Optional.empty()), "f32[2, 3, 4]",
                        "f32[2, 4, 5]"),
                // Codes less -9..9 lie in -9..24, and in -10..10: four products of these.
                typed("i32<-960..960>[3, 5]", new Operation.MatMul(X, Optional.of(Z), Y, Optional.of(Z)), "u4[3, 4]",
                        "s1[4, 5]", "i32[]", "i32[]"),
                typed("f32[2]", new Operation.Dense(X, Optional.empty(), Y), "f32[5]", "s1[2, 5]"),
                typed("i32<-18..18>[2, 2, 6]",
                        new Operation.Conv(X, Optional.empty(), Y, Geometry.valid(3, 3, 2), 3, Operation.Padding.ZERO),
                        "s1[5, 6, 6]", "s1[6, 3, 3, 2]"),
                typed("f32[4, 6]", new Operation.Elementwise(BinaryFunction.ADD, X, Y), "f32[4, 1]", "f32[6]"),
                typed("i32<0..9>[4]", new Operation.ArgMax(X), "f32[4, 10]"),
                typed("f32[]", new Operation.StepTable(X, Y), "step[3][]", "f32[3]"),
                typed("f32[5, 4]", new Operation.StepTable(X, Y), "step[3][5]", "f32[3, 4]"),
                typed("f32[4, 2]", new Operation.StepTable(X, Y), "step[3][]", "f32[3, 4, 2]"),
                typed("f32[2, 3, 4]", new Operation.Transpose(X, List.of(2, 0, 1)), "f32[3, 4, 2]"),
                typed("u4[3, 2]", new Operation.Slice(X, 1, 3, 5), "u4[3, 5]"),
                typed("u4[3, 9]", new Operation.Concat(List.of(X, Y), 1), "u4[3, 5]", "u4[3, 4]")).map(Case::arguments);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("takes f32, not u4[3]", new Operation.Sign(X), "u4[3]"),
                refused("a zero point on the grid s4 absmax", new Operation.Quantize(X, Y, Optional.of(Z), SIGNED),
                        "f32[3]", "f32[]", "i32[]"),
                refused("a signed minmax grid", new Operation.RangeScale(X,
                        new Grid(new Code(4, true), Grid.Rule.MINMAX)), "f32[2]"),
                refused("one signed bit is no uniform grid", new Operation.RangeScale(X,
                        new Grid(ElementType.BIPOLAR, Grid.Rule.ABSMAX)), "f32[2]"),
                refused("a scale of type f32[5] beside [3, 5]", new Operation.Quantize(X, Y, Optional.empty(), SIGNED),
                        "f32[3, 5]", "f32[5]"),
                refused("a range has type f32[3]", new Operation.RangeScale(X, SIGNED), "f32[3]"),
                refused("dequantize takes codes", new Operation.Dequantize(X, Y, Optional.empty()), "f32[3]", "f32[]"),
                refused("dense of f32[5] by f32[2, 4]", new Operation.Dense(X, Optional.empty(), Y), "f32[5]",
                        "f32[2, 4]"),
                refused("a zero point beside f32[5]", new Operation.Dense(X, Optional.of(Z), Y), "f32[5]", "s1[2, 5]",
                        "i32[]"),
                refused("in 2 groups",
                        new Operation.Conv(X, Optional.empty(), Y, Geometry.valid(1, 1, 1), 2, Operation.Padding.ZERO),
                        "s1[4, 4, 3]", "s1[2, 1, 1, 1]"),
                refused("the window does not fit",
                        new Operation.Conv(X, Optional.empty(), Y, Geometry.valid(3, 3, 1), 1, Operation.Padding.ZERO),
                        "s1[2, 2, 1]", "s1[1, 3, 3, 1]"),
                refused("a zero point for each row",
                        new Operation.Conv(X, Optional.of(Z), Y, Geometry.valid(1, 1, 1), 1, Operation.Padding.ZERO),
                        "u4[3, 1, 1]", "s1[1, 1, 1, 1]", "i32[3]"),
                refused("a weight scale of type f32[3]",
                        new Operation.Rescale(X, Optional.empty(), Optional.of(Y)), "i32[4]", "f32[3]"),
                refused("do not broadcast", new Operation.Elementwise(BinaryFunction.ADD, X, Y), "f32[4]",
                        "f32[3]"),
                refused("per-channel operand f32[3]", new Operation.PRelu(X, Y), "f32[4]", "f32[3]"),
                refused("clip from 1.0 to 0.0", new Operation.Clip(X, 1, 0), "f32[4]"),
                refused("a threshold's step of 1",
                        new Operation.Threshold(X, Y, Z, -1, 1, ElementType.BIPOLAR), "i32[4]", "i32[4, 1]", "i1[4]"),
                refused("3 thresholds from 14 leave u4", new Operation.Threshold(X, Y, Z, 14, 1, U4), "i32[4]",
                        "i32[4, 3]", "i1[4]"),
                refused("float weights have neither codes nor scale",
                        new Operation.WeightCodes(X, new WeightScheme.Floating(), Operation.Part.ALL), "f32[2, 2]"),
                refused("a scale for each group of 8 weights",
                        new Operation.WeightScale(X, new WeightScheme.Binary(new ScaleGranularity.Group(8)),
                                Operation.Part.ALL),
                        "f32[2, 8]"),
                refused("part POSITIVE", new Operation.WeightCodes(X, new WeightScheme.Binary(ScaleGranularity.CHANNEL),
                        Operation.Part.POSITIVE), "f32[2, 8]"),
                refused("transpose of f32[3, 4] by [0, 0]", new Operation.Transpose(X, List.of(0, 0)), "f32[3, 4]"),
                refused("slice 2..9 of axis 0", new Operation.Slice(X, 0, 2, 9), "f32[3]"),
                refused("concat of f32[3, 5] and f32[4, 5]", new Operation.Concat(List.of(X, Y), 1), "f32[3, 5]",
                        "f32[4, 5]"),
                refused("concat of u4 and f32", new Operation.Concat(List.of(X, Y), 0), "u4[3]", "f32[3]"),
                refused("do not determine the type of reshape", new Operation.Reshape(X), "f32[3]"))
                .map(Case::arguments);
    }

    @ParameterizedTest
    @MethodSource("typed")
    void infers(String expected, Operation operation, List<TensorType> operands) {
        assertThat(TypeInference.of(operation, operands)).hasToString(expected);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(String message, Operation operation, List<TensorType> operands) {
        assertThatThrownBy(() -> TypeInference.of(operation, operands)).isInstanceOf(TypeRuleException.class)
                .hasMessageContaining(message);
    }

    private record Case(String text, Operation operation, List<TensorType> operands) {
        Arguments arguments() {
            return Arguments.of(text, operation, operands);
        }
    }

    private static Case typed(String type, Operation operation, String... operands) {
        return new Case(type, operation, Stream.of(operands).map(TypeInferenceTest::type).toList());
    }

    private static Case refused(String message, Operation operation, String... operands) {
        return typed(message, operation, operands);
    }

    /** The type written {@code element[shape]}; i32 is -9..9, i1 -1..1. */
    private static TensorType type(String text) {
        int bracket = text.lastIndexOf('[');
        String shape = text.substring(bracket + 1, text.length() - 1);
        return new TensorType(element(text.substring(0, bracket)), shape.isEmpty()
                ? Shape.scalar()
                : Shape.of(Stream.of(shape.split(", ")).map(Integer::valueOf).toList()));
    }

    private static ElementType element(String text) {
        return switch (text) {
            case "f32" -> ElementType.F32;
            case "i32" -> new Accumulator(-9, 9);
            case "i1" -> new Accumulator(-1, 1);
            case "step[3]" -> new ElementType.StepIndex(3);
            default -> new Code(Integer.parseInt(text.substring(1)), text.startsWith("s"));
        };
    }
}
