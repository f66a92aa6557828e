package dev.tern.compiler.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.FilePosition;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphVerifierTest {
    private static final Origin ORIGIN = new Origin("body.conv", new FilePosition("test", -1, ""));

    @Test
    void printsOneNodeALine() {
        assertThat(GraphPrinter.print(quantizedConv())).isEqualTo("""
                graph Test {
                    %0: f32[4, 4, 2] = input "x"                             // body.conv
                    %1: f32[2] = measure_range %0                            // body.conv
                    %2: f32[] = range_scale %1 grid(s4 absmax)               // body.conv
                    %3: s4[4, 4, 2] = quantize %0, %2 grid(s4 absmax)        // body.conv
                    %4: s2[3, 1, 1, 2] = constant {1, 0, -1, -1, 0, 1}       // body.conv
                    %5: i32<-28..32>[2, 2, 3] = conv %3, %4 1x1 stride 2x2   // body.conv
                    %6: f32[2, 2, 3] = rescale %5, %2 by activations         // body.conv
                    output y = %6
                }
                """);
    }

    @Test
    void acceptsWhatTheBuilderBuilds() {
        assertThat(GraphVerifier.verify(quantizedConv())).isEmpty();
    }

    @Test
    void acceptsANarrowerAccumulatorAndNoWiderOne() {
        assertThat(GraphVerifier.verify(retyped(5, new ElementType.Accumulator(-7, 32)))).isEmpty();
        assertThat(GraphVerifier.verify(retyped(5, new ElementType.Accumulator(-7, 33)))).hasSize(1).first().asString()
                .contains("%5 (conv)", "i32<-7..33>", "i32<-28..32>");
    }

    @Test
    void collectsAllOffences() {
        Graph graph = quantizedConv();
        List<Node> nodes = new java.util.ArrayList<>(graph.nodes());
        nodes.set(1, new Node(new ValueId(1), TensorType.f32(3), nodes.get(1).operation(), ORIGIN));
        nodes.set(4, new Node(new ValueId(4), nodes.get(4).type(),
                new Operation.Constant(new Tensor.Integers(Shape.of(3, 1, 1, 2), new int[]{9, 0, 0, 0, 0, 0})),
                ORIGIN));
        nodes.add(new Node(new ValueId(6), TensorType.f32(), new Operation.Sign(new ValueId(40)), ORIGIN));
        Graph bad = graph.withNodes(nodes).withOutputs(List.of(new Graph.Output("y", new ValueId(77), List.of())));
        assertThat(GraphVerifier.verify(bad)).containsExactly(
                "%1 (measure_range) has type f32[3] where f32[2] follows",
                "%2 (range_scale) a range has type f32[3]", "%4 (constant) a constant has values outside s2",
                "%6 (sign) is defined twice", "output y is %77, which is not defined");
    }

    @Test
    void refusesThresholdsThatDescend() {
        GraphBuilder builder = new GraphBuilder("Test", "test", ORIGIN);
        ValueId x = builder.input("x", TensorType.f32(2));
        ValueId thresholds = builder.constant(new Tensor.Floats(Shape.of(1, 3), new float[]{1, 3, 2}));
        ValueId directions = builder.constant(new Tensor.Integers(Shape.of(1), new int[]{1}));
        ValueId y = builder
                .add(new Operation.Threshold(x, thresholds, directions, 0, 1, new ElementType.Code(2, false)));
        builder.output("y", y, List.of());
        assertThat(GraphVerifier.verify(builder.build()))
                .containsExactly("%3 (threshold) has thresholds that descend in channel 0");
    }

    @Test
    void refusesAPoolWindowAllInThePadding() {
        GraphBuilder builder = new GraphBuilder("Test", "test", ORIGIN);
        ValueId x = builder.input("x", TensorType.f32(4, 4, 1));
        Geometry geometry = new Geometry(2, 2, 2, 2, 1, 1, 2, 0, 0, 0);
        assertThatThrownBy(() -> builder.add(new Operation.MaxPool(x, geometry)))
                .isInstanceOf(TypeRuleException.class).hasMessageContaining("all in the padding");
    }

    private static Graph retyped(int index, ElementType element) {
        Graph graph = quantizedConv();
        List<Node> nodes = new java.util.ArrayList<>(graph.nodes());
        Node node = nodes.get(index);
        nodes.set(index, new Node(node.id(), new TensorType(element, node.type().shape()), node.operation(), ORIGIN));
        return graph.withNodes(nodes);
    }

    private static Graph quantizedConv() {
        Grid grid = new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX);
        GraphBuilder builder = new GraphBuilder("Test", "test", ORIGIN);
        ValueId x = builder.input("x", TensorType.f32(4, 4, 2));
        ValueId range = builder.add(new Operation.MeasureRange(x, false));
        ValueId scale = builder.add(new Operation.RangeScale(range, grid));
        ValueId codes = builder.add(new Operation.Quantize(x, scale, Optional.empty(), grid));
        ValueId weights = builder.constant(
                new Tensor.Integers(Shape.of(3, 1, 1, 2), new int[]{1, 0, -1, -1, 0, 1}), ElementType.TERNARY);
        ValueId sum = builder.add(new Operation.Conv(codes, Optional.empty(), weights, Geometry.valid(1, 1, 2), 1,
                Operation.Padding.ZERO));
        builder.output("y", builder.add(new Operation.Rescale(sum, Optional.of(scale), Optional.empty())), List.of());
        return builder.build();
    }
}
