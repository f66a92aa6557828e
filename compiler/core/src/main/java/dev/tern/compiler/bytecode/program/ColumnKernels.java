package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.LookUpProduct;
import dev.tern.compiler.kernel.Producer.PackedProduct;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A driver over columns of 64 output channels and, inside, over output rows: the weights of a column stay in the
 * first-level cache while rows pass over them. For each row and column the product leaves its accumulators in a small
 * array, from which the epilogue takes them. Where windows are gathered, that is done for some lines of the output before
 * the columns begin:
 *
 * <pre>
 * for lines of the output:
 *     for y, x in lines: gather patch
 *     for column: for y, x in lines: product, epilogue
 * </pre>
 *
 * Neighbouring rows of a line, or neighbouring columns, may have their products computed together, so that what they share
 * is loaded once for them.
 */
final class ColumnKernels {
    private final ClassScope owner;
    private final PixelKernel kernel;
    private final PackedProduct product;
    private final Epilogues epilogues;
    private final ColumnProduct sums;
    private final Map<Integer, Callee> epilogueOf = new HashMap<>();
    private final Map<Integer, Callee> paddingOf = new HashMap<>();
    private final Window window;
    /** Lines of the output that are done before the columns begin anew. */
    private final int lines;
    /** Rows whose products are computed together. */
    private final int rowsTogether;
    /** Columns whose products are computed together. */
    private final int columnsTogether;

    ColumnKernels(ClassScope owner, PixelKernel kernel, PackedProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.epilogues = new Epilogues(owner, kernel);
        this.window = product.window();
        this.sums = switch (product) {
            case PopcountProduct popcount -> new PanelProducts(owner, kernel, popcount, this::start);
            case LookUpProduct lookUp -> new LookUpProducts(owner, kernel, lookUp);
        };
        this.rowsTogether = switch (kernel.schedule()) {
            case PopcountPanels panels -> panels.rows();
            case LookUps lookUps -> lookUps.rows();
            default -> 1;
        };
        this.columnsTogether = kernel.schedule() instanceof LookUps lookUps ? lookUps.columns() : 1;
        this.lines = patchRows() == 0
                ? window.outputHeight()
                : Math.max(1, patchRows() / window.outputWidth());
    }

    /** Rows that have patches at the same time; 0 where none is gathered. */
    private int patchRows() {
        return product instanceof PopcountProduct popcount
                ? popcount.patch().map(id -> owner.program().buffer(id).length()
                        / (popcount.activation().bits() * popcount.words())).orElse(0)
                : 0;
    }

    /** A method without parameters that runs the kernel. */
    Callee method() {
        MethodScope scope = owner.method(kernel, "");
        Block body = scope.body();
        for (Step step : kernel.epilogue()) {
            if (step instanceof Step.Store store) {
                epilogues.beginning(store).ifPresent(beginning -> body.call(scope.call(beginning)));
            }
        }
        if (patchRows() == 1) {
            // One column at most, or rows that have no neighbours: each row is gathered and used at once.
            Callee gather = gather();
            List<Span> spans = spans((count, together) -> part(count, 1, together));
            slide(scope, body, Value.of(0), window.outputHeight(), 1, (block, row, top, left, count) -> {
                block.call(scope.call(gather, top, left, Value.of(0)));
                columns(scope, block, spans, new Value[]{row, top, left});
            });
            return scope.end();
        }
        Callee gather = patchRows() > 0 ? gatherLines() : null;
        List<Span> spans = spans(this::lines);
        body.loop("y", Value.of(0), Value.of(window.outputHeight()), lines, (block, y) -> {
            if (gather != null) {
                block.call(scope.call(gather, y));
            }
            columns(scope, block, spans, new Value[]{y});
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
    private List<Span> spans(SpanWriter writer) {
        int columns = product.channels() / Producer.COLUMN;
        int rest = product.channels() % Producer.COLUMN;
        int together = columns / columnsTogether * columnsTogether;
        List<Span> spans = new ArrayList<>();
        if (columnsTogether > 1 && together > 0) {
            spans.add(new Span(writer.write(Producer.COLUMN, columnsTogether), 0, together, columnsTogether));
        }
        int from = columnsTogether > 1 ? together : 0;
        if (columns > from) {
            spans.add(new Span(writer.write(Producer.COLUMN, 1), from, columns, 1));
        }
        if (rest > 0) {
            spans.add(new Span(writer.write(rest, 1), columns, columns + 1, 1));
        }
        return spans;
    }

    /** Calls the methods for every column, which they take as their last argument. */
    private static void columns(MethodScope scope, Block block, List<Span> spans, Value[] arguments) {
        for (Span span : spans) {
            if (span.to - span.from == span.step) {
                block.call(scope.call(span.callee, with(arguments, Value.of(span.from))));
            } else {
                block.loop(scope.fresh("column"), Value.of(span.from), Value.of(span.to), span.step,
                        (loop, column) -> loop.call(scope.call(span.callee, with(arguments, column))));
            }
        }
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
        void call(MethodScope scope, int count, int rows, int columns);
    }

    private interface Row {
        void accept(Block block, Value row, Value top, Value left, int count);
    }

    /** Runs a body for the rows of some lines of the output, where it can for several neighbours at once. */
    private void slide(MethodScope scope, Block body, Value firstLine, int count, int atOnce, Row each) {
        Geometry g = window.geometry();
        if (window.outputRows() == 1) {
            each.accept(body, Value.of(0), Value.of(-g.padTop()), Value.of(-g.padLeft()), 1);
            return;
        }
        int whole = window.outputWidth() / atOnce * atOnce;
        body.loop(scope.fresh("line"), 0, count, (rows, line) -> {
            Local y = rows.declare(scope.fresh("lineY"), firstLine.plus(line));
            Local top = rows.declare("top", y.times(g.strideHeight()).plus(-g.padTop()));
            Local first = rows.declare("first", y.times(window.outputWidth()));
            for (int from : whole < window.outputWidth() && whole > 0 ? new int[]{0, whole} : new int[]{0}) {
                boolean several = from < whole;
                rows.loop(scope.fresh("x"), Value.of(from), Value.of(several ? whole : window.outputWidth()),
                        several ? atOnce : 1,
                        (block, x) -> each.accept(block, block.declare(scope.fresh("at"), first.plus(x)), top,
                                x.times(g.strideWidth()).plus(-g.padLeft()), several ? atOnce : 1));
            }
        });
    }

    /** A method of {@code y} and {@code column}: the rows of some lines from y on. */
    private Callee lines(int count, int together) {
        int atOnce = Math.min(rowsTogether, window.outputWidth());
        Map<Integer, Callee> parts = new HashMap<>();
        MethodScope scope = owner.method(kernel, "lines" + count + (together > 1 ? "of" + together : ""), "y",
                "column");
        slide(scope, scope.body(), scope.get("y"), lines, atOnce, (block, row, top, left, rows) -> block.call(scope
                .call(parts.computeIfAbsent(rows, number -> part(count, number, together)), row, top, left,
                        scope.get("column"))));
        return scope.end();
    }

    /** A method of {@code y}: gathers the patches of some lines from y on. */
    private Callee gatherLines() {
        Callee gather = gather();
        MethodScope scope = owner.method(kernel, "gather_lines", "y");
        slide(scope, scope.body(), scope.get("y"), lines, 1, (block, row, top, left, rows) -> block.call(scope.call(
                gather, top, left, slot(scope, row))));
        return scope.end();
    }

    /** Which patch is a row's. */
    private Value slot(MethodScope scope, Value row) {
        return patchRows() == 1 || window.outputRows() == 1
                ? Value.of(0)
                : row.minus(scope.get("y").times(window.outputWidth()));
    }

    private Callee gather() {
        return new Patches(owner, kernel, (PopcountProduct) product).anyWindow();
    }

    /** A method of {@code row}, {@code top}, {@code left} and {@code column}: so many channels of so many rows. */
    private Callee part(int count, int rows, int columns) {
        String name = "column" + count + (columns > 1 ? "of" + columns : "") + (rows > 1 ? "x" + rows : "");
        MethodScope scope = owner.method(kernel, name, "row", "top", "left", "column");
        sums.call(scope, count, rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            int row = columns > 1 ? 0 : i;
            int column = columns > 1 ? i : 0;
            finish(scope, count, scope.get("row").plus(row),
                    scope.get("left").plus(row * window.geometry().strideWidth()), scope.get("column").plus(column),
                    Value.of(i * Producer.COLUMN));
        }
        return scope.end();
    }

    /** What follows the product for one row and column. */
    private void finish(MethodScope scope, int count, Value row, Value left, Value column, Value accumulator) {
        Value top = scope.get("top");
        if (product.tapSums().isPresent()) {
            Callee padding = paddingOf.computeIfAbsent(count, new Padding(owner, kernel, product)::method);
            Value zero = product.zero().map(id -> Epilogues.zero(scope, product, owner.program().buffer(id)))
                    .orElse(Value.of(0));
            scope.body().when(WindowTaps.atBorder(window, top, left), block -> block.call(
                    scope.call(padding, top, left, column, zero, accumulator)));
        }
        Callee epilogue = epilogueOf.computeIfAbsent(count, epilogues::column);
        scope.body().call(scope.call(epilogue, row, top, left, column, accumulator));
    }

    /** The index in the i64 bank of the first word that a row's product reads. */
    private Value start(MethodScope scope) {
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
        Value inLines = lines == window.outputHeight()
                ? scope.get("row")
                : Value.binary(Operator.REMAINDER, scope.get("row"), Value.of(rows));
        return inLines.times(length).plus(patch);
    }
}
