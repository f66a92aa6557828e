package dev.tern.compiler.kernel.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.Graph.Budget;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.target.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Steps of one row of 12 elements, and of two rows of six, as they read for three rows of four. */
class RowViewTest {
    private static final BufferId BUFFER = new BufferId(0);
    private static final ConstantId ONE = new ConstantId(0);
    private static final ConstantId MANY = new ConstantId(1);
    private static final KernelProgram PROGRAM = new KernelProgram("M", "", "", List.of(),
            List.of(new ConstantArray.Floats("one", new float[1]), new ConstantArray.Floats("many", new float[6])),
            List.of(), List.of(), List.of(), Budget.NONE, Target.PORTABLE);
    private static final ElementType.Code U4 = new ElementType.Code(4, false);
    private static final Grid GRID = new Grid(U4, Grid.Rule.MINMAX);
    private static final ScaleSource SCALE = new ScaleSource.Fixed(0.5f);
    private static final ZeroSource ZERO = new ZeroSource.Fixed(3);

    private static Optional<List<Step>> viewed(int rows, int channels, Step... steps) {
        return new RowView(PROGRAM, rows(rows, channels), rows(3, 4)).of(List.of(steps));
    }

    private static Producer rows(int rows, int channels) {
        return new Producer.Load(BUFFER, ValueKind.FLOAT, rows, channels);
    }

    /** A step that is kept as it is, whichever way its elements were divided. */
    private static void kept(Step step) {
        changed(step, step);
    }

    private static void changed(Step step, Step expected) {
        assertThat(viewed(2, 6, step)).as("of two rows").contains(List.of(expected));
        assertThat(viewed(1, 12, step)).as("of one row").contains(List.of(expected));
    }

    private static void refused(Step step) {
        assertThat(viewed(2, 6, step)).as("of two rows").isEmpty();
        assertThat(viewed(1, 12, step)).as("of one row").isEmpty();
        assertThat(viewed(3, 4, step)).as("of the same rows").contains(List.of(step));
    }

    /** A step that one row gives, for what is the same in all of it, and two do not. */
    private static void ofOneRowOnly(Step step, Step expected) {
        assertThat(viewed(2, 6, step)).as("of two rows").isEmpty();
        assertThat(viewed(1, 12, step)).as("of one row").contains(List.of(expected));
        assertThat(viewed(3, 4, step)).as("of the same rows").contains(List.of(step));
    }

    @Test
    void whatLooksAtNoPlaceIsKept() {
        kept(new Step.ToFloat());
        kept(new Step.Mean(9));
        kept(new Step.Activation(ElementFunction.RELU));
        kept(new Step.Clip(-1, 1));
        kept(new Step.Sign());
        kept(new Step.Ternarize(0.5f));
        kept(new Step.LookUp(MANY, -3, ValueKind.FLOAT));
        kept(new Step.WithLookUp(true, BUFFER, U4, MANY, 0));
        kept(new Step.SubtractZero(ZERO));
        kept(new Step.Quantize(SCALE, ZERO, GRID));
    }

    @Test
    void constantsAreKeptWhereTheyAreOneNumber() {
        kept(new Step.Multiply(ONE));
        refused(new Step.Multiply(MANY));
        kept(new Step.WithConstant(BinaryFunction.SUBTRACT, ONE, true));
        refused(new Step.WithConstant(BinaryFunction.SUBTRACT, MANY, true));
        kept(new Step.PRelu(ONE));
        refused(new Step.PRelu(MANY));
        kept(new Step.Affine(ONE, ONE));
        refused(new Step.Affine(MANY, ONE));
        refused(new Step.Affine(ONE, MANY));
    }

    @Test
    void requantizingByOneFactor() {
        kept(requantize(Optional.empty(), ONE, ONE));
        kept(requantize(Optional.of(ONE), ONE, ONE));
        refused(requantize(Optional.of(MANY), ONE, ONE));
        refused(requantize(Optional.of(ONE), MANY, ONE));
        refused(requantize(Optional.of(ONE), ONE, MANY));
    }

    private static Step requantize(Optional<ConstantId> bias, ConstantId mantissas, ConstantId shifts) {
        return new Step.Requantize(bias, mantissas, shifts, FixedPoint.Rounding.DOUBLE, ValueKind.of(U4), 0, 0, 15);
    }

    @Test
    void thresholdsOfAllChannels() {
        kept(threshold(MANY, 6, Optional.empty()));
        kept(threshold(MANY, 6, Optional.of(ONE)));
        refused(threshold(MANY, 6, Optional.of(MANY)));
        // Three channels with two levels each.
        refused(threshold(MANY, 2, Optional.empty()));
    }

    private static Step threshold(ConstantId thresholds, int levels, Optional<ConstantId> directions) {
        return new Step.Threshold(thresholds, levels, directions, 0, 1, U4, false);
    }

    @Test
    void scalesOfEachRowAreTheOneOfASingleRow() {
        ofOneRowOnly(new Step.Rescale(BUFFER, true, Optional.empty()),
                new Step.Rescale(BUFFER, false, Optional.empty()));
        kept(new Step.Rescale(BUFFER, false, Optional.of(ONE)));
        refused(new Step.Rescale(BUFFER, false, Optional.of(MANY)));
        ofOneRowOnly(new Step.SubtractZero(measured(true)), new Step.SubtractZero(measured(false)));
        kept(new Step.SubtractZero(measured(false)));
        ofOneRowOnly(new Step.Quantize(new ScaleSource.Measured(BUFFER, true), ZERO, GRID),
                new Step.Quantize(new ScaleSource.Measured(BUFFER, false), ZERO, GRID));
        ofOneRowOnly(new Step.Quantize(SCALE, measured(true), GRID),
                new Step.Quantize(SCALE, measured(false), GRID));
        kept(new Step.Quantize(new ScaleSource.Measured(BUFFER, false), measured(false), GRID));
    }

    private static ZeroSource measured(boolean perRow) {
        return new ZeroSource.Measured(BUFFER, perRow);
    }

    @Test
    void buffersAreReadElementByElement() {
        kept(with(Spread.NONE));
        ofOneRowOnly(with(Spread.OVER_ROWS), with(Spread.NONE));
        refused(with(Spread.OVER_CHANNELS));
    }

    private static Step with(Spread spread) {
        return new Step.WithBuffer(BinaryFunction.ADD, BUFFER, true, spread);
    }

    @Test
    void storesCountTheElementsThrough() {
        Step.StorePlain stored = new Step.StorePlain(BUFFER, 4, 0);
        assertThat(viewed(2, 6, new Step.StorePlain(BUFFER, 6, 0))).contains(List.of(stored));
        assertThat(viewed(1, 12, new Step.StorePlain(BUFFER, 12, 0))).contains(List.of(stored));
        // Rows that lie in a longer row of a concat are no whole.
        assertThat(viewed(2, 6, new Step.StorePlain(BUFFER, 8, 1))).isEmpty();
        assertThat(viewed(1, 12, new Step.StorePlain(BUFFER, 20, 5))).contains(
                List.of(new Step.StorePlain(BUFFER, 4, 5)));
        ofOneRowOnly(new Step.StorePlanes(BUFFER, false), new Step.StorePlanes(BUFFER, true));
        kept(new Step.StorePlanes(BUFFER, true));
    }

    @Test
    void oneStepThatCannotBeWrittenLeavesNone() {
        assertThat(viewed(2, 6, new Step.ToFloat(), new Step.Multiply(MANY), new Step.Sign())).isEmpty();
        assertThat(viewed(2, 6, new Step.ToFloat(), new Step.Multiply(ONE), new Step.Sign()))
                .contains(List.of(new Step.ToFloat(), new Step.Multiply(ONE), new Step.Sign()));
        assertThat(viewed(2, 6)).contains(List.of());
    }
}
