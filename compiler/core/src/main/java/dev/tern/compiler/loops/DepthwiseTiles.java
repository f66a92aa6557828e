package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
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
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.loops.ProgramScope.PanelForm;
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
 * All distances are constants. Of windows with more taps than registers hold weights some are taken at a time. Codes
 * whose sums fit are taken in lanes of 16 bits, twice as many channels at a time, and stay in 16 bits in the
 * accumulators. Where one pass takes all taps the epilogue follows at once, vector by vector, and no sum goes through
 * memory: an array begins anywhere, and what has been stored across two cache lines is waited for.
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
    private final boolean shorts;
    /** As vectors lie in arrays: of f32, or of ints that hold two shorts. */
    private final VectorOf stored;
    private final int taps;
    private final Epilogues epilogues;
    private final boolean finishes;
    private final Map<Pass, Callee> passes = new HashMap<>();
    private final Map<Vectors, Callee> vectorsOf = new HashMap<>();

    private DepthwiseTiles(ProgramScope owner, PixelKernel kernel, TileProduct product, boolean finishes) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.shorts = product.lane() == Lane.I16;
        this.stored = new VectorOf(shorts ? ValueType.INT : ValueType.FLOAT, product.lanes());
        this.taps = product.window().geometry().taps();
        this.epilogues = new Epilogues(owner, kernel, this).ofVectors(product.vectorChannels());
        this.finishes = finishes;
    }

    static DepthwiseTiles of(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        ProgramScope trial = owner.trial();
        DepthwiseTiles finishing = new DepthwiseTiles(trial, kernel, product, true);
        boolean possible = finishing.taps <= finishing.step() && product.channels() % product.vectorChannels() == 0
                && finishing.epilogues.takesVectors();
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
    public boolean finishes() {
        return finishes;
    }

    @Override
    public Window window() {
        return product.window();
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        Value at = scope.get("accumulator").plus(i);
        return shorts ? ofShorts(scope, at, lanes) : lanes.read(scope.element(product.accumulator(), at));
    }

    /** Sums of 16 bits as ints. @param at which of them, the first */
    private Value ofShorts(RoutineScope scope, Value at, Lanes lanes) {
        Value.ArrayElement pair = scope.element(product.accumulator(), at.shiftRight(1));
        if (lanes.many()) {
            return VectorValue.reinterpret(new Lanes(lanes.count() / 2).read(pair), ValueType.Primitive.SHORT)
                    .to(ValueType.INT);
        }
        Value inFront = Value.of(1).minus(at.and(Value.of(1))).times(Short.SIZE);
        return Value.binary(Operator.SHIFT_LEFT, pair, inFront).shiftRight(Short.SIZE);
    }

    @Override
    public int rowsTogether() {
        return ((Tiles) kernel.schedule()).rows();
    }

    @Override
    public int linesTogether() {
        return window().lines(rowsTogether());
    }

    @Override
    public void addTo(RoutineScope scope, int count, int rows, int columns) {
        if (columns != 1) {
            throw new IllegalArgumentException(columns + " columns of tiles at once");
        }
        // A whole column and what is left of one may take as many vectors.
        Callee vectors = vectorsOf.computeIfAbsent(
                new Vectors((count + product.vectorChannels() - 1) / product.vectorChannels(), rows), v -> vectors(
                        v.count, v.rows));
        int column = Producer.COLUMN / product.vectorChannels() * product.lanes();
        Value start = TileProducts.start(scope, product).plus(scope.get("column").times(column));
        Value weights = scope.get("column").times(column * taps);
        scope.body().call(finishes
                ? scope.call(vectors, start, weights, scope.get("row"), scope.get("column").times(Producer.COLUMN))
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
        int channels = product.vectorChannels() / lanes;
        scope.body().loop("element", Value.of(0), Value.of(count * lanes), lanes, (loop, element) -> {
            Value start = scope.get("start").plus(element);
            Value weights = scope.get("weights").plus(element.times(taps));
            Value channel = element.times(channels);
            lines.forEach(line -> loop.call(finishes
                    ? scope.call(line, start, weights, scope.get("channel").plus(channel), scope.get("row"))
                    : scope.call(line, start, weights, channel)));
        });
        return scope.end();
    }

    /**
     * One vector of channels of some rows: a routine of {@code start}, {@code weights} and {@code accumulator}, or to
     * finish of {@code start}, {@code weights}, {@code channel} and {@code row}, the first one.
     */
    private Callee emit(Pass pass) {
        RoutineScope scope = finishes
                ? owner.routine(kernel, pass.name(), "start", "weights", "channel", "row")
                : owner.routine(kernel, pass.name(), "start", "weights", "accumulator");
        Block body = scope.body();
        Local panels = scope.field(
                owner.panels(new ProgramScope.Panels(product.weights(), product.channels(), product.vectorChannels(),
                        shorts ? PanelForm.SHORTS : PanelForm.FLOATS, 0)));
        List<Local> weights = new ArrayList<>();
        for (int tap = pass.from(); tap < pass.to(); tap++) {
            weights.add(body.declare("tap" + tap, load(panels.at(scope.get("weights").plus(tap * product.lanes())))));
        }
        int width = window().inLines() ? Math.min(pass.rows(), window().outputWidth()) : pass.rows();
        if (width == pass.rows()) {
            rows(scope, body, pass, weights, scope.get("start"), Value.of(0), width);
            return scope.end();
        }
        int lineDistance = window().geometry().strideHeight() * product.image().paddedWidth() * product.pixelElements();
        body.loop("y", 0, pass.rows() / width, (line, y) -> rows(scope, line, pass, weights,
                line.declare("lineStart", scope.get("start").plus(y.times(lineDistance))),
                line.declare("lineRow", y.times(width)), width));
        return scope.end();
    }

    /** Neighbouring rows of a line. @param before rows of the routine that lie before them */
    private void rows(RoutineScope scope, Block block, Pass pass, List<Local> weights, Value start, Value before,
            int count) {
        block.loop("j", 0, count, (loop, j) -> {
            Value row = before.equals(Value.of(0)) ? j : before.plus(j);
            Value.ArrayElement target = accumulator(scope, finishes
                    ? Value.of(0)
                    : scope.get("accumulator").plus(row.times(Producer.COLUMN)));
            Local sum = sum(scope, loop, pass, weights, start.plus(j.times(new TileRows(owner, kernel, product)
                    .rowDistance())), target);
            if (!finishes) {
                store(loop, pass, sum, target);
                return;
            }
            scope.eachRow(loop, scope.parameter("row").plus(row));
            if (!shorts) {
                epilogues.vector(scope, loop, whole(sum), scope.get("channel"));
                return;
            }
            VectorOf ints = new VectorOf(ValueType.INT, epilogues.width());
            for (int part = 0; part * epilogues.width() < product.vectorChannels(); part++) {
                Local channel = loop.declare(scope.fresh("channelOfPart"), scope.get("channel").plus(part * epilogues
                        .width()));
                Value sums = epilogues.width() == product.vectorChannels()
                        ? sum.to(ValueType.INT)
                        : VectorValue.part(sum, ints, part);
                epilogues.vector(scope, loop, loop.declare(scope.fresh("part"), sums), channel);
            }
        });
    }

    /**
     * What the taps of a pass come to in a row. @param first where its window begins, @param target its accumulators
     */
    private Local sum(RoutineScope scope, Block loop, Pass pass, List<Local> weights, Value first,
            Value.ArrayElement target) {
        Geometry g = window().geometry();
        Local from = loop.declare("from", first);
        Local sum = shorts ? null : loop.declare("sum", start(pass, target));
        for (int tap = pass.from(); tap < pass.to(); tap++) {
            int distance = (tap / g.kernelWidth() * g.dilationHeight() * product.image().paddedWidth()
                    + tap % g.kernelWidth() * g.dilationWidth()) * product.pixelElements();
            Value x = load(scope.element(product.input(), from.plus(distance)));
            Local weight = weights.get(tap - pass.from());
            if (sum == null) {
                sum = loop.declare("sum", weight.times(x));
            } else {
                loop.assign(sum, TileSteps.plusProduct(product, sum, weight, x));
            }
        }
        return sum;
    }

    private Value.ArrayElement accumulator(RoutineScope scope, Value first) {
        return scope.element(product.accumulator(), shorts ? first.shiftRight(1) : first);
    }

    private Value load(Value.ArrayElement first) {
        Value vector = VectorValue.load(stored, first.array(), first.index());
        return shorts ? VectorValue.reinterpret(vector, ValueType.Primitive.SHORT) : vector;
    }

    /** What sums of f32 lanes begin with: f32 are added in order, through all passes. */
    private Value start(Pass pass, Value.ArrayElement target) {
        return pass.from() > 0 && product.floating()
                ? new Lanes(product.lanes()).read(target)
                : VectorValue.broadcast(stored, Value.of(0f));
    }

    private void store(Block block, Pass pass, Local sum, Value.ArrayElement target) {
        if (shorts) {
            Value all = pass.from() > 0 ? load(target).plus(sum) : sum;
            new Lanes(product.lanes()).write(block, target, VectorValue.reinterpret(all, ValueType.INT));
            return;
        }
        Lanes lanes = new Lanes(product.lanes());
        lanes.write(block, target, pass.from() > 0 && !product.floating()
                ? lanes.read(target).plus(TileProducts.ints(product, sum))
                : product.floating() ? sum : TileProducts.ints(product, sum));
    }

    private Value whole(Local sum) {
        return product.floating() ? sum : sum.to(ValueType.INT);
    }
}
