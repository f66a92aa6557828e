package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Window;
import java.math.BigInteger;
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
final class ColumnKernels implements RowsGenerator {
    /** Units of rows that are too few for threads to share them, where there are more columns. */
    private static final int FEW_UNITS = 8;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final Producer product;
    private final Epilogues epilogues;
    private final ColumnProducer producer;
    private final Map<Part, Callee> epilogueOf = new HashMap<>();
    private final Map<Integer, Callee> paddingOf = new HashMap<>();
    private final Window window;
    private final int columnsTogether;
    private final Optional<GatheredRows> gathered;
    /** Rows that have patches at the same time; 0 where none is gathered. */
    private final int patchRows;

    ColumnKernels(ProgramScope owner, PixelKernel kernel, ColumnProducer producer) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = kernel.producer();
        this.producer = producer;
        this.epilogues = new Epilogues(owner, kernel, producer);
        this.window = producer.window();
        this.columnsTogether = producer.columnsTogether();
        this.gathered = producer.gathered().filter(rows -> rows.count() > 0);
        this.patchRows = gathered.map(GatheredRows::count).orElse(0);
    }

    /**
     * Its units of work are output rows that are taken together, or columns where there is one row, or many rows are
     * taken together.
     */
    @Override
    public KernelRoutines routines() {
        int columns = product.channels() / Producer.COLUMN;
        int rest = product.channels() % Producer.COLUMN;
        int allColumns = columns + (rest > 0 ? 1 : 0);
        boolean oneRow = window.outputRows() == 1;
        int unit = patchRows == 1 ? 1 : atOnce().unit();
        int rowUnits = (window.outputRows() + unit - 1) / unit;
        boolean ofColumns = !oneRow && producer.anyRows() && rowUnits < Math.min(FEW_UNITS, allColumns);
        int units = oneRow || ofColumns ? allColumns : rowUnits;
        Callee part = oneRow ? someColumns(columns, rest) : ofColumns ? allRows(columns, rest) : someRows(unit);
        RoutineScope scope = owner.routine(kernel, "");
        beginnings().forEach(beginning -> scope.body().call(scope.call(beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(units)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> units > 1 && rowsAreApart()),
                units);
    }

    /** A routine of {@code from} and {@code to}: some columns of all rows. */
    private Callee allRows(int columns, int rest) {
        RoutineScope scope = owner.routine(kernel, "columns", "from", "to");
        Value rows = Value.of(window.outputRows());
        if (columns > 0) {
            Callee whole = rows(Producer.COLUMN, 1, atOnce());
            RoutineScope loops = owner.routine(kernel, "columns_whole", "from", "to");
            loops.body().loop("column", loops.get("from"), loops.get("to"), 1, (loop, column) -> loop.call(
                    loops.call(whole, Value.of(0), rows, column)));
            Local end = scope.body().declare("end", MathFunction.MIN_INT.of(scope.get("to"), Value.of(columns)));
            scope.body().call(scope.call(loops.end(), scope.get("from"), end));
        }
        if (rest > 0) {
            Callee last = rows(rest, 1, atOnce());
            scope.body().when(scope.get("to").greaterThan(Value.of(columns)), end -> end.call(scope.call(last, Value.of(
                    0), rows, Value.of(columns))));
        }
        return scope.end();
    }

    /** A routine of {@code from} and {@code to}: some columns of the one row. */
    private Callee someColumns(int columns, int rest) {
        Callee several = columns >= columnsTogether && columnsTogether > 1
                ? part(Producer.COLUMN, 1, columnsTogether)
                : null;
        Callee whole = columns > 0 ? part(Producer.COLUMN, 1, 1) : null;
        Callee last = rest > 0 ? part(rest, 1, 1) : null;
        Callee gather = patchRows > 0 ? gathered.orElseThrow().gather() : null;
        RoutineScope scope = owner.routine(kernel, "columns", "from", "to");
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
     * A routine of {@code row}, {@code top}, {@code left}, {@code from} and {@code to}: some columns. A loop of its
     * own, for a routine that goes on after a loop is compiled before what follows has been seen to run.
     */
    private Callee range(String name, Callee callee, int step) {
        RoutineScope scope = owner.routine(kernel, name, "row", "top", "left", "from", "to");
        scope.body().loop("column", scope.get("from"), scope.get("to"), step, (loop, column) -> loop.call(
                scope.call(callee, scope.get("row"), scope.get("top"), scope.get("left"), column)));
        return scope.end();
    }

    @Override
    public List<Callee> beginnings() {
        return epilogues.beginnings();
    }

    @Override
    public boolean rowsAreApart() {
        return epilogues.rowsAreApart();
    }

    /** All columns of the rows. */
    @Override
    public Callee someRows(int unit) {
        int columns = product.channels() / Producer.COLUMN;
        int rest = product.channels() % Producer.COLUMN;
        if (patchRows == 1) {
            // One column at most, or rows that have no neighbours: each row is gathered and used at once.
            Callee gather = gathered.orElseThrow().gather();
            List<Span> spans = spans(columns, rest, (count, together) -> part(count, 1, together));
            RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
            Units rows = Units.of(scope, unit, window.outputRows());
            RowLoop.add(scope, scope.body(), window, rows.from(), rows.to(), (block, row, top, left) -> {
                block.call(scope.call(gather, top, left, Value.of(0)));
                columns(scope, block, spans, row, top, left);
            });
            return scope.end();
        }
        Callee gather = patchRows > 0 ? gatherRows() : null;
        boolean blocks = gather != null && patchRows < window.outputRows();
        RowLoop.AtOnce atOnce = atOnce().from(blocks ? greatestDivisor(unit, patchRows) : unit);
        List<Span> spans = spans(columns, rest, (count, together) -> rows(count, together, atOnce));
        RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
        Units rows = Units.of(scope, unit, window.outputRows());
        Value from = rows.from();
        Value to = rows.to();
        epilogues.openings().forEach(opening -> scope.body().call(scope.call(opening, from, to)));
        if (gather == null) {
            columns(scope, scope.body(), spans, from, to);
            return scope.end();
        }
        Value first = from.minus(Value.binary(Operator.REMAINDER, from, Value.of(patchRows)));
        scope.body().loop("block", first, to, patchRows, (block, number) -> {
            Local start = block.declare("start", MathFunction.MAX_INT.of(from, number));
            Local end = block.declare("end", MathFunction.MIN_INT.of(to, number.plus(patchRows)));
            block.call(scope.call(gather, start, end));
            columns(scope, block, spans, start, end);
        });
        return scope.end();
    }

    private RowLoop.AtOnce atOnce() {
        return RowLoop.AtOnce.of(window, producer.rowsTogether(), producer.linesTogether(), producer
                .anyRows());
    }

    private static int greatestDivisor(int a, int b) {
        return BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).intValue();
    }

    /** Columns that one routine takes, {@code step} at a time. */
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

    /** Calls the routines for every column, which they take as their last argument. */
    private void columns(RoutineScope scope, Block block, List<Span> spans, Value... arguments) {
        for (Span span : spans) {
            if (span.to - span.from == span.step) {
                block.call(scope.call(span.callee, with(arguments, Value.of(span.from))));
            } else {
                block.call(scope.call(loop(span, arguments.length), arguments));
            }
        }
    }

    /** A routine of the arguments that calls another for the columns of a span; see {@link #range}. */
    private Callee loop(Span span, int arguments) {
        String[] names = IntStream.range(0, arguments).mapToObj(i -> "a" + i).toArray(String[]::new);
        RoutineScope scope = owner.routine(kernel, "columns" + span.from, names);
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

    /** A routine of {@code from}, {@code to} and {@code column}: so many channels of some rows. */
    private Callee rows(int count, int together, RowLoop.AtOnce atOnce) {
        Map<Integer, Callee> parts = new HashMap<>();
        RoutineScope scope = owner.routine(kernel, "rows" + count + (together > 1 ? "of" + together : ""), "from", "to",
                "column");
        RowLoop.add(scope, scope.body(), window, scope.get("from"), scope.get("to"), atOnce,
                (block, row, top, left, rows) -> block.call(scope.call(parts.computeIfAbsent(rows,
                        number -> part(count, number, together)), row, top, left, scope.get("column"))));
        return scope.end();
    }

    /** A routine of {@code from} and {@code to}: gathers the patches of some rows. */
    private Callee gatherRows() {
        Callee gather = gathered.orElseThrow().gather();
        RoutineScope scope = owner.routine(kernel, "gather_rows", "from", "to");
        RowLoop.add(scope, scope.body(), window, scope.get("from"), scope.get("to"), (block, row, top, left) -> block
                .call(scope.call(gather, top, left, gathered.orElseThrow().slot(row))));
        return scope.end();
    }

    /** A routine of {@code row}, {@code top}, {@code left} and {@code column}: so many channels of so many rows. */
    private Callee part(int count, int rows, int columns) {
        String name = "column" + count + (columns > 1 ? "of" + columns : "") + (rows > 1 ? "x" + rows : "");
        RoutineScope scope = owner.routine(kernel, name, "row", "top", "left", "column");
        producer.addTo(scope, count, rows, columns);
        if (producer.finishes()) {
            return scope.end();
        }
        Callee epilogue = epilogueOf.computeIfAbsent(new Part(count, rows), part -> epilogues.column(part.count,
                part.rows));
        for (int i = 0; i < columns; i++) {
            Value column = scope.get("column").plus(i);
            Value accumulator = accumulator(i);
            producer.padding().ifPresent(sums -> padding(scope, sums, count, rows, column, accumulator));
            scope.body().call(scope.call(epilogue, scope.get("row"), scope.get("top"), scope.get("left"), column,
                    accumulator));
        }
        return scope.end();
    }

    /** So many channels of a column of so many rows. */
    private record Part(int count, int rows) {
    }

    private static Value accumulator(int rowOrColumn) {
        return Value.of(rowOrColumn * Producer.COLUMN);
    }

    /** What the sums of some rows still owe where windows meet the padding. */
    private void padding(RoutineScope scope, PaddingSums sums, int count, int rows, Value column, Value accumulator) {
        Callee padding = paddingOf.computeIfAbsent(count, sums::column);
        Value zero = sums.zero(scope);
        Value top = scope.get("top");
        for (int row = 0; row < rows; row++) {
            Value left = scope.get("left").plus(row * window.geometry().strideWidth());
            Value ofRow = rows == 1 ? accumulator : accumulator(row);
            scope.body().when(WindowTaps.atBorder(window, top, left), block -> block.call(
                    scope.call(padding, top, left, column, zero, ofRow)));
        }
    }
}
