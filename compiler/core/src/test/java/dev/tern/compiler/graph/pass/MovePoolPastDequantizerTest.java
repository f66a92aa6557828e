package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Of which scales and zero points the greatest multiple is that of the greatest code. */
class MovePoolPastDequantizerTest {
    private static boolean moved(Function<GraphBuilder, ValueId> scale,
            Function<GraphBuilder, Optional<ValueId>> zero) {
        Graph graph = Samples.graph(b -> b.add(new Operation.MaxPool(b.add(new Operation.Dequantize(
                b.input("x", new TensorType(new Code(8, false), Shape.of(2, 2, 3))), scale.apply(b), zero.apply(b))),
                Geometry.valid(2, 2, 1))));
        Graph after = new MovePoolPastDequantizer().apply(graph, new Diagnostics());
        return Samples.output(after).operation() instanceof Operation.Dequantize;
    }

    private static boolean scaled(float scale) {
        return moved(b -> b.constant(Tensor.scalar(scale)), _ -> Optional.empty());
    }

    @Test
    void aScaleAboveZero() {
        assertThat(scaled(0.5f)).isTrue();
        assertThat(scaled(Float.MIN_VALUE)).isTrue();
        assertThat(scaled(0)).isFalse();
        assertThat(scaled(-0.5f)).isFalse();
        assertThat(moved(b -> b.input("s", TensorType.f32()), _ -> Optional.empty())).isFalse();
        assertThat(moved(b -> b.constant(Tensor.of(1, 2, 3, 4)), _ -> Optional.empty())).as("of each row").isFalse();
    }

    @Test
    void oneZeroPointThatIsKnown() {
        Function<GraphBuilder, ValueId> half = b -> b.constant(Tensor.scalar(0.5f));
        assertThat(moved(half, b -> Optional.of(b.constant(Tensor.scalar(3))))).isTrue();
        assertThat(moved(half, b -> Optional.of(b.add(new Operation.RangeZero(b.input("r", TensorType.f32(2)),
                new Grid(new Code(8, false), Grid.Rule.MINMAX))))))
                .isFalse();
        assertThat(moved(half, b -> Optional.of(b.constant(new Tensor.Integers(Shape.of(4), new int[]{1, 2, 3,
            4}))))).as("of each row").isFalse();
    }
}
