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
 * All distances are constants. Of windows with more taps than registers hold weights some are taken at a time.
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
    private final Map<Pass, Callee> passes = new HashMap<>();
    private final Map<Vectors, Callee> vectorsOf = new HashMap<>();

    DepthwiseTiles(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.floats = new VectorOf(ValueType.FLOAT, product.lanes());
        this.taps = product.window().geometry().taps();
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
        // A whole column and what is left of one may take as many vectors.
        Callee vectors = vectorsOf.computeIfAbsent(
                new Vectors((count + product.lanes() - 1) / product.lanes(), rows), v -> vectors(v.count, v.rows));
        scope.body().call(scope.call(vectors, TileProducts.start(scope, product).plus(
                scope.get("column").times(Producer.COLUMN)), scope.get("column").times(Producer.COLUMN * taps)));
    }

    /** So many vectors of channels of so many rows. */
    private record Vectors(int count, int rows) {
    }

    /** A routine of {@code start} and {@code weights}: so many vectors of channels, one after the other. */
    private Callee vectors(int count, int rows) {
        int step = Math.min(TAPS, product.exact());
        List<Callee> lines = new ArrayList<>();
        for (int from = 0; from < taps; from += step) {
            lines.add(passes.computeIfAbsent(new Pass(rows, from, Math.min(taps, from + step)), this::emit));
        }
        RoutineScope scope = owner.routine(kernel, "vectors" + count + "x" + rows, "start", "weights");
        int lanes = product.lanes();
        scope.body().loop("channel", Value.of(0), Value.of(count * lanes), lanes,
                (loop, channel) -> lines.forEach(line -> loop.call(
                        scope.call(line, scope.get("start").plus(channel), scope.get("weights")
                                .plus(channel.times(taps)), channel))));
        return scope.end();
    }

    /** A routine of {@code start}, {@code weights} and {@code accumulator}: one vector of channels of some rows. */
    private Callee emit(Pass pass) {
        RoutineScope scope = owner.routine(kernel, pass.name(), "start", "weights", "accumulator");
        Block body = scope.body();
        Geometry g = product.window().geometry();
        Local panels = scope.field(
                owner.panels(new ProgramScope.Panels(product.weights(), product.channels(), product.lanes(), product
                        .lane(), 0)));
        List<Local> weights = new ArrayList<>();
        for (int tap = pass.from(); tap < pass.to(); tap++) {
            weights.add(body.declare("w" + tap,
                    VectorValue.load(floats, panels, scope.get("weights").plus(tap * product.lanes()))));
        }
        body.loop("j", 0, pass.rows(), (loop, j) -> {
            Local from = loop.declare("from", scope.get("start").plus(j.times(TileProducts.rowDistance(product))));
            Value.ArrayElement target = scope.element(product.accumulator(),
                    scope.get("accumulator").plus(j.times(Producer.COLUMN)));
            Lanes lanes = new Lanes(product.lanes());
            Value before = pass.from() > 0 && product.floating()
                    ? lanes.read(target)
                    : VectorValue.broadcast(floats, Value.of(0f));
            Local sum = loop.declare("sum", before);
            for (int tap = pass.from(); tap < pass.to(); tap++) {
                int distance = (tap / g.kernelWidth() * g.dilationHeight() * product.image().paddedWidth()
                        + tap % g.kernelWidth() * g.dilationWidth()) * product.pitch();
                Value.ArrayElement first = scope.element(product.input(), from.plus(distance));
                loop.assign(sum, TileProducts.plusProduct(product, sum, weights.get(tap - pass.from()),
                        VectorValue.load(floats, first.array(), first.index())));
            }
            Value whole = product.floating() ? sum : sum.to(ValueType.INT);
            lanes.write(loop, target, pass.from() > 0 && !product.floating() ? lanes.read(target).plus(whole) : whole);
        });
        return scope.end();
    }
}
