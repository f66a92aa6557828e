package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.verification.ClassRun;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Parallelism;
import dev.tern.runtime.Session;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the class generated from a kernel program. */
public final class ClassResults {
    /** One of them for each program, in turn: on few processors several threads take far longer than one. */
    private static final int[] THREADS = {2, 3, 5};
    private static final AtomicInteger TURN = new AtomicInteger();

    private ClassResults() {
    }

    /**
     * The outputs of the program's class, run twice in one session so that what an inference leaves behind would
     * show, by one thread and by several, which share whatever can be shared. A program whose arena is not planned gets
     * buffers that lie one after the other.
     */
    public static List<Tensor> run(KernelProgram program, List<Tensor> inputs) {
        KernelProgram planned = program.buffers().stream().anyMatch(buffer -> buffer.offset() < 0)
                ? planned(program)
                : program;
        ClassFile file = HiddenModel.emit(planned, Double.NEGATIVE_INFINITY);
        CompiledModel model = HiddenModel.define(file, ProgramWeights.of(planned, List.of(), "a test"));
        List<Tensor> results = null;
        for (int threads : new int[]{1, THREADS[Math.floorMod(TURN.getAndIncrement(), THREADS.length)]}) {
            try (Session session = model.newSession(Parallelism.threads(threads))) {
                List<Tensor> same = twice(session, file, planned, inputs);
                if (results != null && !same.equals(results)) {
                    throw new AssertionError(threads + " threads give other bits than one\n" + file.listing());
                }
                results = same;
            }
        }
        return results;
    }

    private static List<Tensor> twice(Session session, ClassFile file, KernelProgram planned, List<Tensor> inputs) {
        Object[] arrays = new Object[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = ClassRun.array(inputs.get(i), planned.buffer(planned.inputs().get(i).buffer()).bank());
        }
        Object[] outputs = session.newOutputs(2);
        Object[] twice = new Object[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            int length = Array.getLength(arrays[i]);
            twice[i] = Array.newInstance(arrays[i].getClass().getComponentType(), 2 * length);
            System.arraycopy(arrays[i], 0, twice[i], 0, length);
            System.arraycopy(arrays[i], 0, twice[i], length, length);
        }
        session.run(2, twice, outputs);
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            results.add(ClassRun.tensor(planned.outputs().get(i), outputs[i], 0));
            if (!ClassRun.tensor(planned.outputs().get(i), outputs[i], 1).equals(results.get(i))) {
                throw new AssertionError("the second inference differs from the first\n" + file.listing());
            }
        }
        return results;
    }

    private static KernelProgram planned(KernelProgram program) {
        Map<Bank, Integer> ends = new EnumMap<>(Bank.class);
        return program.withBuffers(program.buffers().stream().map(buffer -> place(buffer, ends)).toList());
    }

    private static Buffer place(Buffer buffer, Map<Bank, Integer> ends) {
        int end = ends.merge(buffer.bank(), buffer.length(), Integer::sum);
        return buffer.at(end - buffer.length());
    }
}
