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
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Products where each channel has its own weights. A loop runs along a line, some neighbouring rows at a time, for a
 * vector of channels: what several of their windows see is loaded once, and a weight once for all of them.
 *
 * <pre>
 * for rows: sum[row] = 0; for tap: w = weights[tap]; for row:
 *     sum[row] += w * input[first + offset[tap] + distance[row]]
 * </pre>
 *
 * All distances are constants. Of windows of many taps some are taken at a time. Codes whose sums fit are taken in
 * lanes of 16 bits, twice as many channels at a time, and stay in 16 bits in the accumulators. Where one pass takes all
 * taps the epilogue follows at once, vector by vector, and no sum goes through memory: an array begins anywhere, and
 * what has been stored across two cache lines is waited for. So many rows are taken together as registers hold and the
 * JIT compiler takes with their epilogues; a loop of a few rounds costs more than the products in it, for each of its
 * beginnings looks at the bounds of all arrays.
 */
final class DepthwiseTiles implements ColumnProducer {
    /**
     * Of what a routine may be, what one of several rows may be. Of larger ones C2 leaves vectors objects: it inlines
     * no more calls at first once a method has 18,000 nodes.
     */
    private static final double SEVERAL = .4;
    /** Rounds that are not worth a loop. */
    private static final int FEW = 3;
    /** Taps of a pass: those of a 3x3 window. */
    private static final int TAPS = 9;

    /**
     * Neighbouring rows of a line that are taken together.
     *
     * @param first of them
     * @param rows of each time
     * @param times how often
     */
    private record Run(int first, int rows, int times) {
    }

    /** Some taps of some rows of a block. */
    private record Pass(int rows, Run run, int from, int to) {
        String name() {
            return "line" + rows + (run.first > 0 ? "_row" + run.first : "") + (from > 0 ? "_" + from : "");
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
    /** Rows that are taken together at most. */
    private final int together;
    private final Map<Pass, Callee> passes = new HashMap<>();
    private final Map<Vectors, Callee> vectorsOf = new HashMap<>();

    private DepthwiseTiles(ProgramScope owner, PixelKernel kernel, TileProduct product, boolean finishes,
            int together) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.shorts = product.lane() == Lane.I16;
        this.stored = new VectorOf(shorts ? ValueType.INT : ValueType.FLOAT, product.lanes());
        this.taps = product.window().geometry().taps();
        this.epilogues = new Epilogues(owner, kernel, this).ofVectors(product.vectorChannels());
        this.finishes = finishes;
        this.together = together;
    }

    static DepthwiseTiles of(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        DepthwiseTiles one = new DepthwiseTiles(owner, kernel, product, true, 1);
        boolean possible = one.taps <= one.step() && product.channels() % product.vectorChannels() == 0
                && one.epilogues.takesVectors();
        for (boolean finishes : possible ? new boolean[]{true, false} : new boolean[]{false}) {
            for (int together = one.mostTogether(); together > 0; together--) {
                ProgramScope trial = owner.trial();
                DepthwiseTiles tiles = new DepthwiseTiles(trial, kernel, product, finishes, together);
                // The first pass has the most rows and taps.
                tiles.emit(tiles.passes(tiles.rowsTogether()).getFirst());
                if (trial.withinLimit(together == 1 ? 1 : SEVERAL)) {
                    return new DepthwiseTiles(owner, kernel, product, finishes, together);
                }
            }
        }
        throw new IllegalStateException(kernel.name() + ": " + one.step() + " taps of one row are too much");
    }

    /** Rows whose sums, and what one line of their windows sees, registers hold beside a weight. */
    private int mostTogether() {
        Geometry g = window().geometry();
        int rows = 1;
        while (rows < width(rowsTogether()) && rows + 1 + seen(g, rows + 1) + 1 < TileSteps.registers(product
                .lanes())) {
            rows++;
        }
        return rows;
    }

    /** Pixels of a line that the windows of so many rows see. */
    private static int seen(Geometry g, int rows) {
        return (int) IntStream.range(0, rows * g.kernelWidth()).map(i -> i / g.kernelWidth() * g.strideWidth()
                + i % g.kernelWidth() * g.dilationWidth()).distinct().count();
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
        List<Callee> lines = passes(rows).stream().map(pass -> passes.computeIfAbsent(pass, this::emit)).toList();
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

    /** What one vector of channels of a block takes. */
    private List<Pass> passes(int rows) {
        List<Pass> all = new ArrayList<>();
        for (int from = 0; from < taps; from += step()) {
            for (Run run : runs(width(rows))) {
                all.add(new Pass(rows, run, from, Math.min(taps, from + step())));
            }
        }
        return all;
    }

    /** Rows of a line, or all where a block is no lines. */
    private int width(int rows) {
        return window().inLines() ? Math.min(rows, window().outputWidth()) : rows;
    }

    /** The rows of a line as evenly as can be; few times of as many are a run each, for want of a loop. */
    private List<Run> runs(int width) {
        int times = (width + together - 1) / together;
        int rows = width / times;
        int more = width % times;
        List<Run> runs = new ArrayList<>(runs(0, rows + 1, more));
        runs.addAll(runs(more * (rows + 1), rows, times - more));
        return runs;
    }

    private static List<Run> runs(int first, int rows, int times) {
        return times > FEW
                ? List.of(new Run(first, rows, times))
                : IntStream.range(0, times).mapToObj(i -> new Run(first + i * rows, rows, 1)).toList();
    }

    /**
     * One vector of channels of some rows: a routine of {@code start}, {@code weights} and {@code accumulator}, or to
     * finish of {@code start}, {@code weights}, {@code channel} and {@code row}, the first one.
     */
    private Callee emit(Pass pass) {
        RoutineScope scope = finishes
                ? owner.routine(kernel, pass.name(), "start", "weights", "channel", "row")
                : owner.routine(kernel, pass.name(), "start", "weights", "accumulator");
        Local panels = scope.field(
                owner.panels(new ProgramScope.Panels(product.weights(), product.channels(), product.vectorChannels(),
                        shorts ? PanelForm.SHORTS : PanelForm.FLOATS, 0)));
        int width = width(pass.rows());
        int lineDistance = window().geometry().strideHeight() * product.image().paddedWidth() * product.pixelElements();
        Run run = pass.run();
        loop(scope.body(), "y", pass.rows() / width, (line, y) -> loop(line, "j", run.times(), (block, j) -> {
            Value first = plus(plus(Value.of(run.first()), y, width), j, run.rows());
            Value start = plus(plus(scope.get("start").plus(run.first() * rowDistance()), y, lineDistance), j, run
                    .rows() * rowDistance());
            rows(scope, block, pass, panels, block.declare("from", start), first);
        }));
        return scope.end();
    }

    private static void loop(Block block, String name, int times, BiConsumer<Block, Value> body) {
        if (times == 1) {
            body.accept(block, Value.of(0));
        } else {
            block.loop(name, 0, times, body::accept);
        }
    }

    private static Value plus(Value first, Value number, int distance) {
        return number.equals(Value.of(0)) ? first : first.plus(number.times(distance));
    }

    private int rowDistance() {
        return new TileRows(owner, kernel, product).rowDistance();
    }

    /** Neighbouring rows. @param from where the window of the first one begins, whose number is {@code first} */
    private void rows(RoutineScope scope, Block block, Pass pass, Local panels, Local from, Value first) {
        List<Value.ArrayElement> targets = IntStream.range(0, pass.run().rows()).mapToObj(row -> accumulator(scope,
                finishes ? Value.of(0) : scope.get("accumulator").plus(first.plus(row).times(Producer.COLUMN))))
                .toList();
        List<Local> sums = sums(scope, block, pass, panels, from, targets);
        for (int row = 0; row < sums.size(); row++) {
            if (finishes) {
                scope.eachRow(block, scope.parameter("row").plus(first.plus(row)));
                finish(scope, block, sums.get(row));
            } else {
                store(block, pass, sums.get(row), targets.get(row));
            }
        }
    }

    private void finish(RoutineScope scope, Block block, Local sum) {
        if (!shorts) {
            epilogues.vector(scope, block, whole(sum), scope.get("channel"));
            return;
        }
        VectorOf ints = new VectorOf(ValueType.INT, epilogues.width());
        for (int part = 0; part * epilogues.width() < product.vectorChannels(); part++) {
            Local channel = block.declare(scope.fresh("channelOfPart"), scope.get("channel").plus(part * epilogues
                    .width()));
            Value sums = epilogues.width() == product.vectorChannels()
                    ? sum.to(ValueType.INT)
                    : VectorValue.part(sum, ints, part);
            epilogues.vector(scope, block, block.declare(scope.fresh("part"), sums), channel);
        }
    }

    /** What the taps of a pass come to in each row. @param targets their accumulators */
    private List<Local> sums(RoutineScope scope, Block block, Pass pass, Local panels, Local from,
            List<Value.ArrayElement> targets) {
        Geometry g = window().geometry();
        boolean added = pass.from() == 0 && !product.floating() || shorts;
        Local[] sums = new Local[targets.size()];
        Map<Integer, Local> seen = new HashMap<>();
        for (int tap = pass.from(); tap < pass.to(); tap++) {
            Local weight = block.declare(scope.fresh("weight"), load(panels.at(scope.get("weights").plus(tap * product
                    .lanes()))));
            int ofTap = (tap / g.kernelWidth() * g.dilationHeight() * product.image().paddedWidth()
                    + tap % g.kernelWidth() * g.dilationWidth()) * product.pixelElements();
            for (int row = 0; row < sums.length; row++) {
                Local x = seen.computeIfAbsent(ofTap + row * rowDistance(), distance -> block.declare(scope.fresh(
                        "seen"),
                        load(scope.element(product.input(), from.plus(distance)))));
                if (tap > pass.from()) {
                    block.assign(sums[row], TileSteps.plusProduct(product, sums[row], weight, x));
                } else if (added) {
                    sums[row] = block.declare(scope.fresh("sum"), weight.times(x));
                } else {
                    sums[row] = block.declare(scope.fresh("sum"), start(pass, targets.get(row)));
                    block.assign(sums[row], TileSteps.plusProduct(product, sums[row], weight, x));
                }
            }
        }
        return List.of(sums);
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
