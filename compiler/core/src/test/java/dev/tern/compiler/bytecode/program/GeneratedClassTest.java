package dev.tern.compiler.bytecode.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.KernelPrinter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.KernelVerifier;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Window;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated classes give the kernel interpreter's bits, for shapes around every boundary. */
class GeneratedClassTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 128, 129, 511, 513})
    void popcountProductsOfAnyDepth(int depth) {
        Random random = new Random(depth);
        for (WeightForm form : WeightForm.values()) {
            for (Code activation : List.of(ElementType.BIPOLAR, ElementType.TERNARY, new Code(1, false),
                    new Code(3, true), new Code(8, false))) {
                check(Pieces.popcount(Window.rows(2), depth, 1 + depth % 70, activation, form, depth % 2 == 0, 0,
                        1 + depth % 5, random), random);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 63, 64, 65, 129})
    void popcountConvolutionsOfAnyWidth(int channels) {
        Random random = new Random(channels);
        for (WeightForm form : WeightForm.values()) {
            for (int padding = -1; padding <= 2; padding++) {
                check(Pieces.popcount(Pieces.same(5, 4, 3, 1 + channels % 2), channels, 1 + channels % 17,
                        ElementType.BIPOLAR, form, false, padding, 4, random), random);
                check(Pieces.popcount(Pieces.same(3, 3, 5, 1), channels, 9, new Code(2, false), form, true, padding, 3,
                        random), random);
            }
        }
    }

    @Test
    void everyKindOfKernel() {
        Random random = new Random(11);
        check(Pieces.everyKind(random), random);
    }

    @Test
    void theSameProgramGivesTheSameBytes() {
        ClassFile first = HiddenModel.emit(Pieces.everyKind(new Random(1)));
        assertThat(HiddenModel.emit(Pieces.everyKind(new Random(1))).bytes()).isEqualTo(first.bytes());
        assertThat(first.methods()).allSatisfy(method -> assertThat(method.size()).isLessThanOrEqualTo(1_200));
    }

    @Test
    void manyKernelsAreSplitOverMethods() {
        ProgramBuilder builder = new ProgramBuilder();
        var from = builder.input(Bank.F32, ElementType.F32, 1, 3);
        var last = from;
        for (int i = 0; i < 120; i++) {
            var next = i == 119
                    ? builder.output(Bank.F32, ElementType.F32, 1, 3)
                    : Pieces.value(builder, Bank.F32, 1, 3);
            builder.pixels("k" + i,
                    new Producer.Load(last, Bank.F32, null, 1, 3),
                    new Step.Multiply(builder.floats(1.01f)),
                    new Step.StorePlain(next, 3, 0));
            last = next;
        }
        check(builder.build(), new Random(2));
    }

    private static void check(KernelProgram program, Random random) {
        assertThat(KernelVerifier.verify(program)).as(() -> KernelPrinter.print(program)).isEmpty();
        List<Tensor> inputs = program.inputs().stream().map(port -> random(port, random)).toList();
        assertThat(ClassResults.run(program, inputs)).as(() -> KernelPrinter.print(program))
                .isEqualTo(KernelInterpreter.run(program, inputs));
    }

    private static Tensor random(KernelProgram.Port port, Random random) {
        Shape shape = port.shape();
        if (port.element() instanceof ElementType.Step(var count)) {
            return new Tensor.Integers(shape, random.ints(shape.elements(), 0, count).toArray());
        }
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextBoolean() ? random.nextInt(-8, 9) / 4f : (float) random.nextGaussian();
        }
        return new Tensor.Floats(shape, values);
    }
}
