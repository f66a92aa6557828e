package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.TileBlock;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Products in tiles of some rows by some vectors of channels, whose sums stay in registers while a loop runs over all
 * values of a window, line by line:
 *
 * <pre>
 * for line: for k: w0, w1 = weights[panel][line, k]; for row:
 *     x = broadcast(input[first + line distance + k + distance[row]]); sum[row][0] += x * w0; sum[row][1] += x * w1
 * </pre>
 *
 * A panel passes over all rows of a {@link TileBlock}, tile by tile, before the next one does: so it is read from the
 * second-level cache or beyond once for all of them. Rows are divided among tiles as evenly as can be, and where a line
 * does not come out even, across lines ({@link TileRows}).
 *
 * <p>The padding lies in the input, so that no window needs a branch or a copy. The values of a line lie one after the
 * other, so that the JIT compiler looks at the bounds of arrays before the loop over them. Where they do not, in
 * dilated windows, where registers do not hold all that a step reads ({@link TileSteps#fits}), and where sums are of a
 * part of the steps, how far a value is from a window's first is a table. Rows differ by constants, so that all
 * addresses of a step share one index. Codes are multiplied by FMA, exactly; f32 are multiplied, then added.
 *
 * <p>Where one row goes through many weights, these are less of the memory, which is what such a row waits for: the
 * upper halves of f32, which hold all of a code and take one instruction each to be f32; or codes in bytes, which take
 * two, where vectors of 512 bits leave these the time.
 *
 * <p>In lanes of 16 bits k counts pairs of values: an int of the input holds two, and the lanes of a channel take a sum
 * of each. In bytes an int holds a value twice, and a lane of 16 bits the sums of two channels. So many steps as fit
 * are taken at a time, then the sums go through memory, see {@link NarrowSums} and {@link ByteTiles}.
 *
 * <p>Exact sums in f32 of many steps become ints in a routine of their own, and are added there to those of earlier
 * steps where not all are exact together: with that after the loop, the JIT compiler keeps some of the sums in memory
 * for all of the loop's steps, which takes a half to three quarters of its speed.
 */
final class TileProducts implements ColumnProducer {
    private static final String[] ALL_STEPS = {"start", "weights", "accumulator"};
    private static final String[] SOME_STEPS = {"start", "weights", "accumulator", "first"};

    /**
     * Some steps of a tile.
     *
     * @param distances from the first row's window to that of each row
     */
    private record TilePass(int vectors, List<Integer> distances, int steps) {
        int rows() {
            return distances.size();
        }

        private TilePass of(int number) {
            return new TilePass(vectors, distances, number);
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final TileProduct product;
    private final TileSteps tileSteps;
    /** Whether the steps of a window are taken in several passes. */
    private final boolean several;
    /** Whether exact sums in f32 become ints apart from the loop. */
    private final boolean apart;
    private final Map<TilePass, Callee> passes = new HashMap<>();
    private final Map<TilePass, Callee> panels = new HashMap<>();
    private final Map<String, Callee> sums = new HashMap<>();
    private final Map<String, Callee> whole = new HashMap<>();
    private final NarrowSums narrowSums;
    private final Optional<ByteTiles> byteTiles;
    private final TileBlock block;
    private final TileRows rows;

    TileProducts(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.tileSteps = new TileSteps(owner, kernel, product);
        this.several = product.exact() < product.steps();
        this.apart = !tileSteps.narrow() && !product.floating() && (several || product
                .form() != TileProduct.Form.FLOATS);
        this.narrowSums = new NarrowSums(owner, kernel, product);
        this.byteTiles = product.lane() == Lane.I8
                ? Optional.of(new ByteTiles(owner, kernel, product, tileSteps, narrowSums))
                : Optional.empty();
        this.block = TileBlock.of(product.shape());
        this.rows = new TileRows(owner, kernel, product);
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
        return block.rows();
    }

    @Override
    public int linesTogether() {
        return block.lines();
    }

    @Override
    public boolean anyRows() {
        return true;
    }

    @Override
    public void addTo(RoutineScope scope, int count, int all, int columns) {
        if (columns != 1) {
            throw new IllegalArgumentException(columns + " columns of tiles at once");
        }
        int width = tileSteps.width();
        int panelLength = product.steps() * tileSteps.length();
        CallSequence calls = new CallSequence(owner, kernel, "tiles" + count + "x" + all + "_", "row", "top", "left",
                "column");
        for (int i = 0; i * width < count; i++) {
            int present = Math.min(tileSteps.vectors(), (count - i * width + product.vectorChannels() - 1) / product
                    .vectorChannels());
            int panel = i;
            Function<RoutineScope, Value> weights = caller -> caller.get("column").times(Producer.COLUMN / width)
                    .plus(panel).times(panelLength);
            Value accumulator = Value.of(panel * width);
            if (tileSteps.narrow()) {
                Callee steps = sums(all, present, product.steps());
                calls.add(caller -> caller.call(steps, start(caller, product), weights.apply(caller), accumulator));
                continue;
            }
            for (int from = 0; from < product.steps(); from += product.exact()) {
                Callee steps = sums(all, present, Math.min(product.exact(), product.steps() - from));
                Value target = Value.of(panel * width + (apart && from > 0 ? behind() : 0));
                Value first = Value.of(from);
                calls.add(caller -> call(caller, steps, start(caller, product), weights.apply(caller), target, first));
                if (apart) {
                    Callee finish = whole(all, present, from > 0);
                    calls.add(caller -> caller.call(finish, accumulator));
                }
            }
        }
        calls.addTo(scope, scope.body());
    }

    /** A routine of what a tile takes: some steps of so many vectors of a panel, for all rows. */
    private Callee sums(int all, int vectors, int steps) {
        String name = "sums" + all + "x" + vectors + (steps < product.steps() ? "of" + steps : "");
        Callee known = sums.get(name);
        if (known == null) {
            known = rows.over(name, all, vectors, distances -> tile(new TilePass(vectors, distances, steps)),
                    tileSteps.narrow() ? ALL_STEPS : tileParameters());
            sums.put(name, known);
        }
        return known;
    }

    /** A routine of one tile and all that belongs to it. */
    private Callee tile(TilePass pass) {
        return switch (product.lane()) {
            case F32 -> pass(pass);
            case I16 -> panels.computeIfAbsent(pass, this::shorts);
            case I8 -> panels.computeIfAbsent(pass, all -> byteTiles.orElseThrow().all(name("bytes", all), all
                    .distances(), all.vectors()));
        };
    }

    /** Where sums that are not the first lie until they are added: behind the accumulators. */
    private int behind() {
        return block.count() * Producer.COLUMN;
    }

    /**
     * A routine of {@code accumulator} that makes ints of exact sums in f32: those of a first part lie in the
     * accumulators themselves, those of a later one are added to them.
     */
    private Callee whole(int all, int vectors, boolean adds) {
        return whole.computeIfAbsent("whole" + all + "x" + vectors + (adds ? "add" : ""), name -> {
            RoutineScope scope = owner.routine(kernel, name, "accumulator");
            Lanes lanes = new Lanes(product.lanes());
            scope.body().loop("row", 0, all, (loop, row) -> {
                Local first = loop.declare("first", scope.get("accumulator").plus(row.times(Producer.COLUMN)));
                for (int i = 0; i < vectors; i++) {
                    Value at = first.plus(i * product.lanes());
                    Value.ArrayElement target = scope.element(product.accumulator(), at);
                    Value sum = VectorValue.reinterpret(lanes.read(adds
                            ? scope.element(product.accumulator(), at.plus(behind()))
                            : target), ValueType.FLOAT);
                    lanes.write(loop, target, adds ? lanes.read(target).plus(ints(product, sum)) : ints(product, sum));
                }
            });
            return scope.end();
        });
    }

    /**
     * A call of a tile, or of many.
     *
     * @param weights where those of the panel begin
     * @param first the step that it begins with
     */
    private Value.Call call(RoutineScope caller, Callee tile, Value start, Value weights, Value accumulator,
            Value first) {
        Value skipped = first instanceof Immediate known
                ? Value.of((Integer) known.literal() * tileSteps.length())
                : first.times(tileSteps.length());
        List<Value> arguments = new ArrayList<>(List.of(start, weights.plus(skipped), accumulator));
        if (several) {
            arguments.add(first);
        }
        return caller.call(tile, arguments.toArray(Value[]::new));
    }

    private Value.Call call(RoutineScope caller, TilePass pass, Value first) {
        return call(caller, pass(pass), caller.get("start"), caller.get("weights"), caller.get("accumulator"), first);
    }

    /** A routine of {@code start}, {@code weights} and {@code accumulator}: all steps of a panel in 16 bits. */
    private Callee shorts(TilePass all) {
        CallSequence calls = new CallSequence(owner, kernel, name("shorts", all) + "_", ALL_STEPS);
        for (int from = 0; from < all.steps(); from += product.exact()) {
            int first = from;
            TilePass pass = all.of(Math.min(product.exact(), all.steps() - from));
            Callee widening = narrowSums.widening(all.rows(), all.vectors(), from > 0);
            calls.add(caller -> call(caller, pass, Value.of(first)));
            calls.add(caller -> caller.call(widening, caller.get("accumulator")));
        }
        RoutineScope scope = owner.routine(kernel, name("shorts", all), ALL_STEPS);
        calls.addTo(scope, scope.body());
        return scope.end();
    }

    /** The index, in the input, of the first value of a row's window. */
    static Value start(RoutineScope scope, TileProduct product) {
        Geometry g = product.window().geometry();
        Value pixel = product.window().direct()
                ? scope.get("row")
                : scope.get("top").plus(g.padTop()).times(product.image().paddedWidth())
                        .plus(scope.get("left").plus(g.padLeft()));
        return pixel.times(product.pixelElements());
    }

    /** A name that says where rows are no neighbours. */
    private String name(String verb, TilePass pass) {
        StringBuilder name = new StringBuilder(verb).append(pass.rows()).append('x').append(pass.vectors);
        if (pass.steps < product.steps()) {
            name.append("of").append(pass.steps);
        }
        for (int row = 1; row < pass.rows(); row++) {
            if (pass.distances.get(row) - pass.distances.get(row - 1) != rows.rowDistance()) {
                name.append('_').append(row);
            }
        }
        return name.toString();
    }

    private String[] tileParameters() {
        return several ? SOME_STEPS : ALL_STEPS;
    }

    private Callee pass(TilePass pass) {
        return passes.computeIfAbsent(pass, this::emit);
    }

    /**
     * A routine of {@code start}, {@code weights} and {@code accumulator}, the panel's first channel in its column, and
     * of {@code first}, the step that it begins with, where that is not always the same.
     */
    private Callee emit(TilePass pass) {
        RoutineScope scope = owner.routine(kernel, name("tile", pass), tileParameters());
        Block body = scope.body();
        Local panels = scope.field(tileSteps.panels());
        ProgramScope.WindowOffsets window = tileSteps.window();
        List<List<Local>> sums = tileSteps.sums(body, pass.rows(), pass.vectors());
        int line = window.pixels() * window.values();
        if (pass.steps() == product.steps() && window.consecutiveInLines() && tileSteps.fits(pass.rows(), pass
                .vectors())) {
            body.loop("line", 0, window.lines(), (outer, number) -> {
                Local first = outer.declare("weightsOfLine", scope.get("weights").plus(number.times(line * tileSteps
                        .length())));
                Local start = outer.declare("startOfLine", scope.get("start").plus(number.times(window
                        .lineDistance())));
                outer.loop("k", 0, line, (loop, k) -> tileSteps.add(scope, loop, panels, loop.declare("at", first.plus(k
                        .times(tileSteps.length()))), loop.declare("from", start.plus(k)), pass.distances(), sums));
            });
        } else {
            Local offsets = window.consecutive() ? null : scope.field(owner.offsets(window));
            body.loop("k", 0, pass.steps(), (loop, k) -> {
                Local at = loop.declare("at", scope.get("weights").plus(k.times(tileSteps.length())));
                Value step = several ? scope.get("first").plus(k) : k;
                tileSteps.add(scope, loop, panels, at, loop.declare("from", scope.get("start").plus(offsets == null
                        ? step
                        : offsets.at(step))), pass.distances(), sums);
            });
        }
        for (int row = 0; row < pass.rows(); row++) {
            for (int i = 0; i < pass.vectors(); i++) {
                Value sum = sums.get(row).get(i);
                if (tileSteps.narrow()) {
                    narrowSums.store(scope, body, Value.of(0), pass.vectors(), row, i, sum);
                } else {
                    new Lanes(product.lanes()).write(body, sum(scope, row, i), product.floating()
                            ? sum
                            : apart ? VectorValue.reinterpret(sum, ValueType.INT) : ints(product, sum));
                }
            }
        }
        return scope.end();
    }

    /**
     * Exact sums in f32 as ints: of small ones by the bits of their sum with 1.5 * 2^23, where a conversion by Java's
     * rules takes several instructions more for what is out of range.
     */
    static Value ints(TileProduct product, Value sum) {
        return product.small()
                ? VectorValue.reinterpret(sum.plus(Value.of(QuantizerSteps.ROUNDING)), ValueType.INT).minus(Value.of(
                        Float.floatToRawIntBits(QuantizerSteps.ROUNDING)))
                : sum.to(ValueType.INT);
    }

    private Value.ArrayElement sum(RoutineScope scope, int row, int vector) {
        return scope.element(product.accumulator(), scope.get("accumulator").plus(row * Producer.COLUMN + vector
                * product.lanes()));
    }

}
