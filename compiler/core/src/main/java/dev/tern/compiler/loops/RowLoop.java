package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Window;

/** A loop over output rows of a window, line by line. */
final class RowLoop {
    private final RoutineScope scope;
    private final Geometry geometry;
    private final int width;
    private final int atOnce;
    private final Rows each;

    private RowLoop(RoutineScope scope, Window window, int atOnce, Rows each) {
        this.scope = scope;
        this.geometry = window.geometry();
        this.width = window.outputWidth();
        this.atOnce = atOnce;
        this.each = each;
    }

    /** What is done with a row. */
    interface Row {
        /** @param top the line, and {@code left} the place in it, of the first tap in the input */
        void accept(Block block, Value row, Value top, Value left);
    }

    /** What is done with some neighbouring rows of a line. */
    interface Rows {
        /** @param row the first, {@code top} and {@code left} as for one */
        void accept(Block block, Value row, Value top, Value left, int count);
    }

    /** A row, whose number is known, of a window: as the loop over all rows gives it. */
    static void one(RoutineScope scope, Block body, Window window, Value row, Row each) {
        Geometry g = window.geometry();
        Value beforeFirst = Value.of(-g.padTop());
        Value width = Value.of(window.outputWidth());
        if (window.outputHeight() == 1 || window.direct()) {
            each.accept(body, row, beforeFirst, row.times(g.strideWidth()).plus(-g.padLeft()));
            return;
        }
        Local top = body.declare(scope.fresh("top"),
                row.dividedBy(width).times(g.strideHeight()).plus(-g.padTop()));
        Local left = body.declare(scope.fresh("left"),
                Value.binary(Operator.REMAINDER, row, width).times(g.strideWidth()).plus(-g.padLeft()));
        each.accept(body, row, top, left);
    }

    /** Adds the loop over rows {@code from} to {@code to}. */
    static void add(RoutineScope scope, Block body, Window window, Value from, Value to, Row each) {
        add(scope, body, window, from, to, 1, 1, (block, row, top, left, count) -> each.accept(block, row, top, left));
    }

    /**
     * The same for several rows of a line at once, as long as there are so many, then for half as many, and one by one;
     * or for several whole lines at once, as long as there are so many.
     */
    static void add(RoutineScope scope, Block body, Window window, Value from, Value to, int atOnce, int linesAtOnce,
            Rows each) {
        Geometry g = window.geometry();
        RowLoop loop = new RowLoop(scope, window, atOnce, each);
        int width = window.outputWidth();
        Value beforeFirst = Value.of(-g.padTop());
        if (window.outputRows() == 1) {
            each.accept(body, Value.of(0), beforeFirst, Value.of(-g.padLeft()), 1);
        } else if (!inLines(window)) {
            // Rows that see no neighbours are as good as one line.
            loop.line(body, from, to, Value.of(0), beforeFirst);
        } else {
            Local lines = body.declare(scope.fresh("lines"), to.plus(width - 1).dividedBy(Value.of(width)));
            Value firstLine = from.dividedBy(Value.of(width));
            if (linesAtOnce == 1) {
                loop.lines(body, firstLine, lines, from, to);
            } else {
                loop.blocks(body, firstLine, lines, from, to, linesAtOnce);
            }
        }
    }

    /** Whether rows are taken line by line. */
    static boolean inLines(Window window) {
        return window.outputHeight() > 1 && !window.direct();
    }

    private void blocks(Block body, Value firstLine, Value endLine, Value from, Value to, int lines) {
        body.loop(scope.fresh("lineBlock"), firstLine, endLine, lines, (block, y) -> {
            Local first = block.declare(scope.fresh("blockFirst"), y.times(width));
            Value inside = MathFunction.MIN_INT.of(first.minus(from), to.minus(first).minus(Value.of(lines * width)));
            block.when(inside.atLeast(Value.of(0)), whole -> each.accept(whole, first, top(y), Value.of(-geometry
                    .padLeft()), lines * width), part -> lines(part, y, MathFunction.MIN_INT.of(endLine, y.plus(
                            lines)), from, to));
        });
    }

    private void lines(Block body, Value firstLine, Value endLine, Value from, Value to) {
        body.loop(scope.fresh("y"), firstLine, endLine, 1, (block, y) -> {
            Local top = block.declare(scope.fresh("lineTop"), top(y));
            Local first = block.declare(scope.fresh("first"), y.times(width));
            Local start = block.declare(scope.fresh("lineStart"), MathFunction.MAX_INT.of(Value.of(0),
                    from.minus(first)));
            Local end = block.declare(scope.fresh("lineEnd"), MathFunction.MIN_INT.of(Value.of(width),
                    to.minus(first)));
            line(block, start, end, first, top);
        });
    }

    private Value top(Value y) {
        return y.times(geometry.strideHeight()).plus(-geometry.padTop());
    }

    /** Part of a line. @param first the number of the line's first row */
    private void line(Block block, Value start, Value end, Value first, Value top) {
        Value from = start;
        for (int count = atOnce; count > 1; count /= 2) {
            Value left = Value.binary(Operator.REMAINDER, end.minus(from), Value.of(count));
            Local whole = block.declare(scope.fresh("whole"), end.minus(left));
            rows(block, from, whole, first, top, count);
            from = whole;
        }
        rows(block, from, end, first, top, 1);
    }

    private void rows(Block block, Value start, Value end, Value first, Value top, int count) {
        block.loop(scope.fresh("x"), start, end, count, (inner, x) -> each.accept(inner,
                first.equals(Value.of(0)) ? x : inner.declare(scope.fresh("at"), first.plus(x)), top,
                x.times(geometry.strideWidth()).plus(-geometry.padLeft()), count));
    }
}
