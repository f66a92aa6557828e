package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A loop over output rows of a window, line by line. */
final class RowLoop {
    private final RoutineScope scope;
    private final Geometry geometry;
    private final int width;
    private final int height;
    private final AtOnce atOnce;
    private final Rows each;

    private RowLoop(RoutineScope scope, Window window, AtOnce atOnce, Rows each) {
        this.scope = scope;
        this.geometry = window.geometry();
        this.width = window.outputWidth();
        this.height = window.outputHeight();
        this.atOnce = atOnce;
        this.each = each;
    }

    /**
     * How many rows are taken at once. Only what can be left of a line gets code.
     *
     * @param rows neighbours in a line, then half as many, and one by one; at most a line
     * @param lines whole lines
     * @param unit the loop begins at a multiple of so many rows, and ends at one or with the last row
     * @param any whether what is left may be taken at once, whatever it is
     */
    record AtOnce(int rows, int lines, int unit, boolean any) {
        /** One row, anywhere. */
        static final AtOnce ONE = new AtOnce(1, 1, 1, false);

        /** With a unit of work that leaves as few rows over as can be. */
        static AtOnce of(Window window, int rowsTogether, int lines, boolean any) {
            return new AtOnce(window.neighbours(rowsTogether, any), lines, window.unit(rowsTogether, lines, any), any);
        }

        /** The same with another unit, which may have room for fewer rows. */
        AtOnce from(int anyUnit) {
            if (!any) {
                return new AtOnce(rows, lines, anyUnit, false);
            }
            int most = Math.min(rows, anyUnit);
            return new AtOnce(most, most < rows ? 1 : Math.min(lines, anyUnit / rows), anyUnit, true);
        }

        /**
         * Rows of a line that are left when as many at once as possible are done: some number if that is not known.
         */
        private OptionalInt left(int line, boolean oneLine) {
            boolean wholeLines = !oneLine && unit % line == 0;
            boolean inside = unit % rows == 0 && (oneLine || line % unit == 0);
            return wholeLines || inside ? OptionalInt.of(line % rows) : OptionalInt.empty();
        }

        /** Numbers of rows that are taken at once, one after the other, until none are left. */
        private List<Integer> counts(OptionalInt left) {
            List<Integer> counts = new ArrayList<>(List.of(rows));
            if (any && left.isPresent()) {
                return left.getAsInt() == 0 ? counts : List.of(rows, left.getAsInt());
            }
            int rest = left.orElse(rows - 1);
            for (int count = rows / 2; count > 0 && rest > 0; count /= 2) {
                if (left.isEmpty() || rest >= count) {
                    counts.add(count);
                    rest = left.isEmpty() ? count : rest % count;
                }
            }
            return counts;
        }
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
        add(scope, body, window, from, to, AtOnce.ONE, (block, row, top, left, count) -> each.accept(block, row, top,
                left));
    }

    /**
     * The same for several rows of a line at once, as long as there are so many, then for half as many, and one by one;
     * or for several whole lines at once, as long as there are so many.
     */
    static void add(RoutineScope scope, Block body, Window window, Value from, Value to, AtOnce atOnce, Rows each) {
        RowLoop loop = new RowLoop(scope, window, atOnce, each);
        Value beforeFirst = Value.of(-window.geometry().padTop());
        if (window.outputRows() == 1) {
            each.accept(body, Value.of(0), beforeFirst, Value.of(-window.geometry().padLeft()), 1);
        } else if (!window.inLines()) {
            // Rows that see no neighbours are as good as one line.
            loop.line(body, atOnce.counts(atOnce.left(window.outputRows(), true)), from, to, Value.of(0), beforeFirst);
        } else if (atOnce.lines == 1) {
            loop.lines(body, loop.firstLine(from), loop.endLine(body, to), from, to);
        } else {
            loop.blocks(body, loop.firstLine(from), loop.endLine(body, to), from, to);
        }
    }

    private Value firstLine(Value from) {
        return from.dividedBy(Value.of(width));
    }

    private Local endLine(Block body, Value to) {
        Value last = wholeLines() ? to : to.plus(width - 1);
        return body.declare(scope.fresh("lines"), last.dividedBy(Value.of(width)));
    }

    /** Whether the loop takes no part of a line. */
    private boolean wholeLines() {
        return atOnce.unit % width == 0;
    }

    private void blocks(Block body, Value firstLine, Value endLine, Value from, Value to) {
        int lines = atOnce.lines;
        int rows = lines * width;
        boolean aligned = atOnce.unit % rows == 0;
        body.loop(scope.fresh("lineBlock"), firstLine, endLine, lines, (block, y) -> {
            Local first = block.declare(scope.fresh("blockFirst"), y.times(width));
            if (aligned && height % lines == 0) {
                whole(block, first, y);
                return;
            }
            Value after = to.minus(first).minus(Value.of(rows));
            Value inside = aligned ? after : MathFunction.MIN_INT.of(first.minus(from), after);
            block.when(inside.atLeast(Value.of(0)), whole -> whole(whole, first, y), part -> lines(part, y,
                    MathFunction.MIN_INT.of(endLine, y.plus(lines)), from, to));
        });
    }

    /** Some lines at once. */
    private void whole(Block block, Value first, Value y) {
        each.accept(block, first, top(y), Value.of(-geometry.padLeft()), atOnce.lines * width);
    }

    private void lines(Block body, Value firstLine, Value endLine, Value from, Value to) {
        List<Integer> counts = atOnce.counts(atOnce.left(width, false));
        body.loop(scope.fresh("y"), firstLine, endLine, 1, (block, y) -> {
            Local top = block.declare(scope.fresh("lineTop"), top(y));
            Local first = block.declare(scope.fresh("first"), y.times(width));
            if (wholeLines()) {
                wholeLine(block, counts, first, top);
                return;
            }
            Local start = block.declare(scope.fresh("lineStart"), MathFunction.MAX_INT.of(Value.of(0),
                    from.minus(first)));
            Local end = block.declare(scope.fresh("lineEnd"), MathFunction.MIN_INT.of(Value.of(width),
                    to.minus(first)));
            line(block, counts, start, end, first, top);
        });
    }

    private Value top(Value y) {
        return y.times(geometry.strideHeight()).plus(-geometry.padTop());
    }

    /** A line. @param first the number of its first row */
    private void wholeLine(Block block, List<Integer> counts, Value first, Value top) {
        int x = 0;
        for (int count : counts) {
            int end = width - (width - x) % count;
            if (end == x + count) {
                Value row = x == 0 ? first : block.declare(scope.fresh("at"), first.plus(x));
                each.accept(block, row, top, Value.of(x * geometry.strideWidth() - geometry.padLeft()), count);
            } else {
                rows(block, Value.of(x), Value.of(end), first, top, count);
            }
            x = end;
        }
    }

    /** Part of a line. @param first the number of the line's first row */
    private void line(Block block, List<Integer> counts, Value start, Value end, Value first, Value top) {
        Value from = start;
        for (int count : counts.subList(0, counts.size() - 1)) {
            Value left = Value.binary(Operator.REMAINDER, end.minus(from), Value.of(count));
            Local whole = block.declare(scope.fresh("whole"), end.minus(left));
            rows(block, from, whole, first, top, count);
            from = whole;
        }
        rows(block, from, end, first, top, counts.getLast());
    }

    private void rows(Block block, Value start, Value end, Value first, Value top, int count) {
        block.loop(scope.fresh("x"), start, end, count, (inner, x) -> each.accept(inner,
                first.equals(Value.of(0)) ? x : inner.declare(scope.fresh("at"), first.plus(x)), top,
                x.times(geometry.strideWidth()).plus(-geometry.padLeft()), count));
    }
}
