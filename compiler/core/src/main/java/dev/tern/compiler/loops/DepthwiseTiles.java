package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
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
 * Products where each channel has its own weights. Those of a vector of channels stay in registers while a loop runs
 * along a line:
 *
 * <pre>
 * w0..w8 = weights[vector]; for row: sum = 0; for tap: sum += w[tap] * input[first + offset[tap] + row * distance]
 * </pre>
 *
 * All distances are constants. Of windows with more taps than registers hold weights some are taken at a time. Where
 * one pass takes them all, the epilogue follows at once, vector by vector; else sums go through the accumulators.
 */
final class DepthwiseTiles implements ColumnProducer {
    /** Weights in registers: those of a 3x3 window, which with a sum and a product are 11 of the 16 that AVX2 has. */
    private static final int TAPS = 9;

    private record Pass(int rows, int from, int to) {
        String name() {
            return "line" + rows + (from > 0 ? "_" + from : "");
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final TileProduct product;
    private final VectorOf floats;
    private final int taps;
    private final Epilogues epilogues;
    private final boolean finishes;
    private final Map<Pass, Callee> passes = new HashMap<>();
    private final Map<Vectors, Callee> vectorsOf = new HashMap<>();

    private DepthwiseTiles(ProgramScope owner, PixelKernel kernel, TileProduct product, boolean finishes) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.floats = new VectorOf(ValueType.FLOAT, product.lanes());
        this.taps = product.window().geometry().taps();
        this.epilogues = new Epilogues(owner, kernel, this);
        this.finishes = finishes;
    }

    static DepthwiseTiles of(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        ProgramScope trial = owner.trial();
        DepthwiseTiles finishing = new DepthwiseTiles(trial, kernel, product, true);
        boolean possible = finishing.taps <= finishing.step() && finishing.epilogues.takesVectors(product.lanes());
        if (possible) {
            finishing.emit(new Pass(finishing.rowsTogether(), 0, finishing.taps));
        }
        return new DepthwiseTiles(owner, kernel, product, possible && trial.withinLimit());
    }

    /** Taps that are taken at a time. */
    private int step() {
        return Math.min(TAPS, product.exact());
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
    public boolean finishes() {
        return finishes;
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
        // A whole column and what is left of one may take as many vectors.
        Callee vectors = vectorsOf.computeIfAbsent(
                new Vectors((count + product.lanes() - 1) / product.lanes(), rows), v -> vectors(v.count, v.rows));
        Value first = scope.get("column").times(Producer.COLUMN);
        Value start = TileProducts.start(scope, product).plus(first);
        Value weights = scope.get("column").times(Producer.COLUMN * taps);
        scope.body().call(finishes
                ? scope.call(vectors, start, weights, scope.get("row"), first)
                : scope.call(vectors, start, weights));
    }

    /** So many vectors of channels of so many rows. */
    private record Vectors(int count, int rows) {
    }

    /**
     * A routine of {@code start}, {@code weights} and, to finish, {@code row} and {@code channel}: so many vectors of
     * channels, one after the other.
     */
    private Callee vectors(int count, int rows) {
        List<Callee> lines = new ArrayList<>();
        for (int from = 0; from < taps; from += step()) {
            lines.add(passes.computeIfAbsent(new Pass(rows, from, Math.min(taps, from + step())), this::emit));
        }
        String[] parameters = finishes
                ? new String[]{"start", "weights", "row", "channel"}
                : new String[]{"start", "weights"};
        RoutineScope scope = owner.routine(kernel, "vectors" + count + "x" + rows, parameters);
        int lanes = product.lanes();
        scope.body().loop("i", Value.of(0), Value.of(count * lanes), lanes, (loop, i) -> {
            Value start = scope.get("start").plus(i);
            Value weights = scope.get("weights").plus(i.times(taps));
            lines.forEach(line -> loop.call(finishes
                    ? scope.call(line, start, weights, scope.get("channel").plus(i), scope.get("row"))
                    : scope.call(line, start, weights, i)));
        });
        return scope.end();
    }

    /**
     * One vector of channels of some rows: a routine of {@code start}, {@code weights} and {@code accumulator}, or to
     * finish of {@code start}, {@code weights}, {@code channel} and {@code first}, the row.
     */
    private Callee emit(Pass pass) {
        RoutineScope scope = finishes
                ? owner.routine(kernel, pass.name(), "start", "weights", "channel", "first")
                : owner.routine(kernel, pass.name(), "start", "weights", "accumulator");
        Block body = scope.body();
        Local panels = scope.field(
                owner.panels(new ProgramScope.Panels(product.weights(), product.channels(), product.lanes(), product
                        .lane(), 0)));
        List<Local> weights = new ArrayList<>();
        for (int tap = pass.from(); tap < pass.to(); tap++) {
            weights.add(body.declare("tap" + tap,
                    VectorValue.load(floats, panels, scope.get("weights").plus(tap * product.lanes()))));
        }
        body.loop("j", 0, pass.rows(), (loop, j) -> {
            if (finishes) {
                scope.eachRow(loop, scope.get("first").plus(j));
                Local sum = sum(scope, loop, j, pass, weights, VectorValue.broadcast(floats, Value.of(0f)));
                epilogues.vector(scope, loop, whole(sum), scope.get("channel"));
                return;
            }
            Value.ArrayElement target = scope.element(product.accumulator(),
                    scope.get("accumulator").plus(j.times(Producer.COLUMN)));
            Lanes lanes = new Lanes(product.lanes());
            Local sum = sum(scope, loop, j, pass, weights, pass.from() > 0 && product.floating()
                    ? lanes.read(target)
                    : VectorValue.broadcast(floats, Value.of(0f)));
            lanes.write(loop, target, pass.from() > 0 && !product.floating()
                    ? lanes.read(target).plus(whole(sum))
                    : whole(sum));
        });
        return scope.end();
    }

    private Value whole(Local sum) {
        return product.floating() ? sum : sum.to(ValueType.INT);
    }

    /** What the taps of a pass come to in row {@code j}. @param before what earlier ones came to */
    private Local sum(RoutineScope scope, Block loop, Value j, Pass pass, List<Local> weights, Value before) {
        Geometry g = product.window().geometry();
        Local from = loop.declare("from", scope.get("start").plus(j.times(TileProducts.rowDistance(product))));
        Local sum = loop.declare("sum", before);
        for (int tap = pass.from(); tap < pass.to(); tap++) {
            int distance = (tap / g.kernelWidth() * g.dilationHeight() * product.image().paddedWidth()
                    + tap % g.kernelWidth() * g.dilationWidth()) * product.pitch();
            Value.ArrayElement first = scope.element(product.input(), from.plus(distance));
            loop.assign(sum, TileProducts.plusProduct(product, sum, weights.get(tap - pass.from()),
                    VectorValue.load(floats, first.array(), first.index())));
        }
        return sum;
    }
}
