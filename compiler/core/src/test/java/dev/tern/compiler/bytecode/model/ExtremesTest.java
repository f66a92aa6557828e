package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.target.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The greater of a value and 0 is Java's: of both zeros +0, and of a NaN a NaN. */
class ExtremesTest {
    private static final int COUNT = 35;

    @Test
    void ofZerosAndOfNoNumbers() {
        float[] values = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            values[i] = new float[]{1, -1, 2, -2, 0}[i % 5];
        }
        List<Tensor> inputs = List.of(new Tensor.Floats(Shape.of(1, COUNT), values));
        for (Target target : List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512))) {
            KernelProgram program = program(target);
            List<Tensor> results = ClassResults.run(program, inputs);
            assertThat(results).as("%s", target).isEqualTo(KernelInterpreter.run(program, inputs));
            assertThat(((Tensor.Floats) results.getFirst()).values()).as("%s", target)
                    .startsWith(0f, 0f, Float.NaN, Float.NaN, 0f);
        }
    }

    /** Infinities times 0 are NaNs, finite numbers times 0 are zeros of both signs. */
    private static KernelProgram program(Target target) {
        ProgramBuilder builder = new ProgramBuilder(target);
        BufferId input = builder.input(Bank.F32, ElementType.F32, 1, COUNT);
        BufferId output = builder.output(Bank.F32, ElementType.F32, 1, COUNT);
        builder.pixels("rectified", new Producer.Load(input, ValueKind.FLOAT, 1, COUNT),
                new Step.Multiply(builder.floats(3e38f)), new Step.Affine(builder.floats(0f), builder.floats(-0f)),
                new Step.Activation(ElementFunction.RELU), new Step.StorePlain(output, COUNT, 0));
        return builder.build();
    }
}
