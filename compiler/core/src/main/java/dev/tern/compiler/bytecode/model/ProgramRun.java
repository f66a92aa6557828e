package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.Session;
import java.util.List;

/**
 * The class of a kernel program in this JVM, ready to run: a session of its model or, of the target {@code EDGE}, the
 * class for small JVMs itself. By one thread at a time.
 */
public interface ProgramRun {
    /**
     * One inference, which allocates nothing.
     *
     * @param inputs an array for each input of the program, in its order, state of a stream among them
     * @param outputs an array for each output, likewise; overwritten
     * @throws IllegalArgumentException if an array or a value is wrong
     */
    void run(Object[] inputs, Object[] outputs);

    /** An array for each output of the program. */
    Object[] newOutputs();

    /** @param program whose arena is planned, for a target that this JVM can run */
    static ProgramRun of(KernelProgram program) {
        if (program.target().edge()) {
            return HiddenEdge.define(program);
        }
        Session session = HiddenModel.define(HiddenModel.emit(program),
                ProgramWeights.of(program, List.of(), "by itself")).newSession();
        return new ProgramRun() {
            @Override
            public void run(Object[] inputs, Object[] outputs) {
                session.run(inputs, outputs);
            }

            @Override
            public Object[] newOutputs() {
                return session.newOutputs(1);
            }
        };
    }
}
