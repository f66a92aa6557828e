package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.verification.ModelVerifier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverflowingScaleTest {
    /** 1e30 * 1e30 is infinite, and 0 times that NaN, whose sign is -1; 1 and -1 give infinities. */
    @Test
    void theSignOfNothingTimesAnInfiniteScaleIsThatOfNan() {
        GraphBuilder graph = new GraphBuilder("Overflow", "overflow.tern",
                new Origin("y", new FilePosition("overflow.tern", -1, "y")));
        ValueId x = graph.input("x", new TensorType(new Code(8, true), Shape.of(2)));
        ValueId weights = graph.constant(new Tensor.Integers(Shape.of(1, 2), new int[]{1, 1}), new Code(2, true));
        ValueId product = graph.add(new Operation.Dense(x, Optional.empty(), weights));
        ValueId real = graph.add(new Operation.Rescale(product, Optional.of(graph.constant(Tensor.scalar(1e30f))),
                Optional.of(graph.constant(Tensor.scalar(1e30f)))));
        graph.output("y", graph.add(new Operation.Rescale(graph.add(new Operation.Sign(real)), Optional.empty(),
                Optional.empty())), List.of());
        Graph model = graph.build();
        List<List<Tensor>> inputs = List.of(input(3, -3), input(3, -2), input(-3, 2));
        ModelVerifier verifier = new ModelVerifier(model, inputs, true);
        verifier.passes(GraphPasses.standard(), new Diagnostics());
        assertThat(verifier.difference()).isEmpty();
        assertThat(verifier.outputs()).containsExactly(List.of(Tensor.of(-1f)), List.of(Tensor.of(1f)),
                List.of(Tensor.of(-1f)));
    }

    private static List<Tensor> input(int... codes) {
        return List.of(new Tensor.Integers(Shape.of(codes.length), codes));
    }
}
