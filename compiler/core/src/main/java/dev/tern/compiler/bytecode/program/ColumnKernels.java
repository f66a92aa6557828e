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
import java.util.Arrays;
import java.util.HashMap;
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
 * Neighbouring rows of a line may have their products computed together, so that each weight is loaded once for them.
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
    /** Rows whose products are computed together, as many as there are accumulators for. */
    private final int together;

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
        this.together = owner.program().buffer(product.accumulator()).length() / Producer.COLUMN;
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
        int columns = product.channels() / Producer.COLUMN;
        int rest = product.channels() % Producer.COLUMN;
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
            Callee whole = columns > 0 ? part(Producer.COLUMN, 1) : null;
            Callee last = rest > 0 ? part(rest, 1) : null;
            slide(scope, body, Value.of(0), window.outputHeight(), 1, (block, row, top, left, count) -> {
                block.call(scope.call(gather, top, left, Value.of(0)));
                columns(scope, block, columns, whole, last, new Value[]{row, top, left});
            });
            return scope.end();
        }
        Callee gather = patchRows() > 0 ? gatherLines() : null;
        Callee wholeLines = columns > 0 ? lines(Producer.COLUMN) : null;
        Callee lastLines = rest > 0 ? lines(rest) : null;
        body.loop("y", Value.of(0), Value.of(window.outputHeight()), lines, (block, y) -> {
            if (gather != null) {
                block.call(scope.call(gather, y));
            }
            columns(scope, block, columns, wholeLines, lastLines, new Value[]{y});
        });
        return scope.end();
    }

    /** Calls a method for every column, which it takes as its last argument. */
    private void columns(MethodScope scope, Block block, int columns, Callee whole, Callee last, Value[] arguments) {
        if (columns == 1) {
            block.call(scope.call(whole, with(arguments, Value.of(0))));
        } else if (columns > 1 && last == null) {
            block.loop(scope.fresh("column"), 0, columns,
                    (loop, column) -> loop.call(scope.call(whole, with(arguments, column))));
        } else if (columns > 1) {
            block.call(scope.call(wholeColumns(columns, whole, arguments.length), arguments));
        }
        if (last != null) {
            block.call(scope.call(last, with(arguments, Value.of(columns))));
        }
    }

    /**
     * A method of the parameters before the column that runs all whole columns. Were the loop in the method that runs
     * the last column as well, the JIT compiler would compile that as soon as the loop is hot, when it knows nothing yet
     * of the types of vectors that the last column has, and would make objects of them.
     */
    private Callee wholeColumns(int columns, Callee whole, int count) {
        String[] names = count == 1 ? new String[]{"y"} : new String[]{"row", "top", "left"};
        MethodScope scope = owner.method(kernel, "columns", names);
        Value[] arguments = Arrays.stream(names).map(scope::get).toArray(Value[]::new);
        scope.body().loop("column", 0, columns,
                (loop, column) -> loop.call(scope.call(whole, with(arguments, column))));
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
         */
        void call(MethodScope scope, int count, int rows);
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
    private Callee lines(int count) {
        int atOnce = Math.min(together, window.outputWidth());
        Map<Integer, Callee> parts = new HashMap<>();
        MethodScope scope = owner.method(kernel, "lines" + count, "y", "column");
        slide(scope, scope.body(), scope.get("y"), lines, atOnce, (block, row, top, left, rows) -> block.call(scope
                .call(parts.computeIfAbsent(rows, number -> part(count, number)), row, top, left,
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
    private Callee part(int count, int rows) {
        Callee epilogue = epilogueOf.computeIfAbsent(count, epilogues::column);
        Callee padding = product.tapSums().isEmpty()
                ? null
                : paddingOf.computeIfAbsent(count, new Padding(owner, kernel, product)::method);
        MethodScope scope = owner.method(kernel, "column" + count + (rows > 1 ? "x" + rows : ""), "row", "top", "left",
                "column");
        Block body = scope.body();
        Value top = scope.get("top");
        sums.call(scope, count, rows);
        for (int i = 0; i < rows; i++) {
            Value row = scope.get("row").plus(i);
            Value left = scope.get("left").plus(i * window.geometry().strideWidth());
            Value accumulator = Value.of(i * Producer.COLUMN);
            if (padding != null) {
                Value zero = product.zero().map(id -> Epilogues.zero(scope, product, owner.program().buffer(id)))
                        .orElse(Value.of(0));
                body.when(WindowTaps.atBorder(window, top, left), block -> block.call(
                        scope.call(padding, top, left, scope.get("column"), zero, accumulator)));
            }
            body.call(scope.call(epilogue, row, top, left, scope.get("column"), accumulator));
        }
        return scope.end();
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
