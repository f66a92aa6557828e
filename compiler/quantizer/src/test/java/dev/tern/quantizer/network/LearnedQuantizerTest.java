package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Shape;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Ranges and steps that are learned: LSQ inside, PACT where a value saturates. */
class LearnedQuantizerTest {
    private static final Grid UNSIGNED = new Grid(new ElementType.Code(2, false), Grid.Rule.MINMAX);
    private static final Grid SIGNED = new Grid(new ElementType.Code(2, true), Grid.Rule.GIVEN, true);

    private static Signal signal(float... values) {
        Signal signal = Signal.differentiable(values.length, Shape.scalar());
        System.arraycopy(values, 0, signal.value, 0, values.length);
        return signal;
    }

    private static Signal parameter(float... values) {
        Signal signal = Signal.differentiable(1, Shape.of(values.length));
        System.arraycopy(values, 0, signal.value, 0, values.length);
        return signal;
    }

    @Test
    void aRangeLearnsFromRoundingInsideAndFromWhatSaturates() {
        Signal x = signal(0.4f, 1.2f, 9f, -1f);
        Signal y = signal(0, 0, 0, 0);
        Signal range = parameter(0f, 3f);
        Signal scale = parameter(0f);
        LearnedRange layer = new LearnedRange(x, range, y, scale, UNSIGNED);
        layer.forward(Mode.TRAINING);
        assertThat(y.value).containsExactly(0, 1, 3, 0);

        Arrays.fill(y.gradient, 1f);
        layer.backward();

        assertThat(x.gradient).containsExactly(1, 1, 0, 0);
        // The errors -0.4 and -0.2 over the width 3, and 1 of the value above; all over the root of 3 codes.
        assertThat(range.gradient[1]).isCloseTo((float) ((1 - 0.6 / 3) / Math.sqrt(3)), within(1e-6f));
        // The lower end is 0, where an unsigned grid keeps it.
        assertThat(range.gradient[0]).isZero();
    }

    @Test
    void aRangeOfZerosTakesThatOfTheFirstBatch() {
        Signal range = parameter(0f, 0f);
        LearnedRange layer = new LearnedRange(signal(1f, 2f, 3f, -0.5f), range, signal(0, 0, 0, 0), parameter(0f),
                UNSIGNED);
        layer.forward(Mode.EVALUATION);
        assertThat(range.value).containsExactly(0, 0);
        layer.forward(Mode.TRAINING);
        assertThat(range.value).containsExactly(-0.5f, 3f);
    }

    /** The scale's gradient goes to the end of the range that is further from 0. */
    @Test
    void channelsHaveScalesOfTheirOwn() {
        Grid grid = new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX);
        Signal x = Signal.differentiable(2, Shape.of(2));
        System.arraycopy(new float[]{7f, -0.5f, 3.5f, -3.5f}, 0, x.value, 0, 4);
        Signal ranges = Signal.differentiable(1, Shape.of(2, 2));
        Signal scales = Signal.differentiable(1, Shape.of(2));
        ChannelScales layer = new ChannelScales(x, ranges, scales, grid);
        layer.forward(Mode.EVALUATION);
        assertThat(ranges.value).containsOnly(0);
        layer.forward(Mode.TRAINING);
        assertThat(ranges.value).containsExactly(0, 7, -3.5f, 0);
        assertThat(scales.value).containsExactly(1, 0.5f);

        Arrays.fill(scales.gradient, 14f);
        layer.backward();

        // 14 / 7 over the root of one value of an example and the 7 codes.
        float gradient = (float) (2 / Math.sqrt(7));
        assertThat(ranges.gradient).containsExactly(new float[]{0, gradient, -gradient, 0}, within(1e-6f));
    }

    @Test
    void eachStepHasAScaleOfItsOwn() {
        Signal x = signal(0.3f, 0.9f, -5f);
        Signal y = signal(0, 0, 0);
        Signal step = signal(0, 2, 2);
        Signal table = parameter(0.5f, 1f, 2f);
        Signal scale = signal(0, 0, 0);
        LearnedSteps layer = new LearnedSteps(x, step, table, y, scale, SIGNED);
        layer.forward(Mode.TRAINING);
        assertThat(y.value).containsExactly(1f, 0f, -1f);
        assertThat(scale.value).containsExactly(0.5f, 2f, 2f);

        // The gradient 1 of every real, which is the code times the scale.
        System.arraycopy(scale.value, 0, y.gradient, 0, 3);
        layer.backward();

        assertThat(x.gradient).containsExactly(1, 1, 0);
        // (0.5 - 0.3) / 0.5; (0 - 0.9) / 2 and the lowest code -1.
        assertThat(table.gradient[0]).isCloseTo(0.4f, within(1e-6f));
        assertThat(table.gradient[1]).isZero();
        assertThat(table.gradient[2]).isCloseTo(-1.45f, within(1e-6f));
    }

    @Test
    void stepsOfZeroTakeWhatSuitsTheFirstBatch() {
        Signal table = parameter(0f, 4f);
        LearnedSteps layer = new LearnedSteps(signal(0.25f, -0.75f), signal(1, 1), table, signal(0, 0),
                signal(0, 0), SIGNED);
        layer.forward(Mode.TRAINING);
        assertThat(table.value).containsExactly(0.75f, 4f);
    }

    /** Calibrated, 0.2 asks for no other step than 0.5: it rounds to 0 at any step near, and 1 is exact. */
    @Test
    void whatRoundsToZeroAsksForNothing() {
        Signal table = parameter(0.5f);
        LearnedSteps layer = new LearnedSteps(signal(0.2f, 0.5f, 0.6f), signal(0, 0, 0), table, signal(0, 0, 0),
                signal(0, 0, 0), SIGNED);
        layer.calibrate(true);
        layer.forward(Mode.TRAINING);
        layer.backward();
        // (0.5 - 0.6) * 1 over the power of that example.
        assertThat(table.gradient[0]).isCloseTo(-0.1f / 0.36f, within(1e-5f));
    }
}
