package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import org.junit.jupiter.api.Test;

/** The values that thresholds are searched among, at their ends. */
class ThresholdDomainTest {
    @Test
    void integersLeaveRoomForWhatEveryAndNoValueReaches() {
        assertThat(supports(Integer.MIN_VALUE + 2L, 0)).isTrue();
        assertThat(supports(Integer.MIN_VALUE + 1L, 0)).isFalse();
        assertThat(supports(0, Integer.MAX_VALUE - 1L)).isTrue();
        assertThat(supports(0, Integer.MAX_VALUE)).isFalse();
    }

    private static boolean supports(long low, long high) {
        return ThresholdDomain.Integers.supports(new Accumulator(low, high));
    }

    @Test
    void thresholdsOfIntegers() {
        ThresholdDomain domain = new ThresholdDomain.Integers(-3, 7);
        assertThat(domain.first()).isEqualTo(-7);
        assertThat(domain.last()).isEqualTo(7);
        assertThat(domain.thresholds(new long[]{-7, -6, 7, 8}, Shape.of(1, 4))).isEqualTo(
                new Tensor.Integers(Shape.of(1, 4), new int[]{Integer.MIN_VALUE, -6, 7, Integer.MAX_VALUE}));
    }

    @Test
    void thresholdsOfFiniteFloats() {
        ThresholdDomain domain = new ThresholdDomain.Floats(2);
        long last = domain.last();
        assertThat(domain.thresholds(new long[]{domain.first(), domain.first() + 1, -1, 0, last, last + 1},
                Shape.of(1, 6))).isEqualTo(new Tensor.Floats(Shape.of(1, 6), new float[]{Float.NEGATIVE_INFINITY,
                    Math.nextUp(-2f), -0f, 0f, 2f, Float.POSITIVE_INFINITY}));
        assertThat(domain.expresses(new long[]{last + 1})).isTrue();
        assertThat(domain.values(new long[]{last, last}, new boolean[]{false, true}))
                .isEqualTo(new Tensor.Floats(Shape.of(1, 2), new float[]{2, -2}));
    }

    @Test
    void nothingLiesAboveInfinity() {
        ThresholdDomain domain = new ThresholdDomain.Floats(Float.POSITIVE_INFINITY);
        assertThat(domain.expresses(new long[]{0, domain.last()})).isTrue();
        assertThat(domain.expresses(new long[]{0, domain.last() + 1})).isFalse();
    }
}
