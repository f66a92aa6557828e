package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Window;
import java.util.function.BiConsumer;

/**
 * Loops over the taps of one output row's window. Routines that use it have the parameters {@code top} and
 * {@code left}: the input coordinates of the window's first tap, which lie outside the input in the padding.
 */
final class WindowTaps {
    /** A tap inside a loop. @param tap its number, @param pixel its input row; only valid inside the input */
    record Tap(Local tap, Value pixel) {
    }

    private final Window window;
    private final RoutineScope scope;

    WindowTaps(Window window, RoutineScope scope) {
        this.window = window;
        this.scope = scope;
    }

    /** Runs the body for every tap inside the input, in ascending order. */
    void inside(BiConsumer<Block, Tap> body) {
        inside(scope.body(), body);
    }

    /** The same within a block of the routine. */
    void inside(Block block, BiConsumer<Block, Tap> body) {
        each(block, body, (padding, tap) -> {
        });
    }

    /** Runs one of two bodies for every tap, rows then columns ascending. */
    void each(BiConsumer<Block, Tap> inside, BiConsumer<Block, Tap> outside) {
        each(scope.body(), inside, outside);
    }

    private void each(Block body, BiConsumer<Block, Tap> inside, BiConsumer<Block, Tap> outside) {
        Geometry g = window.geometry();
        body.loop(scope.fresh("ky"), 0, g.kernelHeight(), (rows, ky) -> {
            Local y = rows.declare(scope.fresh("y"), scope.get("top").plus(ky.times(g.dilationHeight())));
            rows.loop(scope.fresh("kx"), 0, g.kernelWidth(), (columns, kx) -> {
                Local x = columns.declare(scope.fresh("x"), scope.get("left").plus(kx.times(g.dilationWidth())));
                Local number = columns.declare(scope.fresh("tap"), ky.times(g.kernelWidth()).plus(kx));
                Tap tap = new Tap(number, y.times(window.inputWidth()).plus(x));
                if (g.padded()) {
                    columns.when(within(y, window.inputHeight()).andAlso(within(x, window.inputWidth())),
                            block -> inside.accept(block, tap), block -> outside.accept(block, tap));
                } else {
                    inside.accept(columns, tap);
                }
            });
        });
    }

    /** Whether any tap of the window lies in the padding. */
    static Value atBorder(Window window, Value top, Value left) {
        Geometry g = window.geometry();
        int lastTop = window.inputHeight() - g.dilationHeight() * (g.kernelHeight() - 1) - 1;
        int lastLeft = window.inputWidth() - g.dilationWidth() * (g.kernelWidth() - 1) - 1;
        return top.lessThan(Value.of(0)).orElse(left.lessThan(Value.of(0)))
                .orElse(top.greaterThan(Value.of(lastTop))).orElse(left.greaterThan(Value.of(lastLeft)));
    }

    /** Whether no tap of neighbouring windows lies in the padding. @param last left of the last one */
    static Value inside(Window window, Value top, Value left, Value last) {
        Geometry g = window.geometry();
        return within(top, window.inputHeight() - g.dilationHeight() * (g.kernelHeight() - 1)).andAlso(left.atLeast(
                Value.of(0))).andAlso(last.lessThan(Value.of(window.inputWidth() - g.dilationWidth() * (g.kernelWidth()
                        - 1))));
    }

    /** Whether a coordinate lies in an image of that size. */
    static Value within(Value coordinate, int size) {
        return coordinate.atLeast(Value.of(0)).andAlso(coordinate.lessThan(Value.of(size)));
    }
}
