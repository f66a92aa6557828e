package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Window;

/** Kernels that move values without arithmetic. */
final class MovementLoops {
    private final ProgramScope owner;

    MovementLoops(ProgramScope owner) {
        this.owner = owner;
    }

    KernelRoutines stridedCopy(Kernel.StridedCopy kernel) {
        RoutineScope scope = owner.method(kernel, "");
        copy(scope, scope.body(), kernel, 0, Value.of(kernel.inputOffset()), Value.of(kernel.outputOffset()));
        return KernelRoutines.undivided(scope.end());
    }

    private void copy(RoutineScope scope, Block block, Kernel.StridedCopy kernel, int dimension, Value from, Value to) {
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
            copy(scope, loop, kernel, dimension + 1, source, target);
        });
    }

    KernelRoutines orPool(Kernel.OrPool kernel) {
        Window window = kernel.window();
        int words = kernel.channels() + 63 >>> 6;
        RoutineScope scope = owner.method(kernel, "row", "row", "top", "left");
        Value start = scope.body().declare("start", scope.get("row").times(words));
        scope.body().loop("word", 0, words,
                (loop, word) -> loop.store(scope.element(kernel.output(), start.plus(word)), Value.of(0L)));
        new WindowTaps(window, scope).inside((block, tap) -> {
            Value source = block.declare("source", tap.pixel().times(words));
            block.loop("word", 0, words, (loop, word) -> loop.update(
                    scope.element(kernel.output(), start.plus(word)), Operator.OR,
                    scope.element(kernel.input(), source.plus(word))));
        });
        Callee row = scope.end();
        RoutineScope rows = owner.method(kernel, "rows", "from", "to");
        RowLoop.add(rows, rows.body(), window, rows.get("from"), rows.get("to"),
                (block, number, top, left) -> block.call(rows.call(row, number, top, left)));
        return KernelRoutines.divided(owner, kernel, rows.end(), window.outputRows());
    }
}
