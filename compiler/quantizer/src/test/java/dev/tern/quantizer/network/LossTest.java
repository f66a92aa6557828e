package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.Shape;
import org.junit.jupiter.api.Test;

class LossTest {
    private static final Loss CROSS_ENTROPY = new Loss.CrossEntropy();

    private static Signal scores(float... values) {
        Signal scores = Signal.differentiable(2, Shape.of(values.length / 2));
        System.arraycopy(values, 0, scores.value, 0, values.length);
        return scores;
    }

    @Test
    void equalScoresCostTheLogarithmOfTheClasses() {
        Signal scores = scores(5, 5, 5, 5, 1, 1, 1, 1);
        float[] targets = {1, 0, 0, 0, 0, 0, 0, 1};
        assertThat(CROSS_ENTROPY.evaluate(scores, targets, 1)).isCloseTo(Math.log(4), within(1e-6));
        assertThat(CROSS_ENTROPY.of(scores, targets, 1)).isCloseTo(Math.log(4), within(1e-6));
    }

    @Test
    void theGradientOfCrossEntropyIsProbabilityLessTarget() {
        Signal scores = scores(0, 0, 1000, 0);
        CROSS_ENTROPY.evaluate(scores, new float[]{1, 0, 1, 0}, 1);
        assertThat(scores.gradient).containsExactly(-0.25f, 0.25f, 0, 0);
        CROSS_ENTROPY.evaluate(scores, new float[]{0.5f, 0.5f, 1, 0}, 0.5f);
        assertThat(scores.gradient).as("added").containsExactly(-0.25f, 0.25f, 0, 0);
    }

    @Test
    void meanSquare() {
        Signal numbers = scores(1, 2, 3, 5);
        assertThat(new Loss.MeanSquare().evaluate(numbers, new float[]{1, 0, 3, 4}, 1)).isEqualTo(5 / 4.0);
        assertThat(numbers.gradient).containsExactly(0, 1, 0, 0.5f);
        assertThat(new Loss.MeanSquare().of(numbers, new float[]{1, 0, 3, 4}, 1)).isEqualTo(2);
    }

    @Test
    void aTeacherWithTheSameScoresLeavesNothingToLearn() {
        Signal scores = scores(1, 2, -3, 5);
        assertThat(Loss.distil(scores, scores.value.clone(), 4, 1)).isCloseTo(0, within(1e-9));
        assertThat(scores.gradient).containsExactly(new float[4], within(1e-7f));
    }

    @Test
    void aTeacherPullsTowardsItsProbabilities() {
        Signal scores = scores(0, 0, 0, 0);
        // At temperature 2 the teacher's probabilities of the first example are 3/4 and 1/4.
        double loss = Loss.distil(scores, new float[]{(float) (2 * Math.log(3)), 0, 0, 0}, 2, 1);
        assertThat(loss).isCloseTo(4 * (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5)) / 2, within(1e-6));
        assertThat(scores.gradient).containsExactly(new float[]{-0.25f, 0.25f, 0, 0}, within(1e-6f));
    }

    /** Numbers have no temperature. */
    @Test
    void aTeacherOfNumbersPullsTowardsThem() {
        Signal numbers = scores(1, 2, 3, 5);
        assertThat(new Loss.MeanSquare().evaluate(numbers, new float[]{1, 0, 3, 4}, 3, 0.5f)).isEqualTo(5 / 8.0);
        assertThat(numbers.gradient).containsExactly(0, 0.5f, 0, 0.25f);
    }

    @Test
    void theFirstGreatestIsTheAnswer() {
        assertThat(Loss.first(new float[]{1, 1, 0, 0, 0, 2}, 0, 3)).isZero();
        assertThat(Loss.first(new float[]{1, 1, 0, 0, 0, 2}, 3, 3)).isEqualTo(2);
    }
}
