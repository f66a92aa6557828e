package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType.Code;
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

/** What is known of a quantizer's codes at compile time. */
class QuantizerTest {
    private static final Grid UNSIGNED = new Grid(new Code(4, false), Grid.Rule.MINMAX);
    private static final Grid SIGNED = new Grid(new Code(4, true), Grid.Rule.ABSMAX);

    private static Quantizer quantizer(Grid grid, Function<GraphBuilder, ValueId> scale,
            Function<GraphBuilder, Optional<ValueId>> zero) {
        Graph graph = Samples.graph(b -> b.add(new Operation.Quantize(b.input("x", TensorType.f32(2, 3)),
                scale.apply(b), zero.apply(b), grid)));
        return Quantizer.of(Samples.output(graph), Definitions.of(graph)).orElseThrow();
    }

    private static ValueId half(GraphBuilder b) {
        return b.constant(Tensor.scalar(0.5f));
    }

    private static ValueId given(GraphBuilder b) {
        return b.input("scale", TensorType.f32());
    }

    @Test
    void constantScalarsAreKnown() {
        Quantizer known = quantizer(UNSIGNED, QuantizerTest::half, b -> Optional.of(b.constant(Tensor.scalar(3))));
        assertThat(known.constant()).isTrue();
        assertThat(known.saturatesBelow(-1.5f)).isTrue();
        assertThat(known.saturatesBelow(-1f)).isFalse();
        assertThat(known.saturatesAbove(6)).isTrue();
        assertThat(known.saturatesAbove(5.5f)).isFalse();
    }

    @Test
    void aScaleOfEachRowIsNot() {
        Quantizer rows = quantizer(UNSIGNED, b -> b.constant(Tensor.of(0.5f, 1)), _ -> Optional.empty());
        assertThat(rows.constant()).isFalse();
    }

    @Test
    void anUnknownScaleSaturatesAtZeroWhereThatIsTheLowestCode() {
        Quantizer unknown = quantizer(UNSIGNED, QuantizerTest::given, _ -> Optional.empty());
        assertThat(unknown.constant()).isFalse();
        assertThat(unknown.saturatesBelow(0)).isTrue();
        assertThat(unknown.saturatesBelow(-1)).isTrue();
        assertThat(unknown.saturatesBelow(0.5f)).isFalse();
        assertThat(unknown.saturatesAbove(1e30f)).isFalse();
        assertThat(quantizer(SIGNED, QuantizerTest::given, _ -> Optional.empty()).saturatesBelow(0)).isFalse();
        assertThat(quantizer(UNSIGNED, QuantizerTest::given, b -> Optional.of(b.constant(Tensor.scalar(0))))
                .saturatesBelow(0)).isFalse();
    }

    @Test
    void signAndTernarizeNeedNoScale() {
        Graph graph = Samples.graph(b -> b.add(new Operation.Ternarize(b.input("x", new TensorType(
                TensorType.f32().element(), Shape.of(2))), 0.5f)));
        Quantizer ternarize = Quantizer.of(Samples.output(graph), Definitions.of(graph)).orElseThrow();
        assertThat(ternarize.saturatesBelow(-0.75f)).isTrue();
        assertThat(ternarize.saturatesBelow(0)).isFalse();
        assertThat(ternarize.saturatesAbove(0.75f)).isTrue();
    }
}
