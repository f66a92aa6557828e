package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.Shape;
import dev.tern.quantizer.network.Optimizer.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static TrainedParameter weights(String path, float limit) {
        Signal signal = Signal.differentiable(1, Shape.of(1, 2));
        signal.value[0] = 0.5f;
        signal.value[1] = -2f;
        signal.gradient[0] = 3f;
        signal.gradient[1] = -0.001f;
        return new TrainedParameter(path, signal, limit);
    }

    @Test
    void adamsFirstStepIsTheRateWhateverTheGradient() {
        TrainedParameter w = weights("w", Float.MAX_VALUE);
        new Optimizer(List.of(w), _ -> true, new Rule.Adam(), 0).step(0.1f);
        assertThat(w.signal().value).containsExactly(new float[]{0.4f, -1.9f}, within(1e-4f));
    }

    /** The root of (0.25 + 4) / 2 is 1.4577; of zeros it is a thousandth. */
    @Test
    void relativeStepsAreSharesOfTheTensorsSize() {
        TrainedParameter w = weights("w", Float.MAX_VALUE);
        TrainedParameter zero = weights("zero", Float.MAX_VALUE);
        zero.signal().value[0] = 0;
        zero.signal().value[1] = 0;
        new Optimizer(List.of(w, zero), _ -> true, new Rule.RelativeAdam(), 0).step(0.1f);
        assertThat(w.signal().value).containsExactly(new float[]{0.35423f, -1.85423f}, within(1e-4f));
        assertThat(zero.signal().value).containsExactly(new float[]{-1e-4f, 1e-4f}, within(1e-7f));
    }

    @Test
    void momentumAddsUp() {
        TrainedParameter w = weights("w", Float.MAX_VALUE);
        Optimizer sgd = new Optimizer(List.of(w), _ -> true, new Rule.Sgd(0.5f), 0);
        sgd.step(0.1f);
        // 3 + 0.5 * 3 with Nesterov's look ahead.
        assertThat(w.signal().value[0]).isCloseTo(0.5f - 0.45f, within(1e-6f));
        sgd.step(0.1f);
        assertThat(w.signal().value[0]).isCloseTo(0.05f - 0.1f * (3 + 0.5f * 4.5f), within(1e-6f));
    }

    @Test
    void weightsDecayButNotBinaryOnesAndStayWithinTheirLimit() {
        TrainedParameter w = weights("w", Float.MAX_VALUE);
        TrainedParameter binary = weights("b", 1);
        new Optimizer(List.of(w, binary), _ -> true, new Rule.Sgd(0), 0.5f).step(0.1f);
        assertThat(w.signal().value[0]).isCloseTo(0.5f * 0.95f - 0.3f, within(1e-6f));
        assertThat(binary.signal().value).containsExactly(new float[]{0.2f, -1f}, within(1e-6f));
    }

    @Test
    void whatIsNotChosenStays() {
        TrainedParameter w = weights("w", Float.MAX_VALUE);
        Optimizer optimizer = new Optimizer(List.of(w), path -> !path.equals("w"), new Rule.Adam(), 0.1f);
        optimizer.step(0.1f);
        assertThat(w.signal().value).containsExactly(0.5f, -2f);
        assertThat(optimizer.state()).isEmpty();
    }
}
