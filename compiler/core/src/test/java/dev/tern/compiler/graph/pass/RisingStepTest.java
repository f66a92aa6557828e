package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.interpreter.GraphInterpreter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The steps at whose edges the order of f32 matters to the last bit: a window of the sums -1 and -3, times a
 * weight scale. The greatest sum is -1.
 */
class RisingStepTest {
    private static final int MINUS_ZERO = Float.floatToRawIntBits(-0f);

    /** The least number above 0: half of it rounds to 0, half of three to twice of it. */
    private static final float LEAST = Float.MIN_VALUE;

    private record Pooled(boolean moved, int bits) {
    }

    @Test
    void aClipAtZeroIsNotMovedPast() {
        // The sum -1 becomes -0, which the clip leaves, and -3 less than 0, of which it makes +0.
        Pooled low = pooled(LEAST, (builder, x) -> builder.add(new Operation.Clip(halved(builder, x), 0, 6)));
        assertThat(low).isEqualTo(new Pooled(false, 0));
        Pooled high = pooled(LEAST, (builder, x) -> builder.add(new Operation.Clip(halved(builder, x), -6, 0)));
        assertThat(high.moved()).isFalse();
    }

    @Test
    void aClipElsewhereIs() {
        Pooled clipped = pooled(1, (builder, x) -> builder.add(new Operation.Clip(x, -3, 6)));
        assertThat(clipped).isEqualTo(new Pooled(true, Float.floatToRawIntBits(-1)));
    }

    @Test
    void aReluIs() {
        Pooled relu = pooled(LEAST, (builder, x) -> builder.add(new Operation.Activation(
                ElementFunction.RELU, halved(builder, x))));
        assertThat(relu.moved()).isTrue();
    }

    @Test
    void aProductWithANegativeNumberOrMinusZeroIsNot() {
        for (float factor : new float[]{-1, -0f}) {
            Pooled turned = pooled(1, (builder, x) -> times(builder, x, factor));
            assertThat(turned.moved()).as("times %s", factor).isFalse();
        }
        assertThat(pooled(1, (builder, x) -> times(builder, x, 0))).isEqualTo(new Pooled(true, MINUS_ZERO));
    }

    @Test
    void aQuotientByWhatIsAboveZeroIs() {
        assertThat(over(2, false)).isEqualTo(new Pooled(true, Float.floatToRawIntBits(-0.5f)));
        for (float divisor : new float[]{-2, 0, -0f}) {
            assertThat(over(divisor, false).moved()).as("over %s", divisor).isFalse();
        }
        assertThat(over(2, true).moved()).as("two over it").isFalse();
    }

    private static Pooled over(float number, boolean first) {
        return pooled(1, (builder, x) -> {
            ValueId constant = builder.constant(Tensor.scalar(number));
            return builder.add(new Elementwise(BinaryFunction.DIVIDE, first ? constant : x, first ? x : constant));
        });
    }

    @Test
    void aFunctionThatFallsAndRisesIsNot() {
        assertThat(pooled(1, (builder, x) -> builder.add(new Operation.Activation(ElementFunction.GELU, x))).moved())
                .isFalse();
    }

    @Test
    void twoValuesAreNot() {
        assertThat(pooled(1, (builder, x) -> builder.add(new Elementwise(BinaryFunction.ADD, x, x))).moved())
                .isFalse();
    }

    @Test
    void aConstantLessTheValueIsNot() {
        assertThat(pooled(1, (builder, x) -> builder.add(new Elementwise(BinaryFunction.SUBTRACT,
                builder.constant(Tensor.scalar(1f)), x)))).isEqualTo(new Pooled(false, Float.floatToRawIntBits(4)));
        assertThat(pooled(1, (builder, x) -> builder.add(new Elementwise(BinaryFunction.SUBTRACT, x,
                builder.constant(Tensor.scalar(1f)))))).isEqualTo(new Pooled(true, Float.floatToRawIntBits(-2)));
    }

    @Test
    void aScaleOfWeightsWithASignBitIsNot() {
        assertThat(pooled(-1, (_, x) -> x)).isEqualTo(new Pooled(false, Float.floatToRawIntBits(3)));
        assertThat(pooled(2, (_, x) -> x)).isEqualTo(new Pooled(true, Float.floatToRawIntBits(-2)));
    }

    /** Whether a rescale by an activation scale and a weight scale is such a step. */
    private static boolean rescales(Function<GraphBuilder, ValueId> activation,
            Function<GraphBuilder, ValueId> weights) {
        Graph graph = Samples.graph(b -> b.add(new Operation.Rescale(b.input("x", TensorType.f32(2, 3)),
                Optional.of(activation.apply(b)), Optional.of(weights.apply(b)))));
        return RisingStep.operand(Samples.output(graph), Definitions.of(graph)).isPresent();
    }

    private static ValueId measured(GraphBuilder b, boolean perRow) {
        return b.add(new Operation.RangeScale(b.add(new Operation.MeasureRange(b.input("v", TensorType.f32(2, 3)),
                perRow)), new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX)));
    }

    @Test
    void aRescaleByOneScaleThatIsAboveZeroIs() {
        Function<GraphBuilder, ValueId> two = b -> b.constant(Tensor.scalar(2f));
        Function<GraphBuilder, ValueId> channels = b -> b.constant(Tensor.of(1, 2, 0));
        assertThat(rescales(two, channels)).isTrue();
        assertThat(rescales(b -> measured(b, false), channels)).isTrue();
        assertThat(rescales(b -> b.constant(Tensor.scalar(-2f)), channels)).isFalse();
        assertThat(rescales(b -> b.input("s", TensorType.f32()), channels)).isFalse();
        assertThat(rescales(b -> measured(b, true), channels)).as("one of each row").isFalse();
        assertThat(rescales(b -> b.constant(Tensor.of(1, 2)), channels)).as("one of each row").isFalse();
        assertThat(rescales(two, b -> b.constant(Tensor.of(1, 2, -1)))).isFalse();
        assertThat(rescales(two, b -> b.input("w", TensorType.f32(3)))).isFalse();
    }

    private static ValueId halved(GraphBuilder builder, ValueId x) {
        return times(builder, x, 0.5f);
    }

    private static ValueId times(GraphBuilder builder, ValueId x, float factor) {
        return builder.add(new Elementwise(BinaryFunction.MULTIPLY, x, builder.constant(Tensor.scalar(factor))));
    }

    /** The greatest of the window, and whether the pass took it of the sums; both graphs give the same bits. */
    private static Pooled pooled(float weightScale, BiFunction<GraphBuilder, ValueId, ValueId> steps) {
        GraphBuilder builder = new GraphBuilder("Sample", "sample.tern",
                new Origin("layer", new FilePosition("sample.tern", -1, "layer")));
        ValueId codes = builder.add(new Operation.Sign(builder.input("x", TensorType.f32(1, 2, 3))));
        ValueId sums = builder.add(new Operation.Conv(codes, Optional.empty(),
                builder.constant(new Tensor.Integers(Shape.of(1, 1, 1, 3), new int[]{1, 1, 1}),
                        ElementType.BIPOLAR),
                Geometry.valid(1, 1, 1), 1, Operation.Padding.ZERO));
        ValueId scaled = builder.add(new Operation.Rescale(sums, Optional.empty(),
                Optional.of(builder.constant(Tensor.of(weightScale)))));
        builder.output("y", builder.add(new Operation.MaxPool(steps.apply(builder, scaled), Geometry.valid(1, 2, 1))),
                List.of());
        Graph graph = builder.build();
        Graph after = new PoolAccumulators().apply(graph, new Diagnostics());
        List<Tensor> inputs = List.of(new Tensor.Floats(Shape.of(1, 2, 3), new float[]{1, -1, -1, -1, -1, -1}));
        List<Tensor> outputs = GraphInterpreter.run(graph, inputs);
        assertThat(GraphInterpreter.run(after, inputs)).as(() -> GraphPrinter.print(after)).isEqualTo(outputs);
        return new Pooled(!after.equals(graph),
                Float.floatToRawIntBits(((Tensor.Floats) outputs.getFirst()).values()[0]));
    }
}
