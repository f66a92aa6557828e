package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.GraphVerifier;
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
import dev.tern.compiler.testing.RandomModels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * The fused answer equals the unfused one at every value that the accumulator can have: a row of n weights +1 over
 * signs sums to -n, -n + 2, ..., n, and all of these are given.
 */
class FuseThresholdsTest {
    private static final int INPUTS = 24;
    private static final int CHANNELS = 40;

    @Provide
    Arbitrary<Long> seeds() {
        return RandomModels.seeds();
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void everyReachableAccumulatorHasItsCode(@ForAll("seeds") long seed) {
        Graph graph = layer(new Random(seed));
        Graph fused = fuse(graph);
        assertThat(fused.nodes()).as(() -> GraphPrinter.print(fused))
                .anyMatch(n -> n.operation() instanceof Operation.Threshold);
        for (int positive = 0; positive <= INPUTS; positive++) {
            float[] x = new float[INPUTS];
            Arrays.fill(x, -1);
            Arrays.fill(x, 0, positive, 1);
            List<Tensor> inputs = List.of(Tensor.of(x));
            assertThat(GraphInterpreter.run(fused, inputs)).as(() -> GraphPrinter.print(fused))
                    .isEqualTo(GraphInterpreter.run(graph, inputs));
        }
    }

    @Example
    void aNegativeGammaTurnsTheComparisonAndAZeroGammaMakesAConstant() {
        // Sums of four signs: -4, -2, 0, 2, 4. gamma * sum + beta >= 0, with ties at 0.
        GraphBuilder builder = builder();
        ValueId sum = sums(builder, 4, 4);
        ValueId y = builder.add(new Operation.Affine(sum, builder.constant(Tensor.of(1, -1, 0, 0)),
                builder.constant(Tensor.of(-2, 2, 0, -1))));
        builder.output("y", builder.add(new Operation.Sign(y)), List.of());
        Graph fused = fuse(builder.build());
        var definitions = fused.definitions();
        Operation.Threshold threshold = (Operation.Threshold) definitions.get(fused.outputs().getFirst().value())
                .operation();
        assertThat(definitions.get(threshold.thresholds()).operation()).isEqualTo(
                new Operation.Constant(new Tensor.Integers(Shape.of(4, 1),
                        new int[]{2, -2, Integer.MIN_VALUE, Integer.MAX_VALUE})));
        assertThat(definitions.get(threshold.directions()).operation()).isEqualTo(
                new Operation.Constant(new Tensor.Integers(Shape.of(4), new int[]{1, -1, 1, 1})));
    }

    @Example
    void aValueWithAnotherUserIsNotFusedThrough() {
        GraphBuilder builder = builder();
        ValueId sum = sums(builder, 4, 1);
        builder.output("code", builder.add(new Operation.Sign(sum)), List.of());
        builder.output("sum", sum, List.of());
        assertThat(fuse(builder.build()).nodes()).noneMatch(n -> n.operation() instanceof Operation.Threshold);
    }

    /**
     * A slope below 0 falls, a quotient jumps where its divisor is 0, and a measured factor is other for each input.
     */
    @Example
    void onlyStepsThatRiseOrFallThroughoutAreFused() {
        assertThat(isFused((b, x) -> new Operation.PRelu(x, b.constant(Tensor.of(0, 0.5f))))).isTrue();
        assertThat(isFused((b, x) -> new Operation.PRelu(x, b.constant(Tensor.of(1, -0.5f))))).isFalse();
        assertThat(isFused((b, x) -> new Operation.PRelu(x, b.input("s", TensorType.f32(2))))).isFalse();
        assertThat(isFused((b, x) -> new Elementwise(BinaryFunction.DIVIDE, x, b.constant(Tensor.of(2, -3)))))
                .isTrue();
        assertThat(isFused((b, x) -> new Elementwise(BinaryFunction.DIVIDE, x, b.constant(Tensor.of(2, 0)))))
                .isFalse();
        assertThat(isFused((b, x) -> new Elementwise(BinaryFunction.DIVIDE, b.constant(Tensor.of(2, 3)), x)))
                .isFalse();
        assertThat(isFused((b, x) -> new Elementwise(BinaryFunction.ADD, x, b.input("s", TensorType.f32(2)))))
                .isFalse();
        assertThat(isFused((b, x) -> new Operation.Activation(ElementFunction.RELU, x))).isTrue();
        assertThat(isFused((b, x) -> new Operation.Activation(ElementFunction.GELU, x))).isFalse();
        assertThat(isFused((b, x) -> new Operation.Affine(x, b.constant(Tensor.of(2, -3)), b.constant(Tensor.of(1,
                1))))).isTrue();
        assertThat(isFused((b, x) -> new Operation.Affine(x, b.input("s", TensorType.f32(2)), b.constant(Tensor.of(1,
                1))))).isFalse();
    }

    /** Whether a sign takes the place of the step before it, whose own input it then looks at. */
    private static boolean isFused(BiFunction<GraphBuilder, ValueId, Operation> step) {
        GraphBuilder builder = builder();
        ValueId x = builder.input("x", TensorType.f32(2));
        ValueId sign = builder.add(new Operation.Sign(builder.add(step.apply(builder, x))));
        builder.output("y", sign, List.of());
        Graph fused = fuse(builder.build());
        return fused.definitions().get(fused.outputs().getFirst().value())
                .operation() instanceof Operation.Threshold threshold && threshold.x().equals(x);
    }

    @Example
    void moreLevelsThanAreWorthItStayAQuantizer() {
        GraphBuilder builder = builder();
        ValueId scale = builder.constant(Tensor.scalar(0.1f));
        ValueId codes = builder.add(new Operation.Quantize(sums(builder, 24, 1), scale, Optional.empty(),
                new Grid(new ElementType.Code(8, false), Grid.Rule.MINMAX)));
        builder.output("y", codes, List.of());
        assertThat(new FuseThresholds().apply(builder.build(), new Diagnostics()).nodes())
                .noneMatch(n -> n.operation() instanceof Operation.Threshold);
    }

    @Example
    void thresholdsOfRealsSplitThemAtTheVeryBit() {
        // 0.3f * x - 0.1f >= 0 begins at some float; the two around it must fall on their own sides.
        GraphBuilder builder = builder();
        ValueId x = builder.input("x", TensorType.f32(3));
        ValueId scaled = builder.add(new Elementwise(BinaryFunction.MULTIPLY,
                builder.constant(Tensor.scalar(-0.3f)), x));
        ValueId shifted = builder.add(new Elementwise(BinaryFunction.SUBTRACT, scaled,
                builder.constant(Tensor.scalar(0.1f))));
        builder.output("y", builder.add(new Operation.Sign(shifted)), List.of());
        Graph graph = builder.build();
        Graph fused = fuse(graph);
        float near = -0.1f / 0.3f;
        for (int distance = -4; distance <= 4; distance++) {
            float at = Float.intBitsToFloat(Float.floatToRawIntBits(near) + distance);
            List<Tensor> inputs = List.of(Tensor.of(at, -at, distance * (Float.MAX_VALUE / 4)));
            assertThat(GraphInterpreter.run(fused, inputs)).isEqualTo(GraphInterpreter.run(graph, inputs));
        }
        assertThat(fused.nodes()).anyMatch(n -> n.operation() instanceof Operation.Threshold);
    }

    private static Graph fuse(Graph graph) {
        Graph narrowed = new PropagateRanges().apply(graph, new Diagnostics());
        Graph fused = new FuseThresholds(255, 1 << 20).apply(narrowed, new Diagnostics());
        GraphVerifier.require(fused);
        return fused;
    }

    private static GraphBuilder builder() {
        return new GraphBuilder("Layer", "test", new Origin("layer", new FilePosition("test", -1, "")));
    }

    /** Channels that all hold the sum of the signs of n inputs. */
    private static ValueId sums(GraphBuilder builder, int inputs, int channels) {
        ValueId signs = builder.add(new Operation.Sign(builder.input("x", TensorType.f32(inputs))));
        int[] ones = new int[inputs * channels];
        Arrays.fill(ones, 1);
        ValueId weights = builder.constant(new Tensor.Integers(Shape.of(channels, inputs), ones),
                ElementType.BIPOLAR);
        ValueId sum = builder.add(new Operation.Dense(signs, Optional.empty(), weights));
        return builder.add(new Operation.Rescale(sum, Optional.empty(), Optional.empty()));
    }

    private static Graph layer(Random random) {
        GraphBuilder builder = builder();
        ValueId x = sums(builder, INPUTS, CHANNELS);
        int steps = 1 + random.nextInt(4);
        for (int i = 0; i < steps; i++) {
            x = step(builder, x, random);
        }
        builder.output("y", quantizer(builder, x, random), List.of());
        return builder.build();
    }

    private static ValueId step(GraphBuilder builder, ValueId x, Random random) {
        return builder.add(switch (random.nextInt(9)) {
            case 0, 1 -> new Operation.Affine(x, factors(builder, random), summands(builder, random));
            case 2 -> new Elementwise(BinaryFunction.ADD, x, summands(builder, random));
            case 3 -> new Elementwise(BinaryFunction.SUBTRACT, builder.constant(Tensor.scalar(0.5f)), x);
            case 4 -> new Elementwise(BinaryFunction.MULTIPLY, factors(builder, random), x);
            case 5 -> new Operation.Clip(x, -2.5f, 3);
            case 6 -> new Operation.PRelu(x, channels(builder, () -> random.nextInt(4) / 2f));
            case 7 -> new Elementwise(BinaryFunction.DIVIDE, x,
                    channels(builder, () -> (random.nextInt(4) + 1) * (random.nextBoolean() ? 0.75f : -0.5f)));
            default -> new Operation.Activation(ElementFunction.RELU, x);
        });
    }

    /** Halves of every sign with zeros among them, so that sums meet ties; or numbers of no pattern. */
    private static ValueId factors(GraphBuilder builder, Random random) {
        boolean ties = random.nextBoolean();
        return channels(builder, () -> ties ? (random.nextInt(5) - 2) / 2f : (float) random.nextGaussian());
    }

    private static ValueId summands(GraphBuilder builder, Random random) {
        boolean ties = random.nextBoolean();
        return channels(builder, () -> ties ? (random.nextInt(17) - 8) / 4f : (float) random.nextGaussian() * 3);
    }

    private static ValueId channels(GraphBuilder builder, java.util.function.Supplier<Float> element) {
        float[] values = new float[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            values[i] = element.get();
        }
        return builder.constant(Tensor.of(values));
    }

    private static ValueId quantizer(GraphBuilder builder, ValueId x, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> builder.add(new Operation.Sign(x));
            case 1 -> builder.add(new Operation.Ternarize(x, random.nextInt(3) / 2f));
            default -> {
                boolean signed = random.nextBoolean();
                ElementType.Code code = new ElementType.Code((signed ? 2 : 1) + random.nextInt(7), signed);
                Grid grid = new Grid(code, signed ? Grid.Rule.ABSMAX : Grid.Rule.MINMAX);
                ValueId scale = builder.constant(Tensor.scalar(random.nextBoolean() ? 0.5f : 0.37f));
                Optional<ValueId> zero = signed || random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(builder.constant(Tensor.scalar(random.nextInt(code.highest() + 1))));
                yield builder.add(new Operation.Quantize(x, scale, zero, grid));
            }
        };
    }
}
