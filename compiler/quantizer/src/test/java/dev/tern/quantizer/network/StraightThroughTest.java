package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.quantizer.GraphSketch;
import dev.tern.quantizer.network.ActivationQuantizer.Dynamic;
import dev.tern.quantizer.network.ActivationQuantizer.Fixed;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What quantizers give forward, worked by hand from the numerics reference, and what they let through backward. */
class StraightThroughTest {
    private static final Grid SIGNED_ABSMAX = new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX);

    private float[] activations(ActivationQuantizer quantizer, int batch, float... x) {
        return run(quantizer, batch, x).value;
    }

    private float[] passed(ActivationQuantizer quantizer, float... x) {
        Signal input = signal(1, x);
        Signal codes = Signal.differentiable(1, input.shape);
        Signal scale = Signal.constant(1, Shape.scalar());
        QuantizeActivations layer = new QuantizeActivations(input, codes, scale, quantizer);
        layer.forward(Mode.TRAINING);
        // The gradient 1 of every real, which is the code times the scale.
        Arrays.fill(codes.gradient, scale.value[0]);
        layer.backward();
        return input.gradient;
    }

    /** The reals that the codes stand for. */
    private Signal run(ActivationQuantizer quantizer, int batch, float... x) {
        Signal input = signal(batch, x);
        Signal codes = Signal.differentiable(batch, input.shape);
        Signal scale = Signal.constant(quantizer instanceof Dynamic ? batch : 1, Shape.scalar());
        new QuantizeActivations(input, codes, scale, quantizer).forward(Mode.TRAINING);
        Signal reals = Signal.differentiable(batch, input.shape);
        new Rescale(codes, Optional.of(scale), Optional.empty(), reals).forward(Mode.TRAINING);
        return reals;
    }

    private static Signal signal(int batch, float... x) {
        Signal signal = Signal.differentiable(batch, Shape.of(x.length / batch));
        System.arraycopy(x, 0, signal.value, 0, x.length);
        return signal;
    }

    @Test
    void signIsPlusOneAtBothZeros() {
        assertThat(activations(new ActivationQuantizer.Sign(), 1, -2f, -0f, 0f, 0.1f)).containsExactly(-1, 1, 1, 1);
    }

    @Test
    void signPassesGradientsBetweenMinusOneAndOne() {
        assertThat(passed(new ActivationQuantizer.Sign(), -1.1f, -1f, 0.3f, 1f, 1.1f)).containsExactly(0, 1, 1, 1, 0);
    }

    @Test
    void theQuadraticGradientFallsFromTheMiddle() {
        Signal input = signal(1, -1.5f, -0.75f, 0f, 0.5f, 1f);
        Signal codes = Signal.differentiable(1, input.shape);
        QuantizeActivations layer = new QuantizeActivations(input, codes, Signal.constant(1, Shape.scalar()),
                new ActivationQuantizer.Sign());
        layer.signGradient(SignGradient.QUADRATIC);
        layer.forward(Mode.TRAINING);
        Arrays.fill(codes.gradient, 3f);
        layer.backward();
        assertThat(input.gradient).containsExactly(0, 1.5f, 6, 3, 0);
    }

    @Test
    void ternaryIsZeroUpToItsThreshold() {
        assertThat(activations(new ActivationQuantizer.Ternary(0.5f), 1, -0.6f, -0.5f, 0.5f, 0.6f))
                .containsExactly(-1, 0, 0, 1);
    }

    @Test
    void halvesRoundToEven() {
        Steps steps = new Steps(1f, 0, 0, 15);
        assertThat(activations(new Fixed(steps), 1, 0.5f, 1.5f, 2.5f, 3.5f)).containsExactly(0, 2, 2, 4);
    }

    @Test
    void staticSaturatesAndStopsTheGradientThere() {
        Steps steps = Steps.of(GraphSketch.unsigned(8), 0f, 1f);
        assertThat(activations(new Fixed(steps), 1, -3f, 1f, 1000f)).containsExactly(0, 255 * (1f / 255), 255 * (1f
                / 255));
        assertThat(passed(new Fixed(steps), -0.1f, 0f, 0.5f, 1.1f)).containsExactly(0, 1, 1, 0);
    }

    @Test
    void dynamicRangeIsMeasuredOnEachExampleAlone() {
        Dynamic quantizer = new Dynamic(GraphSketch.unsigned(4), false);
        assertThat(activations(quantizer, 2, 0f, 4f, 15f, 0f, 8f, 30f)).containsExactly(0, 4, 15, 0, 8, 30);
    }

    @Test
    void dynamicMinMaxIncludesZeroAndHasAZeroPoint() {
        // Range -5..10, scale 1, zero point 5.
        Dynamic quantizer = new Dynamic(GraphSketch.unsigned(4), false);
        assertThat(activations(quantizer, 1, -5f, 0.4f, 10f)).containsExactly(-5, 0, 10);
        assertThat(activations(quantizer, 1, 7f, 15f)).containsExactly(7, 15);
    }

    /** Of -5..10 the middle rounds 0.4 down: a wider range, by a share of 15, would move it by that share of 0.4. */
    @Test
    void theEndsOfAMeasuredRangeGetItsGradient() {
        Dynamic quantizer = new Dynamic(GraphSketch.unsigned(4), false);
        float share = 0.4f / 15;
        assertThat(passed(quantizer, -5f, 0.4f, 10f)).containsExactly(new float[]{1 + share, 1, 1 - share},
                within(1e-6f));
        // Without a value below 0 the lower end is 0, whatever the least value is.
        assertThat(passed(quantizer, 0.4f, 15f)).containsExactly(new float[]{1, 1 - share}, within(1e-6f));
        assertThat(passed(quantizer, 0f, 0f)).containsExactly(1, 1);
        // Scale 2: 3 rounds up to 4, and the end that is further from 0 has the share of 14.
        Dynamic symmetric = new Dynamic(SIGNED_ABSMAX, false);
        assertThat(passed(symmetric, 3f, 14f)).containsExactly(new float[]{1, 1 + 1f / 14}, within(1e-6f));
        assertThat(passed(symmetric, 3f, -14f)).containsExactly(new float[]{1, 1 - 1f / 14}, within(1e-6f));
    }

    /** Examples have ranges of their own, and rows where they are told apart. */
    @Test
    void everyMeasuredRangeHasAGradientOfItsOwn() {
        Signal input = signal(2, 0.4f, 15f, 1.2f, 30f);
        Signal codes = Signal.differentiable(2, input.shape);
        Signal scale = Signal.constant(2, Shape.scalar());
        QuantizeActivations layer = new QuantizeActivations(input, codes, scale,
                new Dynamic(GraphSketch.unsigned(4), false));
        layer.forward(Mode.TRAINING);
        System.arraycopy(new float[]{1, 1, 2, 2}, 0, codes.gradient, 0, 4);
        layer.backward();
        assertThat(input.gradient).containsExactly(new float[]{1, 1 - 0.4f / 15, 1, 1 + 0.8f / 30}, within(1e-6f));
    }

    @Test
    void allZeroTakesScaleOne() {
        assertThat(Steps.of(GraphSketch.unsigned(4), 0f, 0f)).isEqualTo(new Steps(1f, 0, 0, 15));
        assertThat(activations(new Dynamic(GraphSketch.unsigned(4), false), 1, 0f, 0f)).containsExactly(0, 0);
    }

    @Test
    void dynamicAbsMaxIsSymmetric() {
        assertThat(activations(new Dynamic(SIGNED_ABSMAX, false), 1, -14f, 3f, 14f)).containsExactly(-14, 4, 14);
        assertThat(Steps.of(SIGNED_ABSMAX, 0f, 0f).scale()).isEqualTo(1e-5f / 7);
    }

    /** The reals that the codes stand for. */
    private static float[] weights(WeightScheme scheme, int out, float... w) {
        Signal latent = Signal.differentiable(1, Shape.of(out, w.length / out));
        System.arraycopy(w, 0, latent.value, 0, w.length);
        Signal codes = Signal.differentiable(1, latent.shape);
        Signal scale = scale(scheme, out);
        new QuantizeWeights(latent, codes, scale, scheme, Operation.Part.ALL).forward(Mode.TRAINING);
        float[] reals = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            reals[i] = codes.value[i] * scale.value[scale.size == 1 ? 0 : i / (w.length / out)];
        }
        return reals;
    }

    private static Signal scale(WeightScheme scheme, int out) {
        return Signal.constant(1, scheme.scale() instanceof ScaleGranularity.PerChannel
                ? Shape.of(out)
                : Shape.scalar());
    }

    private static WeightScheme ternary(TernaryRule rule, ScaleGranularity scale) {
        return new WeightScheme.Ternary(rule, scale);
    }

    @Test
    void binaryScalesByTheMeanMagnitudeOfTheChannel() {
        assertThat(weights(GraphSketch.BINARY, 2, 1f, -3f, 0f, 0.5f)).containsExactly(2, -2, 0.25f, 0.25f);
        assertThat(weights(new WeightScheme.Binary(ScaleGranularity.TENSOR), 2, 1f, -3f, 0f, 4f))
                .containsExactly(2, -2, 2, 2);
        assertThat(weights(new WeightScheme.Binary(ScaleGranularity.NONE), 2, 1f, -3f, 0f, 4f))
                .containsExactly(1, -1, 1, 1);
    }

    @Test
    void twnDropsWhatIsUnderItsThresholdAndAveragesTheRest() {
        // Mean magnitude 2, threshold 1.4; the mean of 3 and 4 is 3.5.
        assertThat(weights(GraphSketch.TWN, 1, 3f, -4f, 0f, 1f)).containsExactly(3.5f, -3.5f, 0, 0);
    }

    @Test
    void absMeanRoundsToTheNearestOfThreeCodes() {
        assertThat(weights(ternary(new TernaryRule.AbsMean(), ScaleGranularity.TENSOR), 2, 4f, -4f, 0.5f, -1.5f))
                .containsExactly(2.5f, -2.5f, 0, -2.5f);
    }

    @Test
    void thresholdIsAShareOfTheGreatest() {
        assertThat(weights(ternary(new TernaryRule.Threshold(0.5f), ScaleGranularity.CHANNEL), 1, 4f, -2f, 3f, -1f))
                .containsExactly(3.5f, 0, 3.5f, 0);
    }

    @Test
    void integersSpanTheNarrowGrid() {
        assertThat(weights(new WeightScheme.Integer(4, ScaleGranularity.CHANNEL), 2, 7f, -2.5f, 0f, 0f))
                .containsExactly(7, -2, 0, 0);
    }

    @Test
    void asymmetricIntegersSpanTheirRange() {
        assertThat(weights(new WeightScheme.Asymmetric(2, ScaleGranularity.CHANNEL), 2, -1f, 2f, 4f, 6f))
                .containsExactly(-1, 2, 4, 6);
    }

    @Test
    void weightGradientsPassStraightThrough() {
        Signal latent = signal(1, 0.1f, -5f);
        Signal codes = Signal.differentiable(1, latent.shape);
        Signal scale = scale(GraphSketch.BINARY, 2);
        QuantizeWeights layer = new QuantizeWeights(latent, codes, scale, GraphSketch.BINARY, Operation.Part.ALL);
        layer.forward(Mode.TRAINING);
        assertThat(scale.value).containsExactly(0.1f, 5f);
        codes.gradient[0] = 2 * 0.1f;
        codes.gradient[1] = 3 * 5f;
        layer.backward();
        assertThat(latent.gradient).containsExactly(2, 3);
    }
}
