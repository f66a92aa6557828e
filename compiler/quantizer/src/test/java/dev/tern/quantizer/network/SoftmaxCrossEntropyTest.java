package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.Shape;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest {
    private static Signal scores(float... values) {
        Signal scores = Signal.differentiable(2, Shape.of(values.length / 2));
        System.arraycopy(values, 0, scores.value, 0, values.length);
        return scores;
    }

    @Test
    void equalScoresCostTheLogarithmOfTheClasses() {
        SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(scores(5, 5, 5, 5, 1, 1, 1, 1), 0f);
        assertThat(loss.evaluate(new int[]{0, 3})).isCloseTo(Math.log(4), within(1e-6));
    }

    @Test
    void gradientIsProbabilityLessTarget() {
        Signal scores = scores(0, 0, 1000, 0);
        new SoftmaxCrossEntropy(scores, 0f).evaluate(new int[]{0, 0});
        assertThat(scores.gradient).containsExactly(-0.25f, 0.25f, 0, 0);
    }

    @Test
    void smoothingSpreadsTheTarget() {
        Signal scores = scores(0, 0, 0, 0);
        new SoftmaxCrossEntropy(scores, 0.2f).evaluate(new int[]{0, 1});
        assertThat(scores.gradient).containsExactly(new float[]{-0.2f, 0.2f, 0.2f, -0.2f}, within(1e-6f));
    }

    @Test
    void theFirstGreatestScoreIsTheAnswer() {
        SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(scores(1, 1, 0, 0, 0, 2), 0f);
        assertThat(loss.hits(new int[]{0, 2}, 2)).isEqualTo(2);
        assertThat(loss.hits(new int[]{1, 2}, 2)).isEqualTo(1);
        assertThat(loss.hits(new int[]{0, 2}, 1)).isEqualTo(1);
    }
}
