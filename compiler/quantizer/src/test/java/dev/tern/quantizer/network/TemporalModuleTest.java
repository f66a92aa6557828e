package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Shape;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemporalModuleTest {
    private static final int STEPS = 12;

    private final Signal input = Signal.constant(4, Shape.of(50));
    private final Signal table = Signal.differentiable(1, Shape.of(STEPS));
    private final Signal step = Signal.constant(4, Shape.scalar());
    private final TemporalModule module = new TemporalModule("x.steps", input, step, table,
            new Grid(new ElementType.Code(4, true), Grid.Rule.GIVEN, true), 1);

    TemporalModuleTest() {
        for (int i = 0; i < input.value.length; i++) {
            input.value[i] = i % 2 == 0 ? 1 : -3;
        }
        System.arraycopy(new float[]{2, 11, 5, 8}, 0, step.value, 0, 4);
    }

    /** Activations eight times as large at the last step as at the first: 2^(t / 4) at the steps 2, 5, 8 and 11. */
    @Test
    void eachStepBeginsAtWhatIsThere() {
        for (int n = 0; n < 4; n++) {
            float magnitude = (float) Math.pow(2, step.value[n] / 4);
            for (int i = 0; i < input.size; i++) {
                input.value[n * input.size + i] = i % 2 == 0 ? magnitude : -magnitude;
            }
        }
        module.forward(Mode.TRAINING);
        for (int t : new int[]{2, 5, 8, 11}) {
            assertThat(table.value[t] * 7 / Math.pow(2, t / 4.0)).isCloseTo(1, within(0.05));
        }
    }

    /**
     * The magnitudes are 1 and 3: mean 2, deviation 1. Of the steps (2 + k) / 7 only that of k = 5, which is 1, gives
     * both back.
     */
    @Test
    void beginsAtTheDeviationsThatLoseLeast() {
        module.calibrate(true);
        module.forward(Mode.TRAINING);
        assertThat(Arrays.asList(box(table.value))).allSatisfy(scale -> assertThat(scale)
                .isCloseTo(1f, within(0.01f)));
    }

    /** With weights that are trained, too: mean -1, deviation 2, but nothing beyond -3. */
    @Test
    void beginsAsAStaticRangeDoes() {
        module.forward(Mode.TRAINING);
        assertThat(table.value[STEPS / 2]).isCloseTo(3f / 7, within(3e-3f));
    }

    /** Three deviations reach 1.6 here and would cut nearly all of what is there to a sixth of it. */
    @Test
    void fewLargeValuesAreNotCutOff() {
        Arrays.fill(input.value, 0);
        input.value[0] = 15;
        Grid unsigned = new Grid(new ElementType.Code(4, false), Grid.Rule.GIVEN);
        TemporalModule alone = new TemporalModule("x.steps", input, step, table, unsigned, 1);
        alone.calibrate(true);
        alone.forward(Mode.TRAINING);
        double mean = 15.0 / input.value.length;
        double sigma = Math.sqrt(225.0 / input.value.length - mean * mean);
        assertThat(table.value[STEPS / 2] * 15).isGreaterThan((float) (mean + 3.5 * sigma));
    }

    private static Float[] box(float[] values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return boxed;
    }

    @Test
    void gradientsAreThoseOfTheTable() {
        module.forward(Mode.TRAINING);
        for (TrainedParameter parameter : List.of(module.parameters().get(0), module.parameters().get(3),
                module.parameters().get(7))) {
            Signal signal = parameter.signal();
            module.signals().forEach(Signal::clearGradient);
            Arrays.fill(table.gradient, 0);
            table.gradient[5] = 1;
            module.forward(Mode.TRAINING);
            module.backward();
            assertThat(table.gradient).containsOnly(0f);
            int at = signal.size / 2;
            float gradient = signal.gradient[at];
            float small = 1e-3f;
            float old = signal.value[at];
            signal.value[at] = old + small;
            module.forward(Mode.TRAINING);
            double above = table.value[5];
            signal.value[at] = old - small;
            module.forward(Mode.TRAINING);
            double below = table.value[5];
            signal.value[at] = old;
            assertThat((above - below) / (2 * small)).isCloseTo(gradient, within(5e-4));
        }
    }

    @Test
    void learnsScalesThatChangeWithTheStep() {
        module.forward(Mode.TRAINING);
        Optimizer optimizer = new Optimizer(module.parameters(), _ -> true, new Optimizer.Rule.Adam(), 0);
        double error = 0;
        for (int turn = 0; turn < 800; turn++) {
            module.signals().forEach(Signal::clearGradient);
            module.forward(Mode.TRAINING);
            error = 0;
            for (int t = 0; t < STEPS; t++) {
                double difference = table.value[t] - (0.2 + 0.1 * t);
                error += difference * difference;
                table.gradient[t] = (float) (2 * difference);
            }
            module.backward();
            optimizer.step(0.003f);
        }
        assertThat(error).isLessThan(1e-2);
    }
}
