package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which steps before a sign belong to its chain, and how many columns it is evaluated in. */
class MonotoneChainTest {
    private static final TensorType REALS = TensorType.f32(2, 3);
    private static final TensorType CODES = new TensorType(new Code(8, false), Shape.of(2, 3));

    private static MonotoneChain chain(TensorType type, BiFunction<GraphBuilder, ValueId, ValueId> steps) {
        Graph graph = Samples.graph(b -> b.add(new Operation.Sign(steps.apply(b, b.input("x", type)))));
        Definitions definitions = Definitions.of(graph);
        return MonotoneChain.into(Quantizer.of(Samples.output(graph), definitions).orElseThrow(), definitions,
                Uses.of(graph));
    }

    private static int steps(TensorType type, BiFunction<GraphBuilder, ValueId, ValueId> steps) {
        return chain(type, steps).steps().size();
    }

    private static ValueId plus(GraphBuilder b, ValueId x, Tensor summand) {
        return b.add(new Elementwise(BinaryFunction.ADD, x, b.constant(summand)));
    }

    @Test
    void columnsAreChannelsWhereTheseDiffer() {
        assertThat(chain(REALS, (b, x) -> plus(b, x, Tensor.scalar(1f))).channels()).isEqualTo(1);
        assertThat(chain(REALS, (b, x) -> plus(b, x, Tensor.of(1))).channels()).isEqualTo(1);
        assertThat(chain(REALS, (b, x) -> b.add(new Operation.Clip(x, -1, 1))).channels()).isEqualTo(1);
        assertThat(chain(REALS, (b, x) -> plus(b, x, Tensor.of(1, 2, 3))).channels()).isEqualTo(3);
        assertThat(chain(REALS, (b, x) -> b.add(new Operation.Affine(x, b.constant(Tensor.of(1, 1, 1)),
                b.constant(Tensor.of(0, 0, 0))))).channels()).isEqualTo(3);
    }

    @Test
    void constantsAreOfAllElementsOrOfChannels() {
        assertThat(steps(REALS, (b, x) -> plus(b, x, Tensor.scalar(1f)))).isOne();
        assertThat(steps(REALS, (b, x) -> plus(b, x, Tensor.of(1, 2, 3)))).isOne();
        assertThat(steps(REALS, (b, x) -> plus(b, x, floats(Shape.of(1, 3))))).isOne();
        assertThat(steps(REALS, (b, x) -> plus(b, x, floats(Shape.of(2, 3))))).isZero();
        assertThat(steps(REALS, (b, x) -> plus(b, x, floats(Shape.of(2, 1))))).isZero();
        // What is broadcast along the constant has no channel of its own.
        assertThat(steps(TensorType.f32(2, 1), (b, x) -> plus(b, x, Tensor.of(1, 2, 3)))).isZero();
        assertThat(steps(REALS, (b, x) -> b.add(new Elementwise(BinaryFunction.ADD, b.constant(floats(Shape.of(2,
                3))), b.constant(Tensor.scalar(1f)))))).isZero();
    }

    private static Tensor floats(Shape shape) {
        return new Tensor.Floats(shape, new float[shape.elements()]);
    }

    /** A factor of shape [1, 1, 3] is one of each channel. */
    @Test
    void codesOfRowsOfChannels() {
        MonotoneChain chain = chain(TensorType.f32(1, 2, 3), (b, x) -> plus(b, plus(b, x, new Tensor.Floats(
                Shape.of(1, 1, 3), new float[]{0, 5, -5})), new Tensor.Floats(Shape.of(1, 1, 1), new float[]{1})));
        assertThat(chain.evaluate(new Tensor.Floats(Shape.of(2, 3), new float[]{-2, -7, 3, -1, -6, 4}))
                .orElseThrow()).containsExactly(-1, -1, -1, 1, 1, 1);
    }

    @Test
    void aSlopeOfZeroRisesAndOneBelowDoesNot() {
        BiFunction<float[], TensorType, Integer> prelu = (slopes, type) -> steps(type, (b, x) -> b.add(
                new Operation.PRelu(x, b.constant(Tensor.of(slopes)))));
        assertThat(prelu.apply(new float[]{0, 0.5f, 1}, REALS)).isOne();
        assertThat(prelu.apply(new float[]{0, -0.5f, 1}, REALS)).isZero();
        assertThat(prelu.apply(new float[]{1, Float.NEGATIVE_INFINITY, 1}, REALS)).isZero();
        assertThat(steps(REALS, (b, x) -> b.add(new Operation.PRelu(x, b.input("s", TensorType.f32(3)))))).isZero();
    }

    /** It jumps where its divisor passes 0, and a constant over it where it does. */
    @Test
    void aQuotientByConstantsOtherThanZeroIsAStep() {
        Function<float[], Integer> over = divisors -> steps(REALS, (b, x) -> b.add(new Elementwise(
                BinaryFunction.DIVIDE, x, b.constant(Tensor.of(divisors)))));
        assertThat(over.apply(new float[]{1, -2, 3})).isOne();
        assertThat(over.apply(new float[]{1, 0, 3})).isZero();
        assertThat(over.apply(new float[]{1, -0f, 3})).isZero();
        assertThat(steps(REALS, (b, x) -> b.add(new Elementwise(BinaryFunction.DIVIDE, b.constant(Tensor.scalar(1f)),
                x)))).isZero();
    }

    /** Of what may be NaN the sign is that of a number, and the ternary code is not. */
    @Test
    void ternaryCodesOfWhatMayBeNanAreLeft() {
        BiFunction<Boolean, Boolean, Boolean> fused = (nan, ternary) -> {
            Graph graph = Samples.graph(b -> {
                ValueId x = b.input("x", REALS);
                ValueId twice = b.add(new Elementwise(BinaryFunction.MULTIPLY, x, b.constant(Tensor.scalar(2f))));
                ValueId start = b.add(new Elementwise(BinaryFunction.SUBTRACT, nan ? twice : x, nan ? twice : x));
                ValueId more = plus(b, start, Tensor.scalar(0.5f));
                return b.add(ternary ? new Operation.Ternarize(more, 1) : new Operation.Sign(more));
            });
            Graph after = new FuseThresholds(15, 1 << 16).apply(graph, new Diagnostics());
            return Samples.output(after).operation() instanceof Operation.Threshold;
        };
        assertThat(fused.apply(false, true)).isTrue();
        assertThat(fused.apply(true, true)).isFalse();
        assertThat(fused.apply(false, false)).isTrue();
        assertThat(fused.apply(true, false)).isTrue();
    }

    @Test
    void oneScaleOfARescaleIsAStepAndOneOfEachRowIsNot() {
        BiFunction<Tensor, Tensor, Integer> rescale = (activations, weights) -> steps(CODES, (b, x) -> b.add(
                new Operation.Rescale(x, Optional.of(b.constant(activations)), Optional.of(b.constant(weights)))));
        assertThat(rescale.apply(Tensor.scalar(2f), Tensor.of(1, 2, 3))).isOne();
        assertThat(rescale.apply(Tensor.of(1, 2), Tensor.of(1, 2, 3))).isZero();
        assertThat(steps(CODES, (b, x) -> b.add(new Operation.Rescale(x, Optional.of(b.input("s", TensorType.f32())),
                Optional.empty())))).isZero();
    }

    private static int dequantized(BiFunction<GraphBuilder, ValueId, ValueId> scale,
            BiFunction<GraphBuilder, ValueId, Optional<ValueId>> zero) {
        return steps(CODES, (b, x) -> b.add(new Operation.Dequantize(x, scale.apply(b, x), zero.apply(b, x))));
    }

    @Test
    void multiplesOfCodesByOneConstantAreAStep() {
        BiFunction<GraphBuilder, ValueId, ValueId> half = (b, _) -> b.constant(Tensor.scalar(0.5f));
        assertThat(dequantized(half, (_, _) -> Optional.empty())).isOne();
        assertThat(dequantized(half, (b, _) -> Optional.of(b.constant(Tensor.scalar(3))))).isOne();
        assertThat(dequantized((b, _) -> b.constant(Tensor.of(1, 2)), (_, _) -> Optional.empty())).isZero();
        assertThat(dequantized((b, _) -> b.input("s", TensorType.f32()), (_, _) -> Optional.empty())).isZero();
        assertThat(dequantized(half, (b, _) -> Optional.of(b.constant(
                new Tensor.Integers(Shape.of(2), new int[]{1, 2}))))).isZero();
        assertThat(dequantized(half, (b, _) -> Optional.of(b.add(new Operation.RangeZero(b.input("r",
                TensorType.f32(2)), new Grid(new Code(8, false), Grid.Rule.MINMAX)))))).isZero();
    }

    @Test
    void multiplesOfCodesMayHaveOtherUsers() {
        Graph graph = Samples.graph(b -> {
            ValueId x = b.add(new Operation.Dequantize(b.input("x", CODES), b.constant(Tensor.scalar(0.5f)),
                    Optional.of(b.constant(Tensor.scalar(3)))));
            b.output("other", x, List.of());
            return b.add(new Operation.Sign(plus(b, x, Tensor.scalar(-1f))));
        });
        // 0.5 * (code - 3) - 1 is no less than 0 from 5 on; the first output is the other.
        Graph fused = new FuseThresholds(15, 1 << 16).apply(graph, new Diagnostics());
        Operation.Threshold threshold = (Operation.Threshold) fused.definitions()
                .get(fused.outputs().getLast().value()).operation();
        assertThat(fused.definitions().get(threshold.x()).operation()).isInstanceOf(Operation.Input.class);
        assertThat(fused.definitions().get(threshold.thresholds()).operation()).isEqualTo(new Operation.Constant(
                new Tensor.Integers(Shape.of(1, 1), new int[]{5})));
    }

    @Test
    void multiplesOfSignsAreNoStart() {
        Graph graph = Samples.graph(b -> b.add(new Operation.Sign(b.add(new Operation.Dequantize(b.add(
                new Operation.Sign(b.input("x", REALS))), b.constant(Tensor.scalar(0.5f)), Optional.empty())))));
        assertThat(new FuseThresholds(15, 1 << 16).apply(graph, new Diagnostics()))
                .isEqualTo(graph);
    }
}
