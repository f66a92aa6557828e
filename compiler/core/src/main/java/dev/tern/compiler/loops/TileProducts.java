package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products in tiles of some rows by some vectors of channels, whose sums stay in registers while one loop runs over all
 * values of a window:
 *
 * <pre>
 * for k: w0, w1 = weights[panel][k]; for row: x = broadcast(input[first + offset[k] + row * distance]);
 *     sum[row][0] += x * w0; sum[row][1] += x * w1
 * </pre>
 *
 * The padding lies in the input, so that no window needs a branch or a copy; how far a value is from a window's first
 * is a table, or k itself. Rows differ by a constant, so that all addresses of a step share one index. Codes are
 * multiplied by FMA, exactly; f32 are multiplied, then added.
 */
final class TileProducts implements ColumnProducer {
    private record Pass(int vectors, int rows, int from, int to) {
        String name() {
            return "tile" + rows + "x" + vectors + (from > 0 ? "_" + from : "");
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final TileProduct product;
    private final VectorOf floats;
    /** Vectors in a panel. */
    private final int vectors;
    private final Map<Pass, Callee> passes = new HashMap<>();

    TileProducts(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.floats = new VectorOf(ValueType.FLOAT, product.lanes());
        this.vectors = ((Tiles) kernel.schedule()).vectors();
    }

    @Override
    public Window window() {
        return product.window();
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        return lanes.read(scope.element(product.accumulator(), scope.get("accumulator").plus(i)));
    }

    @Override
    public int rowsTogether() {
        return ((Tiles) kernel.schedule()).rows();
    }

    @Override
    public void addTo(RoutineScope scope, int count, int rows, int columns) {
        if (columns != 1) {
            throw new IllegalArgumentException(columns + " columns of tiles at once");
        }
        int width = vectors * product.lanes();
        int panelLength = product.depth() * width;
        CallSequence calls = new CallSequence(owner, kernel, "tiles" + count + "x" + rows + "_", "row", "top", "left",
                "column");
        for (int i = 0; i * width < count; i++) {
            int present = Math.min(vectors, (count - i * width + product.lanes() - 1) / product.lanes());
            int panel = i;
            for (int from = 0; from < product.depth(); from += product.exact()) {
                int first = from;
                Callee pass = pass(
                        new Pass(present, rows, from, Math.min(product.depth(), from + product.exact())));
                calls.add(caller -> caller.call(pass, start(caller, product), caller.get("column")
                        .times(Producer.COLUMN / width).plus(panel).times(panelLength).plus(first * width),
                        Value.of(panel * width)));
            }
        }
        calls.addTo(scope, scope.body());
    }

    /** The index, in the input, of the first value of a row's window. */
    static Value start(RoutineScope scope, TileProduct product) {
        Geometry g = product.window().geometry();
        Value pixel = product.window().direct()
                ? scope.get("row")
                : scope.get("top").plus(g.padTop()).times(product.image().paddedWidth())
                        .plus(scope.get("left").plus(g.padLeft()));
        return pixel.times(product.pitch());
    }

    /** From a value of a row's window to the same of its neighbour's. */
    static int rowDistance(TileProduct product) {
        return product.window().geometry().strideWidth() * product.pitch();
    }

    private Callee pass(Pass pass) {
        Callee known = passes.get(pass);
        if (known == null) {
            known = emit(pass);
            passes.put(pass, known);
        }
        return known;
    }

    /** A routine of {@code start}, {@code weights} and {@code accumulator}, the panel's first channel in its column. */
    private Callee emit(Pass pass) {
        RoutineScope scope = owner.routine(kernel, pass.name(), "start", "weights", "accumulator");
        Block body = scope.body();
        Geometry g = product.window().geometry();
        Local weights = scope.field(owner.panels(new ProgramScope.Panels(product.weights(), product.channels(),
                vectors * product.lanes())));
        ProgramScope.WindowOffsets window = new ProgramScope.WindowOffsets(g.kernelHeight(),
                g.dilationHeight() * product.image().paddedWidth() * product.pitch(), g.kernelWidth(),
                g.dilationWidth() * product.pitch(), product.inputChannels());
        Local offsets = window.consecutive() ? null : scope.field(owner.offsets(window));
        List<List<Local>> sums = new ArrayList<>();
        for (int row = 0; row < pass.rows(); row++) {
            List<Local> ofRow = new ArrayList<>();
            for (int i = 0; i < pass.vectors(); i++) {
                ofRow.add(body.declare("sum" + row + "_" + i, VectorValue.broadcast(floats, Value.of(0f))));
            }
            sums.add(ofRow);
        }
        body.loop("k", pass.from(), pass.to(), (loop, k) -> {
            Local at = loop.declare("at", scope.get("weights")
                    .plus(k.minus(Value.of(pass.from())).times(vectors * product.lanes())));
            Local from = loop.declare("from", scope.get("start").plus(offsets == null ? k : offsets.at(k)));
            List<Local> w = new ArrayList<>();
            for (int i = 0; i < pass.vectors(); i++) {
                w.add(loop.declare("w" + i, VectorValue.load(floats, weights, at.plus(i * product.lanes()))));
            }
            for (int row = 0; row < pass.rows(); row++) {
                Local x = loop.declare("x" + row, VectorValue.broadcast(floats,
                        scope.element(product.input(), from.plus(row * rowDistance(product)))));
                for (int i = 0; i < pass.vectors(); i++) {
                    Local sum = sums.get(row).get(i);
                    loop.assign(sum, plusProduct(product, sum, w.get(i), x));
                }
            }
        });
        for (int row = 0; row < pass.rows(); row++) {
            for (int i = 0; i < pass.vectors(); i++) {
                store(scope, product, sums.get(row).get(i),
                        scope.get("accumulator").plus(row * Producer.COLUMN + i * product.lanes()), pass.from() == 0);
            }
        }
        return scope.end();
    }

    /** Codes have the same sums however they are added. */
    static Value plusProduct(TileProduct product, Value sum, Value weight, Value x) {
        return product.floating() ? sum.plus(weight.times(x)) : MathFunction.FMA.of(weight, x, sum);
    }

    /** Puts sums into the accumulators of neighbouring channels. @param first whether nothing is there yet */
    static void store(RoutineScope scope, TileProduct product, Value sum, Value index, boolean first) {
        Lanes lanes = new Lanes(product.lanes());
        Value.ArrayElement target = scope.element(product.accumulator(), index);
        Value whole = product.floating() ? sum : sum.to(ValueType.INT);
        lanes.write(scope.body(), target, first ? whole : lanes.read(target).plus(whole));
    }
}
