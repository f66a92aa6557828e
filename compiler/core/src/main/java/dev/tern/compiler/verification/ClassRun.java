package dev.tern.compiler.verification;

import dev.tern.compiler.bytecode.model.ProgramRun;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs the class generated from a kernel program on tensors. */
public final class ClassRun {
    private final KernelProgram program;
    private final ProgramRun inference;

    /** @param program whose arena is planned */
    ClassRun(KernelProgram program) {
        this.program = program;
        this.inference = ProgramRun.of(program);
    }

    /** The outputs of one inference, in the order of the signature. */
    List<Tensor> run(List<Tensor> inputs) {
        Object[] arrays = new Object[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = array(inputs.get(i), program.buffer(program.inputs().get(i).buffer()).bank());
        }
        Object[] outputs = inference.newOutputs();
        inference.run(arrays, outputs);
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            results.add(tensor(program.outputs().get(i), outputs[i], 0));
        }
        return results;
    }

    /** A tensor as a session takes it. @param bank of the input's buffer */
    public static Object array(Tensor tensor, Bank bank) {
        return switch (tensor) {
            case Tensor.Floats floats -> floats.values();
            case Tensor.Integers integers -> {
                if (bank == Bank.I32) {
                    yield integers.values();
                }
                byte[] codes = new byte[integers.values().length];
                for (int i = 0; i < codes.length; i++) {
                    codes[i] = (byte) integers.values()[i];
                }
                yield codes;
            }
        };
    }

    /** What a session gave for an output. @param inference which of the batch, from 0 */
    public static Tensor tensor(KernelProgram.Port port, Object array, int inference) {
        int length = port.shape().elements();
        int start = inference * length;
        boolean unsigned = port.element() instanceof ElementType.Code code && !code.signed();
        return switch (array) {
            case float[] values -> new Tensor.Floats(port.shape(),
                    Arrays.copyOfRange(values, start, start + length));
            case int[] values -> new Tensor.Integers(port.shape(),
                    Arrays.copyOfRange(values, start, start + length));
            case byte[] values -> {
                int[] codes = new int[length];
                for (int i = 0; i < length; i++) {
                    codes[i] = unsigned ? values[start + i] & 255 : values[start + i];
                }
                yield new Tensor.Integers(port.shape(), codes);
            }
            default -> throw new IllegalArgumentException("output " + port + " as " + array.getClass());
        };
    }
}
