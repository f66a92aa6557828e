package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.FilterShape;
import dev.tern.compiler.kernel.KernelPrinter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.KernelVerifier;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.FoldKind;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.target.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated classes give the kernel interpreter's bits, for shapes around every boundary. */
class GeneratedClassTest {
    private static final List<Target> TARGETS = List.of(Target.PORTABLE, new Target(Word.BITS_32, 0, 17, false),
            Target.EDGE, Target.vector(128), Target.vector(256), Target.vector(512));
    /** Channels of two vectors and of a rest that is taken one by one. */
    private static final int CHANNELS = 2 * 16 + 5;
    private static final float[] SPECIAL = {0f, Float.MIN_VALUE, 0.125f, 0.375f, 0.5f, Math.nextDown(0.5f), 0.625f, 1f,
        1e9f, Float.MAX_VALUE};

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 63, 64, 65, 95, 97, 127, 128, 129, 511, 513})
    void popcountProductsOfAnyDepth(int depth) {
        Random random = new Random(depth);
        for (WeightForm form : WeightForm.values()) {
            for (Code activation : List.of(ElementType.BIPOLAR, ElementType.TERNARY, new Code(1, false),
                    new Code(3, true), new Code(8, false))) {
                for (Target target : TARGETS) {
                    check(Pieces.popcount(target, Window.rows(2), depth, 1 + depth % 70, activation, form,
                            depth % 2 == 0, 0, 1 + depth % 5, random), random);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 31, 32, 33, 63, 64, 65, 97, 129})
    void popcountConvolutionsOfAnyWidth(int channels) {
        Random random = new Random(channels);
        for (WeightForm form : WeightForm.values()) {
            for (int padding = -1; padding <= 2; padding++) {
                for (Target target : TARGETS) {
                    check(Pieces.popcount(target, Pieces.same(5, 4, 3, 1 + channels % 2), channels, 1 + channels % 17,
                            ElementType.BIPOLAR, form, false, padding, 4, random), random);
                    check(Pieces.popcount(target, Pieces.same(3, 3, 5, 1), channels, 9, new Code(2, false), form, true,
                            padding, 3, random), random);
                }
            }
        }
    }

    /** Around the channels of a vector, a panel and a column. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 129, 150})
    void panelsOfAnyNumberOfChannels(int channels) {
        Random random = new Random(channels);
        for (WeightForm form : WeightForm.values()) {
            for (Target target : TARGETS) {
                check(Pieces.popcount(target, Window.rows(1), 70, channels, ElementType.BIPOLAR, form, false, 0, 4,
                        random), random);
                check(Pieces.popcount(target, Pieces.same(3, 4, 3, 1), 20, channels, new Code(2, true), form, false, 1,
                        4, random), random);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyKindOfKernel(Target target) {
        Random random = new Random(11);
        check(Pieces.everyKind(target, random), random);
        check(Pieces.wide(target, random), random);
    }

    static List<Target> targets() {
        return TARGETS;
    }

    /** Zeros of both signs, ties, and what an overflow inside a model leaves: infinities and NaN. */
    @ParameterizedTest
    @MethodSource("targets")
    void stepsOnSpecialValues(Target target) {
        ProgramBuilder builder = new ProgramBuilder(target);
        BufferId input = builder.input(Bank.F32, ElementType.F32, 2, CHANNELS);
        ConstantId large = builder.floats(Float.MAX_VALUE);
        List<Step> overflow = List.of(new Step.Multiply(large), new Step.Multiply(large),
                new Step.WithConstant(BinaryFunction.SUBTRACT, builder.floats(Float.POSITIVE_INFINITY), false));
        int name = 0;
        for (List<Step> before : List.of(List.<Step>of(), overflow.subList(0, 2), overflow)) {
            for (Step last : steps(builder, input)) {
                List<Step> steps = new ArrayList<>(before);
                steps.add(last);
                ValueKind kind = ValueKind.FLOAT.after(last);
                BufferId output = kind.coded()
                        ? builder.output(Bank.I8, kind.code(), 2, CHANNELS)
                        : builder.output(Bank.F32, ElementType.F32, 2, CHANNELS);
                steps.add(new Step.StorePlain(output, CHANNELS, 0));
                if (!kind.coded()) {
                    steps.add(new Step.Fold(FoldKind.RANGE, builder.output(Bank.F32, ElementType.F32, 2, CHANNELS)));
                    steps.add(new Step.Fold(FoldKind.SUM, builder.sums(CHANNELS)));
                }
                builder.pixels("step" + name++, new Producer.Load(input, ValueKind.FLOAT, 2, CHANNELS),
                        steps.toArray(Step[]::new));
                if (steps.getLast() instanceof Step.Fold(var _, var sums)) {
                    builder.mean(sums, 2, CHANNELS);
                }
            }
        }
        float[] values = new float[2 * CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            values[i] = SPECIAL[i % SPECIAL.length];
            values[CHANNELS + i] = -values[i];
        }
        KernelProgram program = builder.build();
        List<Tensor> inputs = List.of(new Tensor.Floats(Shape.of(2, CHANNELS), values));
        assertThat(ClassResults.run(program, inputs)).isEqualTo(KernelInterpreter.run(program, inputs));
    }

    /** All that reals can come to: codes, and other reals. */
    private static List<Step> steps(ProgramBuilder builder, BufferId input) {
        Grid s4 = new Grid(new Code(4, true), Grid.Rule.ABSMAX);
        Grid u8 = new Grid(new Code(8, false), Grid.Rule.MINMAX);
        ScaleSource quarter = new ScaleSource.Fixed(0.25f);
        float[] perChannel = new float[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            perChannel[i] = SPECIAL[(i + 3) % SPECIAL.length] - 0.5f;
        }
        ConstantId constants = builder.floats(perChannel);
        List<Step> steps = new ArrayList<>(List.of(new Step.Sign(), new Step.Ternarize(0.5f),
                new Step.Quantize(quarter, new ZeroSource.Fixed(0), s4),
                new Step.Quantize(quarter, new ZeroSource.Fixed(117), u8),
                new Step.Threshold(builder.floats(0, 0.5f), 2, Optional.empty(), -1, 1, ElementType.TERNARY, false),
                new Step.Affine(constants, constants), new Step.Clip(0, 6), new Step.PRelu(
                        builder.floats(0.5f)),
                new Step.PRelu(constants), new Step.Activation(ElementFunction.RELU),
                new Step.Activation(ElementFunction.SILU)));
        for (BinaryFunction function : BinaryFunction.values()) {
            steps.add(new Step.WithConstant(function, constants, true));
            steps.add(new Step.WithBuffer(function, input, false, Step.Spread.NONE));
        }
        return steps;
    }

    /** Kernels that no model is likely to need, which must keep to the budget of a method all the same. */
    @ParameterizedTest
    @MethodSource("targets")
    void largeKernelsKeepToTheBudget(Target target) {
        Random random = new Random(7);
        Code u8 = new Code(8, false);
        for (int channels : new int[]{20, 64, 70}) {
            check(Pieces.popcount(target, Pieces.same(7, 6, 5, 1), channels, 3, u8, WeightForm.TERNARY, true, 1, 8,
                    random),
                    random);
        }
        ProgramBuilder builder = new ProgramBuilder(target).wordsPerPass(8);
        BufferId image = builder.input(Bank.F32, ElementType.F32, 13 * 13, 5);
        BufferId codes = Pieces.value(builder, Bank.I8, 13 * 13, 5);
        builder.pixels("quantize", new Producer.Load(image, ValueKind.FLOAT, 13 * 13, 5), Pieces.quantizer(u8),
                new Step.StorePlain(codes, 5, 0));
        byte[] weights = new byte[11 * 11 * 5 * 75];
        random.nextBytes(weights);
        BufferId bits = builder.planes(1, 13 * 13 * 75, u8);
        BufferId sums = builder.output(Bank.I32, Pieces.ACCUMULATOR, 13 * 13, 75);
        builder.pixels("wide", new Producer.MultiplyProduct(codes, ValueKind.of(u8),
                new FilterShape(Pieces.same(13, 13, 11, 1), 5, 75), builder.bytes(weights),
                Optional.of(new ZeroSource.Fixed(128)), Padding.MINUS_ONE, false,
                builder.scratch(Bank.I32, 75)),
                new Step.StorePlain(sums, 75, 0), new Step.ToFloat(),
                new Step.Multiply(builder.floats(0.001f)), new Step.Activation(ElementFunction.GELU),
                new Step.Activation(ElementFunction.SILU), new Step.Clip(-1, 1), Pieces.quantizer(u8),
                new Step.StorePlanes(bits, true));
        BufferId out = builder.output(Bank.I32, Pieces.ACCUMULATOR, 1, 2);
        builder.pixels("head", Pieces.product(builder, bits, Window.rows(1), 13 * 13 * 75, 2, u8, WeightForm.BINARY,
                null, 0, random), new Step.StorePlain(out, 2, 0));
        check(builder.build(), random);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theSameProgramGivesTheSameBytes(Target target) {
        ClassFile first = HiddenModel.emit(Pieces.everyKind(target, new Random(1)));
        assertThat(HiddenModel.emit(Pieces.everyKind(target, new Random(1))).bytes()).isEqualTo(first.bytes());
        assertThat(first.methods()).allSatisfy(method -> assertThat(method.size()).isLessThanOrEqualTo(1_200));
    }

    @Test
    void manyKernelsAreSplitOverMethods() {
        ProgramBuilder builder = new ProgramBuilder(Target.PORTABLE);
        BufferId last = builder.input(Bank.F32, ElementType.F32, 2, 3);
        for (int i = 0; i < 120; i++) {
            BufferId next = i == 119
                    ? builder.output(Bank.F32, ElementType.F32, 2, 3)
                    : Pieces.value(builder, Bank.F32, 2, 3);
            builder.pixels("k" + i,
                    new Producer.Load(last, ValueKind.FLOAT, 2, 3),
                    new Step.Multiply(builder.floats(1.01f)),
                    new Step.StorePlain(next, 3, 0));
            last = next;
        }
        check(builder.build(), new Random(2));
    }

    @Test
    void largeKernelsAreShared() {
        Random random = new Random(12);
        KernelProgram large = Pieces.popcount(Target.PORTABLE, Window.rows(64), 1024, 256, ElementType.BIPOLAR,
                WeightForm.BINARY, false,
                0,
                4, random);
        assertThat(HiddenModel.emit(large).listing()).contains("this.share(0, 64)", "inferPart");
        KernelProgram small = Pieces.popcount(Target.PORTABLE, Window.rows(64), 64, 16, ElementType.BIPOLAR,
                WeightForm.BINARY, false, 0,
                4, random);
        assertThat(HiddenModel.emit(small).listing()).doesNotContain("share", "inferPart");
    }

    /** Sums in the order of the rows, and rows of which several have bits in one word. */
    @Test
    void kernelsWhoseRowsMeetAreNotShared() {
        KernelProgram program = Pieces.everyKind(Target.PORTABLE, new Random(13));
        String listing = HiddenModel.emit(program, Double.NEGATIVE_INFINITY).listing();
        String parts = listing.substring(listing.indexOf("void inferPart("));
        assertThat(parts.substring(0, parts.indexOf("\n    }\n"))).contains("pack$rows", "softmax$rows")
                .doesNotContain("stem$rows", "range$rows", "turn(");
    }

    private static void check(KernelProgram program, Random random) {
        assertThat(KernelVerifier.verify(program)).as(() -> KernelPrinter.print(program)).isEmpty();
        List<Tensor> inputs = program.inputs().stream().map(port -> random(port, random)).toList();
        assertThat(ClassResults.run(program, inputs)).as(() -> KernelPrinter.print(program))
                .isEqualTo(KernelInterpreter.run(program, inputs));
    }

    static Tensor random(KernelProgram.Port port, Random random) {
        Shape shape = port.shape();
        if (port.element() instanceof ElementType.StepIndex(var count)) {
            return new Tensor.Integers(shape, random.ints(shape.elements(), 0, count).toArray());
        }
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextBoolean() ? random.nextInt(-8, 9) / 4f : (float) random.nextGaussian();
        }
        return new Tensor.Floats(shape, values);
    }
}
