package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Window;

/** A loop over output rows of a window, line by line. */
final class RowLoop {
    private RowLoop() {
    }

    /** What is done with a row. */
    interface Row {
        /** @param top the line, and {@code left} the place in it, of the first tap in the input */
        void accept(Block block, Value row, Value top, Value left);
    }

    /** Adds the loop over rows {@code from} to {@code to}. */
    static void add(MethodScope scope, Block body, Window window, Value from, Value to, Row each) {
        Geometry g = window.geometry();
        int width = window.outputWidth();
        if (window.outputRows() == 1) {
            each.accept(body, Value.of(0), Value.of(-g.padTop()), Value.of(-g.padLeft()));
        } else if (window.outputHeight() == 1) {
            body.loop(scope.fresh("x"), from, to, 1, (block, x) -> each.accept(block, x, Value.of(-g.padTop()),
                    left(g, x)));
        } else {
            Local lines = body.declare(scope.fresh("lines"), to.plus(width - 1).dividedBy(Value.of(width)));
            body.loop(scope.fresh("y"), from.dividedBy(Value.of(width)), lines, 1, (block, y) -> {
                Local top = block.declare(scope.fresh("lineTop"), y.times(g.strideHeight()).plus(-g.padTop()));
                Local first = block.declare(scope.fresh("first"), y.times(width));
                Local end = block.declare(scope.fresh("end"), JavaMath.MIN_INT.of(Value.of(width), to.minus(first)));
                block.loop(scope.fresh("x"), JavaMath.MAX_INT.of(Value.of(0), from.minus(first)), end, 1,
                        (inner, x) -> each.accept(inner, inner.declare(scope.fresh("at"), first.plus(x)), top,
                                left(g, x)));
            });
        }
    }

    private static Value left(Geometry g, Value x) {
        return x.times(g.strideWidth()).plus(-g.padLeft());
    }
}
