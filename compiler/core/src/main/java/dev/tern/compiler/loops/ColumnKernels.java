package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.LookUpProduct;
import dev.tern.compiler.kernel.Producer.PackedProduct;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A driver over columns of 64 output channels and, inside, over output rows: the weights of a column stay in the
 * first-level cache while rows pass over them. For each row and column the product leaves its accumulators in a small
 * array, from which the epilogue takes them. Where windows are gathered, that is done for some rows before the columns
 * begin:
 *
 * <pre>
 * for some rows:
 *     for row in them: gather patch
 *     for column: for row in them: product, epilogue
 * </pre>
 *
 * Neighbouring rows of a line, or neighbouring columns, may have their products computed together, so that what they
 * share is loaded once for them.
 */
final class ColumnKernels {
    /** Rows whose epilogues are called one after the other rather than in a loop. */
    private static final int MOST_IN_LINE = 6;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final Producer product;
    private final Epilogues epilogues;
    private final ColumnProduct sums;
    private final Map<Integer, Callee> epilogueOf = new HashMap<>();
    private final Map<Integer, Callee> paddingOf = new HashMap<>();
    private final Map<Integer, Callee> finishOf = new HashMap<>();
    private final Window window;
    /** Rows whose products are computed together. */
    private final int rowsTogether;
    /** Columns whose products are computed together. */
    private final int columnsTogether;

    ColumnKernels(ProgramScope owner, PixelKernel kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = kernel.producer();
        this.epilogues = new Epilogues(owner, kernel);
        switch (product) {
            case PopcountProduct popcount -> {
                sums = kernel.schedule() instanceof CarrySavePanels
                        ? new CarrySaveProducts(owner, kernel, popcount, this::start)
                        : new PanelProducts(owner, kernel, popcount, this::start);
                window = popcount.window();
            }
            case LookUpProduct lookUp -> {
                sums = new LookUpProducts(owner, kernel, lookUp);
                window = lookUp.window();
            }
            case TileProduct tiles -> {
                sums = tiles.depthwise()
                        ? new DepthwiseTiles(owner, kernel, tiles)
                        : new TileProducts(owner, kernel, tiles);
                window = tiles.window();
            }
            case Producer.Load _,Producer.LoadConstant _,Producer.MultiplyProduct _,Producer.Pool _ ->
                throw new IllegalArgumentException(kernel.name() + " does not go by columns");
        }
        this.rowsTogether = switch (kernel.schedule()) {
            case PopcountPanels panels -> panels.rows();
            case LookUps lookUps -> lookUps.rows();
            case Tiles tiles -> tiles.rows();
            case CarrySavePanels _ -> 1;
            case PopcountLoops _,Multiplications _,KernelSchedule.Plain _ -> 1;
        };
        this.columnsTogether = kernel.schedule() instanceof LookUps lookUps ? lookUps.columns() : 1;
    }

    /** Whether the kernels of a producer are such. */
    static boolean takes(Producer producer) {
        return producer instanceof TileProduct || producer instanceof PackedProduct packed && packed.inColumns();
    }

    /** Rows that have patches at the same time; 0 where none is gathered. */
    private int patchRows() {
        return product instanceof PopcountProduct popcount
                ? popcount.patch().map(id -> owner.program().buffer(id).length()
                        / (popcount.activation().bits() * popcount.words())).orElse(0)
                : 0;
    }

    /** Its units of work are output rows, or columns where there is one row. */
    KernelRoutines methods() {
        int columns = product.channels() / Producer.COLUMN;
        int rest = product.channels() % Producer.COLUMN;
        boolean oneRow = window.outputRows() == 1;
        int units = oneRow ? columns + (rest > 0 ? 1 : 0) : window.outputRows();
        Callee part = oneRow ? someColumns(columns, rest) : someRows(columns, rest);
        RoutineScope scope = owner.method(kernel, "");
        epilogues.beginnings().forEach(beginning -> scope.body().call(scope.call(beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(units)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> units > 1 && epilogues.rowsAreApart()),
                units);
    }

    /** A method of {@code from} and {@code to}: some columns of the one row. */
    private Callee someColumns(int columns, int rest) {
        Callee several = columns >= columnsTogether && columnsTogether > 1
                ? part(Producer.COLUMN, 1, columnsTogether)
                : null;
        Callee whole = columns > 0 ? part(Producer.COLUMN, 1, 1) : null;
        Callee last = rest > 0 ? part(rest, 1, 1) : null;
        Callee gather = patchRows() > 0 ? gather() : null;
        RoutineScope scope = owner.method(kernel, "columns", "from", "to");
        Block body = scope.body();
        RowLoop.add(scope, body, window, Value.of(0), Value.of(1), (block, row, top, left) -> {
            if (gather != null) {
                block.call(scope.call(gather, top, left, Value.of(0)));
            }
            if (whole != null) {
                Local end = block.declare("end", MathFunction.MIN_INT.of(scope.get("to"), Value.of(columns)));
                Value from = scope.get("from");
                if (several != null) {
                    Value odd = Value.binary(Operator.REMAINDER, end.minus(from), Value.of(columnsTogether));
                    Local pairs = block.declare("together", MathFunction.MAX_INT.of(from, end.minus(odd)));
                    block.call(scope.call(range("columns_together", several, columnsTogether), row, top, left, from,
                            pairs));
                    from = pairs;
                }
                block.call(scope.call(range("columns_whole", whole, 1), row, top, left, from, end));
            }
            if (last != null) {
                block.when(scope.get("to").greaterThan(Value.of(columns)),
                        end -> end.call(scope.call(last, row, top, left, Value.of(columns))));
            }
        });
        return scope.end();
    }

    /**
     * A method of {@code row}, {@code top}, {@code left}, {@code from} and {@code to}: some columns. A loop of its own,
     * for a method that goes on after a loop is compiled before what follows has been seen to run.
     */
    private Callee range(String name, Callee callee, int step) {
        RoutineScope scope = owner.method(kernel, name, "row", "top", "left", "from", "to");
        scope.body().loop("column", scope.get("from"), scope.get("to"), step, (loop, column) -> loop.call(
                scope.call(callee, scope.get("row"), scope.get("top"), scope.get("left"), column)));
        return scope.end();
    }

    /** A method of {@code from} and {@code to}: all columns of some rows. */
    private Callee someRows(int columns, int rest) {
        if (patchRows() == 1) {
            // One column at most, or rows that have no neighbours: each row is gathered and used at once.
            Callee gather = gather();
            List<Span> spans = spans(columns, rest, (count, together) -> part(count, 1, together));
            RoutineScope scope = owner.method(kernel, "rows", "from", "to");
            RowLoop.add(scope, scope.body(), window, scope.get("from"), scope.get("to"), (block, row, top, left) -> {
                block.call(scope.call(gather, top, left, Value.of(0)));
                columns(scope, block, spans, row, top, left);
            });
            return scope.end();
        }
        Callee gather = patchRows() > 0 ? gatherRows() : null;
        List<Span> spans = spans(columns, rest, this::rows);
        RoutineScope scope = owner.method(kernel, "rows", "from", "to");
        Value from = scope.get("from");
        Value to = scope.get("to");
        if (gather == null) {
            columns(scope, scope.body(), spans, from, to);
            return scope.end();
        }
        Value first = from.minus(Value.binary(Operator.REMAINDER, from, Value.of(patchRows())));
        scope.body().loop("block", first, to, patchRows(), (block, number) -> {
            Local start = block.declare("start", MathFunction.MAX_INT.of(from, number));
            Local end = block.declare("end", MathFunction.MIN_INT.of(to, number.plus(patchRows())));
            block.call(scope.call(gather, start, end));
            columns(scope, block, spans, start, end);
        });
        return scope.end();
    }

    /** Columns that one method takes, {@code step} at a time. */
    private record Span(Callee callee, int from, int to, int step) {
    }

    private interface SpanWriter {
        /** @param count channels of a column, @param together columns at once */
        Callee write(int count, int together);
    }

    /** All columns: those that are taken together, whole ones that are left, and what is left of a column. */
    private List<Span> spans(int columns, int rest, SpanWriter writer) {
        int together = columnsTogether > 1 ? columns / columnsTogether * columnsTogether : 0;
        List<Span> spans = new ArrayList<>();
        if (together > 0) {
            spans.add(new Span(writer.write(Producer.COLUMN, columnsTogether), 0, together, columnsTogether));
        }
        if (columns > together) {
            spans.add(new Span(writer.write(Producer.COLUMN, 1), together, columns, 1));
        }
        if (rest > 0) {
            spans.add(new Span(writer.write(rest, 1), columns, columns + 1, 1));
        }
        return spans;
    }

    /** Calls the methods for every column, which they take as their last argument. */
    private void columns(RoutineScope scope, Block block, List<Span> spans, Value... arguments) {
        for (Span span : spans) {
            if (span.to - span.from == span.step) {
                block.call(scope.call(span.callee, with(arguments, Value.of(span.from))));
            } else {
                block.call(scope.call(loop(span, arguments.length), arguments));
            }
        }
    }

    /** A method of the arguments that calls another for the columns of a span; see {@link #range}. */
    private Callee loop(Span span, int arguments) {
        String[] names = IntStream.range(0, arguments).mapToObj(i -> "a" + i).toArray(String[]::new);
        RoutineScope scope = owner.method(kernel, "columns" + span.from, names);
        Value[] passed = Arrays.stream(names).map(scope::get).toArray(Value[]::new);
        scope.body().loop("column", Value.of(span.from), Value.of(span.to), span.step,
                (loop, column) -> loop.call(scope.call(span.callee, with(passed, column))));
        return scope.end();
    }

    private static Value[] with(Value[] arguments, Value last) {
        Value[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    /** What fills the accumulators of a column. */
    interface ColumnProduct {
        /**
         * Adds to a method of {@code row}, {@code top}, {@code left} and {@code column}.
         *
         * @param count channels of the column
         * @param rows neighbouring rows from that one; the accumulators of each follow those of the one before
         * @param columns neighbouring columns from that one, of one row; their accumulators likewise
         */
        void call(RoutineScope scope, int count, int rows, int columns);
    }

    /** A method of {@code from}, {@code to} and {@code column}: so many channels of some rows. */
    private Callee rows(int count, int together) {
        Map<Integer, Callee> parts = new HashMap<>();
        RoutineScope scope = owner.method(kernel, "rows" + count + (together > 1 ? "of" + together : ""), "from", "to",
                "column");
        RowLoop.add(scope, scope.body(), window, scope.get("from"), scope.get("to"),
                Math.min(rowsTogether, window.outputWidth()), (block, row, top, left, rows) -> block.call(scope.call(
                        parts.computeIfAbsent(rows, number -> part(count, number, together)), row, top, left,
                        scope.get("column"))));
        return scope.end();
    }

    /** A method of {@code from} and {@code to}: gathers the patches of some rows. */
    private Callee gatherRows() {
        Callee gather = gather();
        RoutineScope scope = owner.method(kernel, "gather_rows", "from", "to");
        RowLoop.add(scope, scope.body(), window, scope.get("from"), scope.get("to"), (block, row, top, left) -> block
                .call(scope.call(gather, top, left, slot(row))));
        return scope.end();
    }

    /** Which patch is a row's: rows that have patches at the same time begin at a multiple of their number. */
    private Value slot(Value row) {
        return patchRows() == window.outputRows()
                ? row
                : Value.binary(Operator.REMAINDER, row, Value.of(patchRows()));
    }

    private Callee gather() {
        return new Patches(owner, kernel, (PopcountProduct) product).anyWindow();
    }

    /** A method of {@code row}, {@code top}, {@code left} and {@code column}: so many channels of so many rows. */
    private Callee part(int count, int rows, int columns) {
        String name = "column" + count + (columns > 1 ? "of" + columns : "") + (rows > 1 ? "x" + rows : "");
        RoutineScope scope = owner.method(kernel, name, "row", "top", "left", "column");
        sums.call(scope, count, rows, columns);
        if (rows > MOST_IN_LINE) {
            Callee finish = finishOf.computeIfAbsent(count, this::finish);
            scope.body().loop("i", 0, rows, (loop, i) -> loop.call(scope.call(finish, scope.get("row").plus(i),
                    scope.get("top"), scope.get("left").plus(i.times(window.geometry().strideWidth())),
                    scope.get("column"), i.times(Producer.COLUMN))));
            return scope.end();
        }
        for (int i = 0; i < rows * columns; i++) {
            int row = columns > 1 ? 0 : i;
            int column = columns > 1 ? i : 0;
            finish(scope, count, scope.get("row").plus(row),
                    scope.get("left").plus(row * window.geometry().strideWidth()), scope.get("column").plus(column),
                    Value.of(i * Producer.COLUMN));
        }
        return scope.end();
    }

    /**
     * The same in a method of its own, of {@code row}, {@code top}, {@code left}, {@code column}, {@code accumulator}.
     */
    private Callee finish(int count) {
        RoutineScope scope = owner.method(kernel, "finish" + count, "row", "top", "left", "column", "accumulator");
        finish(scope, count, scope.get("row"), scope.get("left"), scope.get("column"), scope.get("accumulator"));
        return scope.end();
    }

    /** What follows the product for one row and column. */
    private void finish(RoutineScope scope, int count, Value row, Value left, Value column, Value accumulator) {
        Value top = scope.get("top");
        if (product instanceof PackedProduct packed && packed.tapSums().isPresent()) {
            Callee padding = paddingOf.computeIfAbsent(count, new PaddingSums(owner, kernel, packed)::method);
            Value zero = packed.zero().map(id -> Epilogues.zero(scope, packed, owner.program().buffer(id)))
                    .orElse(Value.of(0));
            scope.body().when(WindowTaps.atBorder(window, top, left), block -> block.call(
                    scope.call(padding, top, left, column, zero, accumulator)));
        }
        Callee epilogue = epilogueOf.computeIfAbsent(count, epilogues::column);
        scope.body().call(scope.call(epilogue, row, top, left, column, accumulator));
    }

    /** The index, in the array of its source, of the first word that a row's product reads. */
    private Value start(RoutineScope scope) {
        PopcountProduct popcount = (PopcountProduct) product;
        int length = popcount.activation().bits() * popcount.words();
        int rows = patchRows();
        if (rows == 0) {
            return scope.get("row").times(length).plus(owner.program().buffer(popcount.input()).offset());
        }
        int patch = owner.program().buffer(popcount.patch().orElseThrow()).offset();
        if (rows == 1) {
            return Value.of(patch);
        }
        return slot(scope.get("row")).times(length).plus(patch);
    }
}
