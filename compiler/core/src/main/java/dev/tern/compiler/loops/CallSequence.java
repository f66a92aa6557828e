package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Calls one after the other in a kernel's routine; where they are many, some at a time in routines of their own. */
final class CallSequence {
    /** Bytes of bytecode that all calls together may come to: a routine may have more than one sequence, and more. */
    private static final int MOST_BYTES = 400;
    /** What a call takes beside two bytes for each array that it passes on. */
    private static final int CALL_BYTES = 28;

    private final ProgramScope owner;
    private final Kernel kernel;
    private final String name;
    private final String[] parameters;
    private List<Function<RoutineScope, Value.Call>> calls = new ArrayList<>();

    /** @param parameters of the routine, which are all that the calls may ask their scope for */
    CallSequence(ProgramScope owner, Kernel kernel, String name, String... parameters) {
        this.owner = owner;
        this.kernel = kernel;
        this.name = name;
        this.parameters = parameters;
    }

    void add(Function<RoutineScope, Value.Call> call) {
        calls.add(call);
    }

    /** Writes the calls, of which no more can be added. */
    void addTo(RoutineScope scope, Block block) {
        int most = MOST_BYTES / (CALL_BYTES + 2 * scope.arrays());
        for (int level = 0; calls.size() > most; level++) {
            calls = inParts(name + level + "_", most);
        }
        calls.forEach(call -> block.call(call.apply(scope)));
    }

    private List<Function<RoutineScope, Value.Call>> inParts(String prefix, int most) {
        List<Function<RoutineScope, Value.Call>> parts = new ArrayList<>();
        for (int from = 0; from < calls.size(); from += most) {
            RoutineScope routine = owner.routine(kernel, prefix + parts.size(), parameters);
            calls.subList(from, Math.min(calls.size(), from + most))
                    .forEach(call -> routine.body().call(call.apply(routine)));
            Callee part = routine.end();
            parts.add(scope -> scope.call(part,
                    Arrays.stream(parameters).map(scope::get).toArray(Value[]::new)));
        }
        return parts;
    }
}
