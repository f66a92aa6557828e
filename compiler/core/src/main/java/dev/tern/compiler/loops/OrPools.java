package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Window;

/** The greatest of each window of sign bits: a bit is set where any is. */
record OrPools(ProgramScope owner, Kernel.OrPool kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        Window window = kernel.window();
        int words = owner.program().target().word().count(kernel.channels());
        RoutineScope scope = owner.routine(kernel, "row", "row", "top", "left");
        Value start = scope.body().declare("start", scope.get("row").times(words));
        scope.body().loop("word", 0, words,
                (loop, word) -> loop.store(scope.element(kernel.output(), start.plus(word)), owner.words().zero()));
        new WindowTaps(window, scope).inside((block, tap) -> {
            Value source = block.declare("source", tap.pixel().times(words));
            block.loop("word", 0, words, (loop, word) -> loop.update(
                    scope.element(kernel.output(), start.plus(word)), Operator.OR,
                    scope.element(kernel.input(), source.plus(word))));
        });
        Callee row = scope.end();
        RoutineScope rows = owner.routine(kernel, "rows", "from", "to");
        RowLoop.add(rows, rows.body(), window, rows.get("from"), rows.get("to"),
                (block, number, top, left) -> block.call(rows.call(row, number, top, left)));
        return KernelRoutines.divided(owner, kernel, rows.end(), window.outputRows());
    }
}
