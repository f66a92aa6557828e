package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Codes of f32 where a quotient that is off by its last bit would be seen: around every place where the code changes.
 */
class QuantizedCodesTest {
    private static final float[] SCALES = {1f, 0.1f, 1 / 3f, 0.13333334f, Math.nextDown(2f), Math.nextUp(1f), 0x1p-60f,
        0x1.8p-61f, 0x1.234568p60f, 0x1.fffffep62f, 1e-5f / 127, 1e-30f, 3e37f, Float.MIN_NORMAL, 1e-41f,
        Float.MIN_VALUE, Float.MAX_VALUE};
    private static final int RANDOM_SCALES = 40;

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
        return List.of(new Code(2, true), new Code(4, false), new Code(4, true), new Code(8, false));
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
