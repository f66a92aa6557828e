package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.target.Target;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extremes of codes, wherever among them they are: in the first vector, in the last, behind it. */
class CodeRangesTest {
    private static final List<Code> CODES = List.of(new Code(8, false), new Code(8, true), new Code(4, false),
            new Code(4, true));

    @ParameterizedTest
    @ValueSource(ints = {2, 31, 64, 129, 200, 385})
    void extremes(int count) {
        Random random = new Random(count);
        for (Target target : List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512))) {
            for (Code code : CODES) {
                KernelProgram program = program(target, code, count);
                for (int place : new int[]{0, count / 2, count - 1}) {
                    int[] values = random.ints(count, code.lowest() + 2, code.highest() - 1).toArray();
                    values[place] = code.highest() - random.nextInt(2);
                    values[(place + 1) % count] = code.lowest() + random.nextInt(2);
                    List<Tensor> inputs = List.of(new Tensor.Integers(Shape.of(1, count), values));
                    List<Tensor> results = ClassResults.run(program, inputs);
                    assertThat(results).describedAs("%s %s, %d of %d", target, code, place, count)
                            .containsExactly(new Tensor.Integers(Shape.of(1, 2),
                                    new int[]{values[(place + 1) % count], values[place]}));
                    assertThat(results).isEqualTo(KernelInterpreter.run(program, inputs));
                }
            }
        }
    }

    private static KernelProgram program(Target target, Code code, int count) {
        ProgramBuilder builder = new ProgramBuilder(target);
        BufferId input = builder.input(Bank.I8, code, 1, count);
        BufferId output = builder.output(Bank.I8, code, 1, 2);
        builder.kernel(new Kernel.MeasureCodes("codes", ProgramBuilder.origin("codes"), input, code, 1, count, output));
        return builder.build();
    }
}
