package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.kernel.AccumulatorCorrections;
import dev.tern.compiler.kernel.BitWeights;
import dev.tern.compiler.kernel.FilterShape;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer.Role;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.PoolKind;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.FoldKind;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.target.Word;
import dev.tern.runtime.layout.WeightLayout;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small programs with random weights: one kernel of interest between what feeds it and what shows its result. */
final class Pieces {
    private static final int PANEL_VECTORS = 4;

    static final ElementType ACCUMULATOR = new ElementType.Accumulator(-1 << 30, 1 << 30);

    private Pieces() {
    }

    /** f32 rows, quantized to planes, times packed weights: int sums out. */
    static KernelProgram popcount(Target target, Window window, int inputChannels, int channels, Code activation,
            WeightForm form, boolean measuredZero, int paddingFactor, int wordsPerPass, Random random) {
        ProgramBuilder builder = new ProgramBuilder(target).wordsPerPass(wordsPerPass);
        int inputRows = window.inputHeight() * window.inputWidth();
        BufferId image = builder.input(Bank.F32, ElementType.F32, inputRows, inputChannels);
        BufferId packed = builder.planes(inputRows, inputChannels, activation);
        builder.pixels("pack", new Producer.Load(image, ValueKind.FLOAT, inputRows, inputChannels),
                quantizer(activation), new Step.StorePlanes(packed, false));
        BufferId zero = measuredZero ? builder.input(Bank.I32, new ElementType.StepIndex(256), 1, 1) : null;
        Producer.PopcountProduct product = product(builder, packed, window, inputChannels, channels, activation, form,
                zero, paddingFactor, random);
        BufferId sums = builder.output(Bank.I32, ACCUMULATOR, window.outputRows(), channels);
        builder.pixels("product", product, new Step.StorePlain(sums, channels, 0));
        return builder.build();
    }

    /** What is compiled ahead of time of a program. */
    static ModelFiles.Source source(KernelProgram program) {
        return new ModelFiles.Source(program, ProgramWeights.of(program, List.of(), "a test"));
    }

    static Step quantizer(Code activation) {
        if (activation.bipolar()) {
            return new Step.Sign();
        }
        float scale = 2f / (1 << activation.bits());
        int zero = activation.signed() ? 0 : 1 << activation.bits() - 1;
        return new Step.Quantize(new ScaleSource.Fixed(scale), new ZeroSource.Fixed(zero),
                new Grid(activation, Grid.Rule.MINMAX));
    }

    static Producer.PopcountProduct product(ProgramBuilder builder, BufferId packed, Window window, int inputChannels,
            int channels, Code activation, WeightForm form, BufferId zero, int paddingFactor, Random random) {
        int taps = window.geometry().taps();
        int bits = taps * inputChannels;
        Word word = builder.target().word();
        int words = word.count(bits);
        int planes = form == WeightForm.INTEGER ? 2 + random.nextInt(3) : form == WeightForm.BINARY ? 1 : 2;
        int lowest = form == WeightForm.INTEGER ? -1 << planes - 1 : form == WeightForm.BINARY ? 0 : -1;
        int[] weights = random.ints((long) bits * channels, lowest, form == WeightForm.INTEGER ? -lowest : 2).toArray();
        byte[] codes = new byte[bits * channels];
        int[] weightSums = new int[channels];
        int[] start = new int[channels];
        int lanes = builder.target().lanes() / 2;
        WeightLayout layout = new WeightLayout(planes, words, channels, lanes,
                lanes == 0 ? 0 : PANEL_VECTORS);
        long[] packedWeights = new long[layout.length()];
        for (int n = 0; n < channels; n++) {
            int nonzeros = 0;
            for (int k = 0; k < bits; k++) {
                int w = form == WeightForm.BINARY ? 2 * weights[n * bits + k] - 1 : weights[n * bits + k];
                nonzeros += w == 0 ? 0 : 1;
                codes[k * channels + n] = (byte) w;
                weightSums[n] += w;
                for (int q = 0; form == WeightForm.INTEGER && q < planes; q++) {
                    packedWeights[layout.index(q, word.index(k), n)] |= (w >> q & 1L) << word.place(k);
                }
                if (form == WeightForm.INTEGER) {
                    continue;
                }
                boolean first = activation.bipolar() && form == WeightForm.TERNARY ? w != 0 : w > 0;
                boolean second = activation.bipolar() ? w > 0 : w < 0;
                packedWeights[layout.index(0, word.index(k), n)] |= (first ? 1L : 0L) << word.place(k);
                if (form == WeightForm.TERNARY) {
                    packedWeights[layout.index(1, word.index(k), n)] |= (second ? 1L : 0L) << word.place(k);
                }
            }
            start[n] = !activation.bipolar() ? 0 : form == WeightForm.INTEGER ? -weightSums[n] : nonzeros;
        }
        ConstantId weightId = builder.words(packedWeights);
        boolean padded = window.geometry().padded() && (paddingFactor != 0 || zero != null);
        // Panels may have the patches of some lines of the output gathered at once.
        int patches = lanes == 0 || channels <= Producer.COLUMN ? 1 : window.outputWidth();
        BufferId patch = window.direct() ? null : builder.scratch(Bank.of(word), patches * activation.bits() * words);
        return new Producer.PopcountProduct(packed, activation, new FilterShape(window, inputChannels, channels),
                new BitWeights(form, word, layout, weightId),
                new AccumulatorCorrections(builder.ints(start), Optional.ofNullable(zero),
                        zero == null ? Optional.empty() : Optional.of(builder.ints(weightSums)),
                        padded
                                ? Optional.of(builder.ints(window.borderSums(channels).of(codes)))
                                : Optional.empty(),
                        paddingFactor),
                builder.scratch(Bank.I32, lanes == 0 ? channels : Producer.COLUMN), Optional.ofNullable(patch));
    }

    static Window same(int height, int width, int kernel, int stride) {
        int pad = kernel / 2;
        return new Window(height, width, new Geometry(kernel, kernel, stride, stride, 1, 1, pad, pad, pad, pad));
    }

    static BufferId value(ProgramBuilder builder, Bank bank, int rows, int channels) {
        return builder.plain(bank, rows, channels, Role.VALUE);
    }

    /** A program with every kind of kernel and producer: an 8 x 8 image of 3 channels to four scores and a winner. */
    static KernelProgram everyKind(Target target, Random random) {
        ProgramBuilder builder = new ProgramBuilder(target);
        Code u4 = new Code(4, false);
        Grid grid = new Grid(u4, Grid.Rule.MINMAX);
        BufferId image = builder.input(Bank.F32, ElementType.F32, 64, 3);
        BufferId step = builder.input(Bank.I32, new ElementType.StepIndex(3), 1, 1);
        BufferId range = value(builder, Bank.F32, 1, 2);
        BufferId scale = value(builder, Bank.F32, 1, 1);
        BufferId zero = value(builder, Bank.I32, 1, 1);
        builder.kernel(new Kernel.MeasureRange("range", ProgramBuilder.origin("range"), image, 64, 3, false, range));
        builder.kernel(new Kernel.DeriveScale("scale", ProgramBuilder.origin("scale"), range, 1, grid,
                Optional.of(scale), Optional.of(zero)));
        BufferId packed = builder.planes(64, 3, u4);
        builder.pixels("pack", new Producer.Load(image, ValueKind.FLOAT, 64, 3),
                new Step.Quantize(new ScaleSource.Measured(scale, false), new ZeroSource.Measured(zero, false), grid),
                new Step.StorePlanes(packed, false));
        Window same = same(8, 8, 3, 1);
        BufferId hidden = value(builder, Bank.F32, 64, 20);
        BufferId hiddenSums = builder.sums(20);
        builder.pixels("stem", product(builder, packed, same, 3, 20, u4, WeightForm.TERNARY, zero, 0, random),
                new Step.ToFloat(), new Step.Rescale(scale, false, Optional.of(floats(builder, 20, random))),
                new Step.Affine(floats(builder, 20, random), floats(builder, 20, random)),
                new Step.Activation(ElementFunction.RELU), new Step.StorePlain(hidden, 20, 0),
                new Step.Fold(FoldKind.SUM, hiddenSums));
        builder.mean(hiddenSums, 64, 20);
        builder.pixels("constant", new Producer.LoadConstant(builder.ints(4, -5, 6), ValueKind.INT, 1, 3),
                new Step.StorePlain(builder.output(Bank.I32, ACCUMULATOR, 1, 3), 3, 0));
        Window halves = new Window(8, 8, Geometry.valid(2, 2, 2));
        BufferId pooled = value(builder, Bank.F32, 16, 20);
        builder.pixels("pool", new Producer.Pool(PoolKind.MAX, hidden, ValueKind.FLOAT, halves, 20,
                builder.scratch(Bank.F32, 20)), new Step.StorePlain(pooled, 20, 0));
        BufferId mean = value(builder, Bank.F32, 1, 20);
        builder.pixels("mean", new Producer.Pool(PoolKind.AVERAGE, pooled, ValueKind.FLOAT,
                new Window(4, 4, Geometry.valid(4, 4, 1)), 20, builder.scratch(Bank.F32, 20)),
                new Step.StorePlain(mean, 20, 0));
        BufferId codes = value(builder, Bank.I8, 16, 20);
        builder.pixels("depthwise", new Producer.MultiplyProduct(pooled, ValueKind.FLOAT,
                new FilterShape(same(4, 4, 3, 1), 20, 20, 20),
                floats(builder, 9 * 20, random), Optional.empty(), Padding.ZERO, true,
                builder.scratch(Bank.F32, 20)), new Step.WithBuffer(BinaryFunction.ADD, mean, false,
                        Step.Spread.OVER_ROWS),
                quantizer(u4), new Step.StorePlain(codes, 20, 0));
        byte[] weights = new byte[9 * 20 * 70];
        random.nextBytes(weights);
        int[] thresholds = random.ints(70, -2000, 2000).toArray();
        BufferId signs = builder.planes(16, 70, ElementType.BIPOLAR);
        builder.pixels("wide", new Producer.MultiplyProduct(codes, ValueKind.of(u4),
                new FilterShape(same(4, 4, 3, 1), 20, 70),
                builder.bytes(weights), Optional.of(new ZeroSource.Fixed(8)), Padding.ZERO, false,
                builder.scratch(Bank.I32, 70)),
                new Step.Threshold(builder.ints(thresholds), 1, Optional.empty(), -1, 2, ElementType.BIPOLAR,
                        false),
                new Step.StorePlanes(signs, false));
        BufferId quarters = builder.planes(4, 70, ElementType.BIPOLAR);
        builder.kernel(new Kernel.OrPool("or", ProgramBuilder.origin("or"), signs,
                new Window(4, 4, Geometry.valid(2, 2, 2)), 70, quarters));
        BufferId sums = value(builder, Bank.F32, 4, 5);
        BufferId chosen = value(builder, Bank.F32, 1, 1);
        builder.kernel(new Kernel.TableLookUp("table", ProgramBuilder.origin("table"), step, 1,
                builder.floats(0.5f, 0.25f, 2f), 1, chosen));
        builder.pixels("head", product(builder, quarters, Window.rows(4), 70, 5, ElementType.BIPOLAR,
                WeightForm.BINARY, null, 0, random), new Step.ToFloat(),
                new Step.Rescale(chosen, false, Optional.empty()), new Step.StorePlain(sums, 5, 0));
        BufferId turned = value(builder, Bank.F32, 5, 4);
        builder.kernel(new Kernel.StridedCopy("turn", ProgramBuilder.origin("turn"), sums, turned, List.of(4, 5),
                List.of(5, 1), 0, List.of(1, 4), 0));
        BufferId scores = builder.output(Bank.F32, ElementType.F32, 5, 4);
        builder.kernel(new Kernel.Softmax("softmax", ProgramBuilder.origin("softmax"), turned, 5, 4, scores));
        builder.kernel(new Kernel.ArgMax("winner", ProgramBuilder.origin("winner"), scores, ValueKind.FLOAT, 5, 4,
                builder.output(Bank.I32, ACCUMULATOR, 1, 5)));
        matrices(builder, hidden, codes, u4);
        join(builder, pooled, codes, u4, random);
        integers(builder, codes, u4, random);
        strips(builder, codes, u4, random);
        return builder.build();
    }

    /** Products of f32 [64, 20] and of codes [16, 20] with themselves, and the range of the codes. */
    private static void matrices(ProgramBuilder builder, BufferId reals, BufferId codes, Code code) {
        BufferId extremes = value(builder, Bank.I8, 1, 2);
        builder.kernel(new Kernel.MeasureCodes("extremes", ProgramBuilder.origin("extremes"), codes, code, 16, 20,
                extremes));
        builder.pixels("extremes_f32", new Producer.Load(extremes, ValueKind.of(code), 1, 2), new Step.ToFloat(),
                new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 1, 2), 2, 0));
        builder.kernel(new Kernel.MatrixProduct("reals", ProgramBuilder.origin("reals"), reals, ValueKind.FLOAT,
                Optional.empty(), reals, ValueKind.FLOAT, Optional.empty(), 1, 20, 64, 20,
                builder.output(Bank.F32, ElementType.F32, 20, 20)));
        builder.kernel(new Kernel.MatrixProduct("products", ProgramBuilder.origin("products"), codes,
                ValueKind.of(code), Optional.of(new ZeroSource.Fixed(8)), codes, ValueKind.of(code),
                Optional.of(new ZeroSource.Fixed(3)), 2, 8, 20, 8, builder.output(Bank.I32, ACCUMULATOR, 16, 8)));
    }

    /** A 3 x 3 convolution of codes to as many channels, as sums. */
    private static Producer.MultiplyProduct sums(ProgramBuilder builder, BufferId codes, Code code, Random random) {
        byte[] weights = new byte[9 * 20 * 20];
        random.nextBytes(weights);
        return new Producer.MultiplyProduct(codes, ValueKind.of(code), new FilterShape(same(4, 4, 3, 1), 20, 20),
                builder.bytes(weights), Optional.of(new ZeroSource.Fixed(8)), Padding.ZERO, false,
                builder.scratch(Bank.I32, 20));
    }

    /** Two branches, row by row. */
    private static void join(ProgramBuilder builder, BufferId pooled, BufferId codes, Code code, Random random) {
        BufferId between = builder.scratch(Bank.F32, 20);
        builder.kernel(new Kernel.RowByRow(
                builder.pixel("branch", sums(builder, codes, code, random), new Step.ToFloat(),
                        new Step.Multiply(floats(builder, 20, random)), new Step.StorePlain(between, 0, 0)),
                builder.pixel("join", new Producer.Load(pooled, ValueKind.FLOAT, 16, 20),
                        new Step.WithBuffer(BinaryFunction.ADD, between, true, Step.Spread.OVER_ROWS),
                        new Step.Activation(ElementFunction.RELU),
                        new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 16, 20), 20, 0))));
    }

    /**
     * Sums to codes, these by tables to numbers that are added to those of other codes, and the sums to codes again.
     */
    private static void integers(ProgramBuilder builder, BufferId codes, Code code, Random random) {
        Code s8 = new Code(8, true);
        BufferId made = value(builder, Bank.I8, 16, 20);
        builder.pixels("requantize", sums(builder, codes, code, random),
                new Step.Requantize(Optional.of(builder.ints(random.ints(20, -500, 500).toArray())),
                        builder.ints(random.ints(20, 1 << 30, Integer.MAX_VALUE).toArray()),
                        builder.ints(random.ints(20, -9, -6).toArray()), FixedPoint.Rounding.SINGLE, ValueKind.of(code),
                        8, 0, 15),
                new Step.LookUp(builder.ints(random.ints(16, -1000, 1000).toArray()), 0, ValueKind.INT),
                new Step.WithLookUp(false, codes, code, builder.ints(random.ints(16, -1000, 1000).toArray()), 0),
                new Step.Requantize(Optional.empty(), builder.ints(0x5a5a5a5a), builder.ints(-3),
                        FixedPoint.Rounding.DOUBLE, ValueKind.of(s8), -3, -127, 127),
                new Step.StorePlain(made, 20, 0));
        builder.pixels("numbers", new Producer.Load(made, ValueKind.of(s8), 16, 20), new Step.ToFloat(),
                new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 16, 20), 20, 0));
    }

    /** The greatest of sums, means of six f32, the greatest of codes at a border, and of codes added to others. */
    private static void strips(ProgramBuilder builder, BufferId codes, Code code, Random random) {
        BufferId sums = builder.plain(Bank.I32, 8, 20, Buffer.Role.SCRATCH);
        builder.kernel(new Kernel.PoolByStrips(
                builder.pixel("lines", sums(builder, codes, code, random), new Step.StorePlain(sums, 20, 0)),
                builder.pixel("greatest", new Producer.Pool(PoolKind.MAX, sums, ValueKind.INT,
                        new Window(4, 4, Geometry.valid(2, 2, 2)), 20, builder.scratch(Bank.I32, 20)),
                        new Step.ToFloat(),
                        new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 4, 20), 20, 0))));
        BufferId reals = builder.plain(Bank.F32, 8, 20, Buffer.Role.SCRATCH);
        builder.kernel(new Kernel.PoolByStrips(
                builder.pixel("reals_of_lines", sums(builder, codes, code, random), new Step.ToFloat(),
                        new Step.StorePlain(reals, 20, 0)),
                builder.pixel("means", new Producer.Pool(PoolKind.AVERAGE, reals, ValueKind.FLOAT,
                        new Window(4, 4, new Geometry(2, 3, 2, 1, 1, 1, 0, 1, 0, 1)), 20,
                        builder.scratch(Bank.F32, 20)),
                        new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 8, 20), 20, 0))));
        builder.pixels("bordered", new Producer.Pool(PoolKind.MAX, codes, ValueKind.of(code),
                new Window(4, 4, new Geometry(2, 2, 1, 1, 1, 1, 0, 0, 1, 1)), 20, builder.scratch(Bank.I32, 20)),
                new Step.ToFloat(),
                new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 16, 20), 20, 0));
        Code s8 = new Code(8, true);
        BufferId added = builder.plain(Bank.I8, 8, 20, Buffer.Role.SCRATCH);
        builder.kernel(new Kernel.PoolByStrips(
                builder.pixel("added", new Producer.Load(codes, ValueKind.of(code), 16, 20),
                        new Step.AddShifted(codes, code, 0, 3, -60), new Step.Saturate(s8, -7, -128, 99),
                        new Step.StorePlain(added, 20, 0)),
                builder.pixel("greatest_code", new Producer.Pool(PoolKind.MAX, added, ValueKind.of(s8),
                        new Window(4, 4, Geometry.valid(2, 2, 2)), 20, builder.scratch(Bank.I32, 20)),
                        new Step.ToFloat(),
                        new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 4, 20), 20, 0))));
    }

    /** A program whose loops are long enough for the vector code that C2 makes of them: 200 values to 257 channels. */
    static KernelProgram wide(Target target, Random random) {
        ProgramBuilder builder = new ProgramBuilder(target);
        Code u8 = new Code(8, false);
        BufferId image = builder.input(Bank.F32, ElementType.F32, 1, 200);
        BufferId codes = value(builder, Bank.I8, 1, 200);
        builder.pixels("quantize", new Producer.Load(image, ValueKind.FLOAT, 1, 200), quantizer(u8),
                new Step.StorePlain(codes, 200, 0));
        byte[] weights = new byte[200 * 257];
        random.nextBytes(weights);
        Step[] head = {new Step.ToFloat(), new Step.Multiply(floats(builder, 257, random)),
            new Step.Affine(floats(builder, 257, random), floats(builder, 257, random)),
            new Step.Activation(ElementFunction.RELU), null};
        head[4] = new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 1, 257), 257, 0);
        builder.pixels("integers", new Producer.MultiplyProduct(codes, ValueKind.of(u8),
                new FilterShape(Window.rows(1), 200, 257),
                builder.bytes(weights), Optional.of(new ZeroSource.Fixed(128)), Padding.ZERO, false,
                builder.scratch(Bank.I32, 257)), head.clone());
        for (Code activation : List.of(ElementType.BIPOLAR, new Code(3, true))) {
            BufferId packed = builder.planes(1, 200, activation);
            builder.pixels("pack" + activation, new Producer.Load(image, ValueKind.FLOAT, 1, 200),
                    quantizer(activation), new Step.StorePlanes(packed, false));
            for (WeightForm form : WeightForm.values()) {
                head[4] = new Step.StorePlain(builder.output(Bank.F32, ElementType.F32, 1, 257), 257, 0);
                builder.pixels("bits" + activation + form, product(builder, packed, Window.rows(1), 200, 257,
                        activation, form, null, 0, random), head.clone());
            }
        }
        return builder.build();
    }

    private static ConstantId floats(ProgramBuilder builder, int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return builder.floats(values);
    }
}
