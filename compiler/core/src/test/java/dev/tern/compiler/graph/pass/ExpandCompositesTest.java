package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Expansion;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpandCompositesTest {
    /** The relu of a value as one row, or nothing done to what is known to need none. */
    private record FlatRelu() implements Expansion {
        @Override
        public String name() {
            return "flat_relu";
        }

        @Override
        public String attributes() {
            return "";
        }

        @Override
        public TensorType type(List<TensorType> operands) {
            return TensorType.f32(operands.getFirst().shape().elements());
        }

        @Override
        public Tensor evaluate(List<Tensor> operands) {
            throw new AssertionError("not evaluated");
        }

        @Override
        public ValueId expand(NodeSink out, List<ValueId> operands) {
            ValueId x = operands.getFirst();
            ValueId relu = out.nonNegative(x) ? x : out.add(new Operation.Activation(ElementFunction.RELU, x));
            return out.reshaped(relu, Shape.of(out.type(x).shape().elements()));
        }
    }

    @Test
    void whatIsAddedTakesThePlaceOfTheOperation() {
        Graph graph = Samples.graph(b -> b.add(new Operation.Composite(new FlatRelu(),
                List.of(b.input("x", TensorType.f32(2, 3))))));
        Graph after = new ExpandComposites().apply(graph, new Diagnostics());
        assertThat(after.nodes()).extracting(node -> node.operation().getClass().getSimpleName())
                .containsExactly("Input", "Activation", "Reshape");
        assertThat(Samples.output(after).type()).isEqualTo(TensorType.f32(6));
        assertThat(Samples.output(after).origin()).isEqualTo(graph.nodes().getLast().origin());
    }
}
