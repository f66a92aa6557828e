package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is dropped and what is not, at the edges. */
class SimplifyIdentitiesTest {
    private static final Code U8 = new Code(8, false);
    private static final Grid GRID = new Grid(U8, Grid.Rule.MINMAX);

    /** Whether the output is the input after the pass. */
    private static boolean dropped(TensorType type, BiFunction<GraphBuilder, ValueId, ValueId> steps) {
        Graph graph = Samples.graph(b -> steps.apply(b, b.input("x", type)));
        Graph after = new SimplifyIdentities().apply(graph, new Diagnostics());
        return Samples.output(after).operation() instanceof Operation.Input;
    }

    @Test
    void aConversionOfRealsAndNotOfIntegers() {
        BiFunction<GraphBuilder, ValueId, ValueId> convert = (b, x) -> b.add(new Operation.Rescale(x,
                Optional.empty(), Optional.empty()));
        assertThat(dropped(TensorType.f32(2), convert)).isTrue();
        assertThat(dropped(new TensorType(U8, Shape.of(2)), convert)).isFalse();
        assertThat(dropped(TensorType.f32(2), (b, x) -> b.add(new Operation.Rescale(x, Optional.of(b.constant(
                Tensor.scalar(2f))), Optional.empty())))).isFalse();
    }

    @Test
    void anAffineByOneAndMinusZero() {
        BiFunction<Float, Float, Boolean> affine = (scale, shift) -> dropped(TensorType.f32(2), (b, x) -> b.add(
                new Operation.Affine(x, b.constant(Tensor.of(1, scale)), b.constant(Tensor.of(-0f, shift)))));
        assertThat(affine.apply(1f, -0f)).isTrue();
        assertThat(affine.apply(1f, 0f)).isFalse();
        assertThat(affine.apply(2f, -0f)).isFalse();
    }

    @Test
    void movementsInOrder() {
        BiFunction<Integer, Integer, Boolean> transpose = (a, b) -> dropped(TensorType.f32(3, 3), (builder,
                x) -> builder
                        .add(new Operation.Transpose(x, List.of(a, b))));
        assertThat(transpose.apply(0, 1)).isTrue();
        assertThat(transpose.apply(1, 0)).isFalse();
        BiFunction<Integer, Integer, Boolean> gather = (a, b) -> dropped(TensorType.f32(2, 3), (builder, x) -> builder
                .add(new Operation.Gather(x, 0, List.of(a, b))));
        assertThat(gather.apply(0, 1)).isTrue();
        assertThat(gather.apply(1, 0)).isFalse();
        assertThat(gather.apply(0, 0)).isFalse();
    }

    private static boolean again(Function<GraphBuilder, ValueId> multiply, Function<GraphBuilder, ValueId> divide,
            Function<GraphBuilder, Optional<ValueId>> subtract, Function<GraphBuilder, Optional<ValueId>> add,
            Grid grid) {
        return dropped(new TensorType(U8, Shape.of(3, 2)), (b, x) -> b.add(new Operation.Quantize(b.add(
                new Operation.Dequantize(x, multiply.apply(b), subtract.apply(b))), divide.apply(b), add.apply(b),
                grid)));
    }

    private static boolean scaled(float multiply, float divide) {
        return again(b -> b.constant(Tensor.scalar(multiply)), b -> b.constant(Tensor.scalar(divide)),
                _ -> Optional.empty(), _ -> Optional.empty(), GRID);
    }

    @Test
    void codesOfTheirMultiples() {
        assertThat(scaled(0.3f, 0.3f)).isTrue();
        assertThat(scaled(0.3f, 0.4f)).isFalse();
        // Products of very small scales are no longer exact enough, and of very great ones infinite.
        assertThat(scaled(0x1.8p-60f, 0x1.8p-60f)).isTrue();
        assertThat(scaled(0x1p-60f, 0x1p-60f)).isFalse();
        assertThat(scaled(0x1.8p59f, 0x1.8p59f)).isTrue();
        assertThat(scaled(0x1p60f, 0x1p60f)).isFalse();
    }

    @Test
    void codesOfAnotherGrid() {
        Function<GraphBuilder, ValueId> half = b -> b.constant(Tensor.scalar(0.5f));
        assertThat(again(half, half, _ -> Optional.empty(), _ -> Optional.empty(),
                new Grid(U8, Grid.Rule.MINMAX, 0, 254))).isFalse();
        assertThat(dropped(new TensorType(new Code(8, true), Shape.of(3)), (b, x) -> b.add(new Operation.Quantize(
                b.add(new Operation.Dequantize(x, half.apply(b), Optional.empty())), half.apply(b),
                Optional.empty(), new Grid(new Code(8, true), Grid.Rule.ABSMAX, -127, 127))))).isFalse();
    }

    @Test
    void aScaleThatIsNotKnownMayBeNone() {
        GraphBuilder builder = Samples.builder();
        ValueId x = builder.input("x", new TensorType(U8, Shape.of(3)));
        ValueId scale = builder.input("s", TensorType.f32());
        builder.output("y", builder.add(new Operation.Quantize(builder.add(new Operation.Dequantize(x, scale,
                Optional.empty())), scale, Optional.empty(), GRID)), List.of());
        Graph graph = builder.build();
        assertThat(new SimplifyIdentities().apply(graph, new Diagnostics())).isEqualTo(graph);
        assertThat(again(b -> b.constant(Tensor.scalar(0.5f)), b -> b.input("s", TensorType.f32()),
                _ -> Optional.empty(), _ -> Optional.empty(), GRID)).isFalse();
        // One scale of each row stands for others than one for all.
        assertThat(again(b -> b.constant(Tensor.scalar(0.5f)), b -> b.constant(Tensor.of(0.5f, 0.5f, 0.5f)),
                _ -> Optional.empty(), _ -> Optional.empty(), GRID)).isFalse();
    }

    private static boolean zeroed(Optional<Integer> subtract, Optional<Integer> add) {
        Function<GraphBuilder, ValueId> half = b -> b.constant(Tensor.scalar(0.5f));
        return again(half, half, b -> subtract.map(zero -> b.constant(Tensor.scalar(zero))),
                b -> add.map(zero -> b.constant(Tensor.scalar(zero))), GRID);
    }

    @Test
    void zeroPointsHaveToAgree() {
        assertThat(zeroed(Optional.of(3), Optional.of(3))).isTrue();
        assertThat(zeroed(Optional.of(3), Optional.of(4))).isFalse();
        assertThat(zeroed(Optional.of(3), Optional.empty())).isFalse();
        assertThat(zeroed(Optional.empty(), Optional.of(3))).isFalse();
    }
}
