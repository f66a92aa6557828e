package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;

/** Values moved without arithmetic. */
record StridedCopies(ProgramScope owner, Kernel.StridedCopy kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "");
        copy(scope, scope.body(), 0, Value.of(kernel.inputOffset()), Value.of(kernel.outputOffset()));
        return KernelRoutines.undivided(scope.end());
    }

    private void copy(RoutineScope scope, Block block, int dimension, Value from, Value to) {
        if (dimension == kernel.extents().size()) {
            block.store(scope.element(kernel.output(), to), scope.element(kernel.input(), from));
            return;
        }
        block.loop("i" + dimension, 0, kernel.extents().get(dimension), (loop, i) -> {
            int inputStride = kernel.inputStrides().get(dimension);
            Value source = inputStride == 0
                    ? from
                    : loop.declare("from" + dimension, i.times(inputStride).plus(from));
            Value target = loop.declare("to" + dimension, i.times(kernel.outputStrides().get(dimension)).plus(to));
            copy(scope, loop, dimension + 1, source, target);
        });
    }
}
