package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Codes of f32 where a quotient that is off by its last bit would be seen: around every place where the code changes.
 */
class QuantizedCodesTest {
    private static final float[] SCALES = {1f, 0.1f, 1 / 3f, 0.13333334f, Math.nextDown(2f), Math.nextUp(1f), 0x1p-60f,
        0x1.8p-61f, 0x1.234568p60f, 0x1.fffffep62f, 1e-5f / 127, 0x1p-24f,
        0x1.fffffep-25f, 0x1.234568p-40f, 1e-30f, 3e37f, Float.MIN_NORMAL, 1e-41f,
        Float.MIN_VALUE, Float.MAX_VALUE};
    private static final float[] SCALES_OF_CODES = {0.37f, 1e-30f, 1e-16f, 3e37f};
    private static final int RANDOM_SCALES = 40;
    private static final float[] SPECIAL = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL};
    private static final int RANGED_ROWS = 24;
    private static final int CHANNELS = 83;

    @ParameterizedTest
    @MethodSource("codes")
    void aroundEveryTie(Code code) {
        Random random = new Random(code.bits());
        List<Float> scales = new ArrayList<>();
        for (float scale : SCALES) {
            scales.add(scale);
        }
        for (int i = 0; i < RANDOM_SCALES; i++) {
            scales.add((float) Math.exp(random.nextGaussian() * 3));
        }
        for (float scale : scales) {
            int zero = code.signed() ? 0 : random.nextInt(code.highest() + 1);
            float[] values = values(code, scale, zero, random);
            for (Target target : List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512))) {
                check(target, code, scale, zero, values);
            }
        }
    }

    static List<Code> codes() {
        return List.of(new Code(2, true), new Code(4, false), new Code(4, true), new Code(8, false),
                new Code(8, true));
    }

    private static float[] values(Code code, float scale, int zero, Random random) {
        List<Float> values = new ArrayList<>(List.of(0f, -0f, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE,
                -Float.MIN_NORMAL, 0x1p22f * scale, -0x1p24f * scale));
        for (int k = code.lowest() - zero - 1; k <= code.highest() - zero; k++) {
            float tie = (float) ((k + 0.5) * scale);
            values.addAll(List.of(tie, Math.nextUp(tie), Math.nextDown(tie), Math.nextUp(Math.nextUp(tie)),
                    Math.nextDown(Math.nextDown(tie)), (k + random.nextFloat()) * scale));
        }
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = Float.isFinite(values.get(i)) ? values.get(i) : 0;
        }
        return array;
    }

    /**
     * Rows, and all of them as one, whose scale follows from their range, by either rule, each with ties of its own
     * scale; in some a number that is none, or none but tiny ones, or numbers whose range is out of f32.
     */
    @ParameterizedTest
    @MethodSource("codes")
    void scalesOfRanges(Code code) {
        Random random = new Random(code.bits());
        Grid grid = new Grid(code, code.signed() ? Grid.Rule.ABSMAX : Grid.Rule.MINMAX);
        for (Target target : List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512))) {
            float[] values = new float[RANGED_ROWS * CHANNELS];
            for (int row = 0; row < RANGED_ROWS; row++) {
                System.arraycopy(ranged(grid, row, random), 0, values, row * CHANNELS, CHANNELS);
            }
            checkRanged(target, grid, RANGED_ROWS, true, values);
            checkRanged(target, grid, RANGED_ROWS, false, values);
            int plain = SPECIAL.length * CHANNELS;
            checkRanged(target, grid, RANGED_ROWS - SPECIAL.length, false, Arrays.copyOfRange(values, plain,
                    values.length));
            for (int row = 0; row <= SPECIAL.length; row++) {
                checkRanged(target, grid, 1, false, Arrays.copyOfRange(values, row * CHANNELS, (row + 1) * CHANNELS));
            }
        }
    }

    private static float[] ranged(Grid grid, int row, Random random) {
        float size = (float) Math.exp(random.nextGaussian() * (row % 3 == 0 ? 25 : 2));
        float[] values = new float[CHANNELS];
        float low = 0;
        float high = 0;
        for (int i = 0; i < 2; i++) {
            values[i] = (row % 4 == 1 ? Math.abs((float) random.nextGaussian()) : (float) random.nextGaussian()) * size;
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        float scale = RangeArithmetic.scale(grid, low, high);
        for (int i = 2; i < CHANNELS; i++) {
            float tie = (random.nextInt(grid.code().highest() + 1) + 0.5f) * scale * (random.nextBoolean() ? -1 : 1);
            float near = switch (random.nextInt(3)) {
                case 0 -> Math.nextUp(tie);
                case 1 -> Math.nextDown(tie);
                default -> tie;
            };
            values[i] = Math.max(low, Math.min(high, near));
        }
        if (row < SPECIAL.length) {
            values[random.nextInt(CHANNELS)] = SPECIAL[row];
        }
        if (row == SPECIAL.length) {
            Arrays.fill(values, 0);
        }
        return values;
    }

    private static void checkRanged(Target target, Grid grid, int rows, boolean perRow, float[] values) {
        ProgramBuilder builder = new ProgramBuilder(target);
        BufferId input = unchecked(builder, rows, CHANNELS);
        int count = perRow ? rows : 1;
        BufferId ranges = builder.plain(Bank.F32, count, 2, Buffer.Role.VALUE);
        BufferId scale = builder.plain(Bank.F32, count, 1, Buffer.Role.VALUE);
        BufferId zero = builder.plain(Bank.I32, count, 1, Buffer.Role.VALUE);
        BufferId output = builder.output(Bank.I8, grid.code(), rows, CHANNELS);
        Kernel.MeasureRange range = new Kernel.MeasureRange("range", ProgramBuilder.origin("range"), input, rows,
                CHANNELS, perRow, ranges);
        builder.kernel(grid.rule() == Grid.Rule.ABSMAX && rows > 1 ? range.ofMagnitudes() : range);
        builder.kernel(new Kernel.DeriveScale("derive", ProgramBuilder.origin("range"), ranges, count, grid, Optional
                .of(scale),
                grid.rule() == Grid.Rule.MINMAX ? Optional.of(zero) : Optional.empty()));
        ScaleSource.Measured measured = new ScaleSource.Measured(scale, perRow);
        ZeroSource zeros = grid.rule() == Grid.Rule.MINMAX
                ? new ZeroSource.Measured(zero, perRow)
                : new ZeroSource.Fixed(0);
        builder.pixels("quantize", new Producer.Load(input, ValueKind.FLOAT, rows, CHANNELS),
                new Step.Quantize(measured, zeros, grid), new Step.StorePlain(output, CHANNELS, 0));
        BufferId reals = builder.output(Bank.F32, ElementType.F32, rows, CHANNELS);
        builder.pixels("reals", new Producer.Load(input, ValueKind.FLOAT, rows, CHANNELS),
                new Step.QuantizeToReal(measured, zeros, grid), new Step.StorePlain(reals, CHANNELS, 0));
        BufferId fixed = builder.output(Bank.I8, grid.code(), rows, CHANNELS);
        builder.pixels("fixed", new Producer.Load(input, ValueKind.FLOAT, rows, CHANNELS),
                new Step.Quantize(new ScaleSource.Fixed(0.37f), new ZeroSource.Fixed(1), grid),
                new Step.StorePlain(fixed, CHANNELS, 0));
        KernelProgram program = builder.build();
        List<Tensor> inputs = halves(Shape.of(rows, CHANNELS), values);
        assertThat(ClassResults.run(program, inputs)).describedAs("%s %s of %d x %d", target, grid, rows, CHANNELS)
                .isEqualTo(KernelInterpreter.run(program, inputs));
    }

    /** Values that need not be finite, as those of an input do: the sum of the doubles of two inputs. */
    private static BufferId unchecked(ProgramBuilder builder, int rows, int channels) {
        BufferId first = builder.input(Bank.F32, ElementType.F32, rows, channels);
        BufferId second = builder.input(Bank.F32, ElementType.F32, rows, channels);
        BufferId doubled = builder.plain(Bank.F32, rows, channels, Buffer.Role.VALUE);
        BufferId sum = builder.plain(Bank.F32, rows, channels, Buffer.Role.VALUE);
        Step twice = new Step.Multiply(builder.floats(2));
        builder.pixels("doubled", new Producer.Load(second, ValueKind.FLOAT, rows, channels), twice,
                new Step.StorePlain(doubled, channels, 0));
        builder.pixels("sum", new Producer.Load(first, ValueKind.FLOAT, rows, channels), twice,
                new Step.WithBuffer(BinaryFunction.ADD, doubled, false, Step.Spread.NONE),
                new Step.StorePlain(sum, channels, 0));
        return sum;
    }

    private static List<Tensor> halves(Shape shape, float[] values) {
        float[] first = new float[values.length];
        float[] second = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            first[i] = Float.isFinite(values[i]) ? values[i] / 2 : values[i] < 0 ? -Float.MAX_VALUE : Float.MAX_VALUE;
            second[i] = Float.isNaN(values[i]) ? -Float.MAX_VALUE : 0;
        }
        return List.of(new Tensor.Floats(shape, first), new Tensor.Floats(shape, second));
    }

    /**
     * What codes give is a number unless a constant makes none of it: the two are told apart with no look at values.
     */
    @Test
    void ofCodesThatMeetAnyConstants() {
        float[] constants = {1f, -0.37f, 0f, 1e30f, 3e38f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
        for (Target target : List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512))) {
            for (float factor : constants) {
                checkOfCodes(target, factor, constants);
            }
        }
    }

    private static void checkOfCodes(Target target, float factor, float[] shifts) {
        Code code = new Code(8, false);
        Grid grid = new Grid(code, Grid.Rule.MINMAX);
        ProgramBuilder builder = new ProgramBuilder(target);
        BufferId input = builder.input(Bank.I8, code, 1, CHANNELS);
        for (float shift : shifts) {
            for (float scale : SCALES_OF_CODES) {
                BufferId output = builder.output(Bank.I8, code, 1, CHANNELS);
                builder.pixels("quantize" + output.index(), new Producer.Load(input, ValueKind.of(code), 1, CHANNELS),
                        new Step.ToFloat(), new Step.Affine(builder.floats(factor), builder.floats(shift)),
                        new Step.WithCodes(BinaryFunction.ADD, input, code, 3, factor, false),
                        new Step.Quantize(new ScaleSource.Fixed(scale), new ZeroSource.Fixed(7), grid),
                        new Step.StorePlain(output, CHANNELS, 0));
            }
        }
        KernelProgram program = builder.build();
        int[] codes = new int[CHANNELS];
        Arrays.setAll(codes, i -> i * 31 & 255);
        List<Tensor> inputs = List.of(new Tensor.Integers(Shape.of(1, CHANNELS), codes));
        List<Tensor> wanted = KernelInterpreter.run(program, inputs);
        List<Tensor> given = ClassResults.run(program, inputs);
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(((Tensor.Integers) given.get(i)).values()).as("%s, factor %s, shift %s, scale %s", target,
                    factor, shifts[i / SCALES_OF_CODES.length], SCALES_OF_CODES[i % SCALES_OF_CODES.length])
                    .isEqualTo(((Tensor.Integers) wanted.get(i)).values());
        }
    }

    /** The scale once as a constant and once as if it had been measured. */
    private static void check(Target target, Code code, float scale, int zero, float[] values) {
        ProgramBuilder builder = new ProgramBuilder(target);
        BufferId input = builder.input(Bank.F32, ElementType.F32, 1, values.length);
        BufferId scales = builder.input(Bank.F32, ElementType.F32, 1, 1);
        Grid grid = new Grid(code, code.signed() ? Grid.Rule.ABSMAX : Grid.Rule.MINMAX);
        List<Step.Quantize> steps = List.of(new Step.Quantize(
                new ScaleSource.Measured(scales, false), new ZeroSource.Fixed(zero), grid),
                new Step.Quantize(new ScaleSource.Fixed(scale), new ZeroSource.Fixed(zero), grid));
        for (Step.Quantize step : steps) {
            BufferId output = builder.output(Bank.I8, code, 1, values.length);
            builder.pixels("quantize" + output.index(), new Producer.Load(input, ValueKind.FLOAT, 1, values.length),
                    step, new Step.StorePlain(output, values.length, 0));
        }
        KernelProgram program = builder.build();
        List<Tensor> inputs = List.of(new Tensor.Floats(Shape.of(1, values.length), values),
                new Tensor.Floats(Shape.of(1, 1), new float[]{scale}));
        assertThat(ClassResults.run(program, inputs)).describedAs("scale %s, zero %d", scale, zero)
                .isEqualTo(KernelInterpreter.run(program, inputs));
    }
}
