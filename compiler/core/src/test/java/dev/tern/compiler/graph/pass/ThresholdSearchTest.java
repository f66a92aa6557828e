package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.ElementType;
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
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Thresholds of chains from integers of -50 to 50 in two channels, and what becomes of wrong ones. */
class ThresholdSearchTest {
    private static final ThresholdDomain DOMAIN = new ThresholdDomain.Integers(-50, 50);
    private static final int ALL = 2 * 101;

    private static ThresholdSearch search(BiFunction<GraphBuilder, ValueId, ValueId> chain) {
        Graph graph = Samples.graph(b -> {
            ValueId x = b.input("x", new TensorType(new Code(8, true), Shape.of(2)));
            return chain.apply(b, b.add(new Operation.Rescale(x, Optional.empty(), Optional.empty())));
        });
        Quantizer quantizer = Quantizer.of(Samples.output(graph), Definitions.of(graph)).orElseThrow();
        return new ThresholdSearch(MonotoneChain.into(quantizer, Definitions.of(graph), Uses.of(graph)), DOMAIN,
                quantizer.code());
    }

    private static ValueId minus(GraphBuilder b, ValueId x, Tensor summand) {
        return b.add(new Elementwise(BinaryFunction.SUBTRACT, x, b.constant(summand)));
    }

    private static ThresholdSearch signOf(Tensor summand) {
        return search((b, x) -> b.add(new Operation.Sign(minus(b, x, summand))));
    }

    private static ThresholdSearch.Result signs(int rows, int[] directions, int... thresholds) {
        return new ThresholdSearch.Result(
                new Tensor.Integers(Shape.of(rows, thresholds.length / rows), thresholds),
                new Tensor.Integers(Shape.of(rows), directions), -1, 2, ElementType.BIPOLAR);
    }

    @Test
    void channelsThatAgreeShareTheirThresholds() {
        assertThat(signOf(Tensor.of(10, 10)).find(15, ALL)).contains(signs(1, new int[]{1}, 10));
        assertThat(signOf(Tensor.scalar(10f)).find(15, ALL)).contains(signs(1, new int[]{1}, 10));
        assertThat(signOf(Tensor.of(10, 11)).find(15, ALL)).contains(signs(2, new int[]{1, 1}, 10, 11));
        // The sign of x and that of -x both begin at 0.
        assertThat(search((b, x) -> b.add(new Operation.Sign(b.add(new Elementwise(BinaryFunction.MULTIPLY, x,
                b.constant(Tensor.of(1, -1))))))).find(15, ALL)).contains(signs(2, new int[]{1, -1}, 0, 0));
    }

    @Test
    void asManyLevelsAsAreWorthIt() {
        Grid grid = new Grid(new Code(2, false), Grid.Rule.MINMAX);
        ThresholdSearch levels = search((b, x) -> b.add(new Operation.Quantize(x, b.constant(Tensor.scalar(10f)),
                Optional.empty(), grid)));
        assertThat(levels.find(2, ALL)).isEmpty();
        // Ties go to the even code.
        assertThat(levels.find(3, ALL)).contains(new ThresholdSearch.Result(
                new Tensor.Integers(Shape.of(1, 3), new int[]{6, 15, 26}),
                new Tensor.Integers(Shape.of(1), new int[]{1}), 0, 1, grid.code()));
    }

    private static boolean holds(ThresholdSearch search, int threshold, long exhaustive) {
        return search.holds(signs(1, new int[]{1}, threshold), new long[]{10, 10}, new boolean[2], exhaustive);
    }

    /** Thresholds that hold at 10, where they were found, and not at 30. */
    private static boolean holdsWithAnother(ThresholdSearch search, long exhaustive) {
        return search.holds(new ThresholdSearch.Result(new Tensor.Integers(Shape.of(1, 2), new int[]{10, 30}),
                new Tensor.Integers(Shape.of(1), new int[]{1}), -1, 2, new Code(3, true)), new long[]{10, 10},
                new boolean[2], exhaustive);
    }

    @Test
    void wrongThresholdsAreFaultsOfTheCompiler() {
        ThresholdSearch search = signOf(Tensor.of(10, 10));
        assertThat(holds(search, 10, ALL)).isTrue();
        assertThat(holds(search, 10, 0)).isTrue();
        for (int wrong : new int[]{9, 11, 40}) {
            for (int exhaustive : new int[]{0, ALL}) {
                assertThatThrownBy(() -> holds(search, wrong, exhaustive)).as("%d of %d", wrong, exhaustive)
                        .isInstanceOf(IllegalStateException.class).hasMessageContaining("where the chain gives");
            }
        }
    }

    @Test
    void ofFewValuesAllAreLookedAt() {
        ThresholdSearch search = signOf(Tensor.of(10, 10));
        assertThat(holdsWithAnother(search, ALL - 1)).isTrue();
        assertThatThrownBy(() -> holdsWithAnother(search, ALL)).isInstanceOf(IllegalStateException.class);
    }

    /** 0 times infinity; looked at among all values, and not three around 10. */
    @Test
    void whereAValueGivesNanNothingHolds() {
        ThresholdSearch search = search((b, x) -> b.add(new Operation.Sign(minus(b, b.add(new Elementwise(
                BinaryFunction.MULTIPLY, x, b.constant(Tensor.of(Float.POSITIVE_INFINITY, 1)))), Tensor.of(10, 10)))));
        assertThat(search.find(15, ALL)).isEmpty();
        assertThat(search.find(15, 0)).isEmpty();
        assertThat(search.holds(signs(2, new int[]{1, 1}, 1, 10), new long[]{10, 10}, new boolean[2], ALL)).isFalse();
        assertThat(search.holds(signs(2, new int[]{1, 1}, 1, 10), new long[]{10, 10}, new boolean[2], 0)).isTrue();
        assertThat(search.holds(signs(2, new int[]{1, 1}, 1, 10), new long[]{3, 10}, new boolean[2], 0)).isFalse();
        assertThat(search.holds(signs(2, new int[]{1, 1}, 1, 10), new long[]{4, 10}, new boolean[2], 0)).isTrue();
    }
}
