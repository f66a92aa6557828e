package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.testing.TernModels;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PropagateRangesTest {
    @Test
    void sumsBeyondThirtyTwoBitsAreReportedWhereTheyAreWritten() {
        String text = """
                model Wide(x: u8[90000]) -> (y: f32[1]) {
                    parameters "none.safetensors"
                    y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                }
                """;
        Graph graph = constantWeights(TernModels.unbound("wide.tern", text), 127);
        Diagnostics diagnostics = new Diagnostics();
        new PropagateRanges().apply(new FoldConstants().apply(graph, diagnostics), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEqualTo(
                """
                        error[T0903]: sums of 90000 products can reach 2914650000, which 32 bits do not hold
                         --> wide.tern:3:14
                          |
                        3 |     y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                          |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ \
                        this layer's sums
                          = help: fewer bits for its weights or activations, or fewer inputs for each output, \
                        keep the sums within 2147483647
                        """);
    }

    @Test
    void theSumsOfActualWeightsMayFitWhereTheirTypeWouldNot() {
        String text = """
                model Wide(x: u8[90000]) -> (y: f32[1]) {
                    parameters "none.safetensors"
                    y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                }
                """;
        Graph graph = constantWeights(TernModels.unbound("wide.tern", text), 1);
        Diagnostics diagnostics = new Diagnostics();
        Graph narrowed = new PropagateRanges().apply(new FoldConstants().apply(graph, diagnostics), diagnostics);
        assertThat(diagnostics.list()).isEmpty();
        assertThat(narrowed.nodes()).filteredOn(n -> n.operation() instanceof Operation.Dense)
                .extracting(n -> n.type().element())
                .containsExactly(new ElementType.Accumulator(0, 255L * 90000));
    }

    @Test
    void sumsFarBelowZeroAreReportedToo() {
        String text = """
                model Wide(x: u8[90000]) -> (y: f32[1]) {
                    parameters "none.safetensors"
                    y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                }
                """;
        Graph graph = constantWeights(TernModels.unbound("wide.tern", text), -127);
        Diagnostics diagnostics = new Diagnostics();
        new PropagateRanges().apply(new FoldConstants().apply(graph, diagnostics), diagnostics);
        assertThat(diagnostics.list()).singleElement().satisfies(found -> assertThat(found.message()).isEqualTo(
                "sums of 90000 products can reach 2914650000, which 32 bits do not hold"));
    }

    /** The type of the output, or of the sums behind it. */
    private static ElementType narrowed(Function<GraphBuilder, ValueId> value) {
        return Samples.output(new PropagateRanges().apply(Samples.graph(value), new Diagnostics())).type().element();
    }

    private static ValueId weights(GraphBuilder b, Shape shape, int... weights) {
        return b.constant(new Tensor.Integers(shape, weights), new Code(4, true));
    }

    @Test
    void codesThatAreKnownCountAsTheyAre() {
        assertThat(narrowed(b -> b.add(new Operation.Dense(b.constant(new Tensor.Integers(Shape.of(2), new int[]{1,
            2}), new Code(8, true)), Optional.empty(), weights(b, Shape.of(1, 2), 3, -1)))))
                .isEqualTo(new ElementType.Accumulator(3 * 1 - 2, 3 * 2 - 1));
    }

    @Test
    void codesOfThresholdsGoFromTheirBaseToTheLastLevel() {
        assertThat(narrowed(b -> {
            ValueId x = b.input("x", TensorType.f32(1));
            ValueId code = b.add(new Operation.Threshold(x, b.constant(new Tensor.Floats(Shape.of(1, 3),
                    new float[]{1, 2, 3})), b.constant(new Tensor.Integers(Shape.of(1), new int[]{1})), -1, 1,
                    new Code(4, true)));
            return b.add(new Operation.Dense(code, Optional.empty(), weights(b, Shape.of(1, 1), 2)));
        })).isEqualTo(new ElementType.Accumulator(-2, 4));
    }

    @Test
    void productsThatAreBothKnownAtRunTime() {
        Function<Boolean, ElementType> product = ternary -> narrowed(b -> {
            ValueId left = b.input("left", TensorType.f32(2, 3));
            ValueId codes = ternary
                    ? b.add(new Operation.Ternarize(left, 0.5f))
                    : b.input("codes", new TensorType(new Code(8, true), Shape.of(2, 3)));
            return b.add(new Operation.MatMul(codes, Optional.empty(),
                    b.input("right", new TensorType(new Code(8, false), Shape.of(3, 2))), Optional.empty()));
        });
        assertThat(product.apply(false)).isEqualTo(new ElementType.Accumulator(-3 * 128 * 255, 3 * 127 * 255));
        assertThat(product.apply(true)).isEqualTo(new ElementType.Accumulator(-3 * 255, 3 * 255));
    }

    @Test
    void theirSumsAreProvedToFitToo() {
        Diagnostics diagnostics = new Diagnostics();
        new PropagateRanges().apply(Samples.graph(b -> b.add(new Operation.MatMul(
                b.input("left", new TensorType(new Code(8, true), Shape.of(1, 70_000))), Optional.empty(),
                b.input("right", new TensorType(new Code(8, false), Shape.of(70_000, 1))), Optional.empty()))),
                diagnostics);
        assertThat(diagnostics.list()).singleElement().satisfies(found -> assertThat(found.message()).isEqualTo(
                "sums of 70000 products can reach 2284800000, which 32 bits do not hold"));
    }

    /** Of one pixel every tap but the middle one meets the padding alone. */
    @Test
    void tapsCountByWhatTheyMeet() {
        assertThat(narrowed(b -> b.add(new Operation.Conv(b.input("x", new TensorType(new Code(8, false),
                Shape.of(1, 1, 2))), Optional.empty(), weights(b, Shape.of(1, 1, 3, 2), 7, 7, 1, 2, 7, 7),
                new Geometry(1, 3, 1, 1, 1, 1, 0, 1, 0, 1), 1, Operation.Padding.ZERO))))
                .isEqualTo(new ElementType.Accumulator(0, 255 * 1 + 255 * 2));
    }

    private static Graph constantWeights(Graph graph, float value) {
        return graph.withNodes(graph.nodes().stream().map(node -> {
            if (!(node.operation() instanceof Operation.Parameter)) {
                return node;
            }
            float[] weights = new float[node.type().shape().elements()];
            java.util.Arrays.fill(weights, value);
            return new dev.tern.compiler.graph.Node(node.id(), node.type(), new Operation.Constant(
                    new Tensor.Floats(node.type().shape(), weights)), node.origin());
        }).toList());
    }
}
