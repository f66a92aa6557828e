package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import java.util.Optional;

/** Of each row the first kernel's, then the second one's: as many rows of memory between them as there are threads. */
record RowPairs(ProgramScope owner, Kernel.RowByRow kernel, PixelKernels first,
        PixelKernels second) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        int rows = kernel.second().producer().rows();
        KernelArrays secondArrays = owner.arrays(kernel.second());
        Callee part = rows();
        RoutineScope scope = owner.routine(kernel, "");
        second.beginnings().forEach(beginning -> scope.body().call(scope.call(secondArrays, beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(rows)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> rows > 1 && second.rowsAreApart()), rows);
    }

    /** A routine of {@code from} and {@code to}: some rows. */
    private Callee rows() {
        Callee firstRow = first.row();
        Callee secondRow = second.row();
        KernelArrays firstArrays = owner.arrays(kernel.first());
        KernelArrays secondArrays = owner.arrays(kernel.second());
        RoutineScope scope = owner.routine(kernel, "pairs", "from", "to");
        RowLoop.add(scope, scope.body(), second.window(), scope.get("from"), scope.get("to"),
                (block, number, top, left) -> {
                    RowLoop.one(scope, block, first.window(), number, (inner, row, firstTop, firstLeft) -> inner
                            .call(scope.call(firstArrays, firstRow, row, firstTop, firstLeft)));
                    block.call(scope.call(secondArrays, secondRow, number, top, left));
                });
        return scope.end();
    }
}
