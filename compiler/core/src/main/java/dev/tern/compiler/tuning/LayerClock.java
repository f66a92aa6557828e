package dev.tern.compiler.tuning;

import dev.tern.compiler.bytecode.model.ProgramRun;
import dev.tern.compiler.bytecode.model.ProgramWeights;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times the layers of a model in this JVM. Each is measured in a class of its kernels alone, beside the others in
 * turns, so that whatever else the machine does falls on all alike; a layer that became part of another's kernels takes
 * no time of its own. Copying inputs and outputs, some nanoseconds, is in each.
 */
public final class LayerClock {
    private LayerClock() {
    }

    /**
     * Measures.
     *
     * @param program planned, for a target that this JVM can run
     * @return the fewest nanoseconds by the path of each layer that has kernels, in the order of the program
     */
    public static Map<String, Double> measure(KernelProgram program) {
        List<String> layers = program.kernels().stream().map(Kernel::origin).map(origin -> origin.path()).distinct()
                .toList();
        List<Stopwatch.Time> fastest = Stopwatch.fastest(layers.stream().map(layer -> call(LayerProgram.of(program,
                layer)))
                .toList());
        Map<String, Double> times = new LinkedHashMap<>();
        for (int i = 0; i < fastest.size(); i++) {
            times.put(layers.get(i), fastest.get(i).nanoseconds());
        }
        return times;
    }

    private static Runnable call(KernelProgram program) {
        ProgramRun run = ProgramRun.of(program);
        Object[] inputs = ProgramWeights.of(program, List.of(), "for measuring").signature().sampleInputs();
        Object[] outputs = run.newOutputs();
        return () -> run.run(inputs, outputs);
    }
}
