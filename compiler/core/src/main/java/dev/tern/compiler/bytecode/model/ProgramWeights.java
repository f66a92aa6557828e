package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.ArenaPlan;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** What a program hands to the runtime as data: its signature, the plan of its arena, its constant arrays. */
public final class ProgramWeights {
    private ProgramWeights() {
    }

    /**
     * The weights of a program whose arena is planned.
     *
     * @param layers what the signature is to say of the layers
     * @param reason why the program is for its target, in one line
     */
    public static Weights of(KernelProgram program, List<Signature.LayerSummary> layers, String reason) {
        List<Object> arrays = program.constants().stream().map(ConstantArray::array).toList();
        ArenaPlan arena = new ArenaPlan(lengths(program::arenaLength), lengths(program::workLength),
                offsets(program, program.inputs()), offsets(program, program.outputs()));
        Signature signature = new Signature(program.name(), program.documentation(), ports(program.inputs()),
                ports(program.outputs()), layers, Weights.bytesOf(arrays), arena.bytes(), program.target()
                        .toString(), reason);
        return new Weights(signature, arena, arrays);
    }

    private static ArenaPlan.Lengths lengths(ToIntFunction<Bank> length) {
        return new ArenaPlan.Lengths(length.applyAsInt(Bank.F32), length.applyAsInt(Bank.I32),
                length.applyAsInt(Bank.I64), length.applyAsInt(Bank.I8));
    }

    private static List<Integer> offsets(KernelProgram program, List<KernelProgram.Port> ports) {
        List<BufferId> outside = program.outside();
        return ports.stream().map(port -> outside.contains(port.buffer())
                ? ArenaPlan.OUTSIDE
                : program.buffer(port.buffer()).offset()).toList();
    }

    private static List<Signature.Port> ports(List<KernelProgram.Port> ports) {
        return ports.stream().map(ProgramWeights::port).toList();
    }

    private static Signature.Port port(KernelProgram.Port port) {
        List<Integer> shape = Arrays.stream(port.shape().toArray()).boxed().toList();
        int steps = port.element() instanceof ElementType.StepIndex(var count) ? count : 0;
        return new Signature.Port(port.name(), "", element(port.element()), steps, shape, port.labels());
    }

    private static Element element(ElementType type) {
        return switch (type) {
            case ElementType.F32 _ -> Element.F32;
            case ElementType.Code code -> code.signed() ? Element.I8 : Element.U8;
            case ElementType.Accumulator _ -> Element.I32;
            case ElementType.StepIndex _ -> Element.STEP;
        };
    }
}
