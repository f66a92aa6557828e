package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Immediate;
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
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.loops.ProgramScope.PanelForm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
 *
 * <p>Where one row goes through many weights, these stay codes in bytes, a quarter of the memory, until they are
 * multiplied.
 *
 * <p>In lanes of 16 bits k counts pairs of values: an int of the input holds two, and the lanes of a channel take a sum
 * of each. In bytes an int holds a value twice, and a lane of 16 bits the sums of two channels. So many steps as fit
 * are taken at a time, then the sums go through memory, see {@link NarrowSums}.
 *
 * <p>Exact sums in f32 of many steps become ints in a routine of their own, and are added there to those of earlier
 * steps where not all are exact together: with that after the loop, the JIT compiler keeps some of the sums in memory
 * for all of the loop's steps, which takes a half to three quarters of its speed.
 */
final class TileProducts implements ColumnProducer {
    /** @param adds whether sums of earlier steps are there already, for what comes after the loop */
    record TilePass(int vectors, int rows, int steps, boolean adds) {
        private TilePass alone() {
            return new TilePass(vectors, rows, steps, false);
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final TileProduct product;
    private final VectorOf floats;
    private final VectorOf ints;
    /** Vectors in a panel. */
    private final int vectors;
    /** Whether the lanes of vectors have 16 bits. */
    private final boolean narrow;
    /** Whether the steps of a window are taken in several passes. */
    private final boolean several;
    /** Whether exact sums in f32 become ints apart from the loop. */
    private final boolean apart;
    private final Map<TilePass, Callee> passes = new HashMap<>();
    private final Map<TilePass, Callee> panels = new HashMap<>();
    private final Map<TilePass, Callee> whole = new HashMap<>();
    private final NarrowSums narrowSums;

    TileProducts(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.floats = new VectorOf(ValueType.FLOAT, product.lanes());
        this.ints = new VectorOf(ValueType.INT, product.lanes());
        this.several = product.exact() < product.steps();
        this.vectors = ((Tiles) kernel.schedule()).vectors();
        this.narrow = product.lane() != Lane.F32;
        this.apart = !narrow && (several || product.weightsAsCodes());
        this.narrowSums = new NarrowSums(owner, kernel, product);
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
        int width = vectors * product.vectorChannels();
        int panelLength = product.steps() * vectors * product.lanes();
        CallSequence calls = new CallSequence(owner, kernel, "tiles" + count + "x" + rows + "_", "row", "top", "left",
                "column");
        for (int i = 0; i * width < count; i++) {
            int present = Math.min(vectors, (count - i * width + product.vectorChannels() - 1) / product
                    .vectorChannels());
            int panel = i;
            Function<RoutineScope, Value> weights = caller -> caller.get("column").times(Producer.COLUMN / width)
                    .plus(panel).times(panelLength);
            if (product.lane() == Lane.I8) {
                Callee steps = panels.computeIfAbsent(new TilePass(present, rows, product.steps(), false), this::panel);
                calls.add(caller -> caller.call(steps, start(caller, product), weights.apply(caller),
                        Value.of(panel * width)));
                continue;
            }
            for (int from = 0; from < product.steps(); from += product.exact()) {
                int first = from;
                TilePass pass = new TilePass(present, rows, Math.min(product.exact(), product.steps() - from),
                        from > 0);
                Value accumulator = Value.of(panel * width);
                Value sums = pass.adds() && !narrow ? Value.of(behind()) : accumulator;
                calls.add(caller -> call(caller, pass, start(caller, product), weights.apply(caller), sums,
                        Value.of(first)));
                if (narrow || apart) {
                    Callee finish = narrow ? narrowSums.widening(pass) : whole.computeIfAbsent(pass, this::whole);
                    calls.add(caller -> caller.call(finish, accumulator));
                }
            }
        }
        calls.addTo(scope, scope.body());
    }

    /** Where sums that are not the first lie until they are added: behind the accumulators. */
    private int behind() {
        return rowsTogether() * Producer.COLUMN;
    }

    /**
     * A routine of {@code accumulator} that makes ints of exact sums in f32: those of a first pass lie in the
     * accumulators themselves, those of a later one are added to them.
     */
    private Callee whole(TilePass pass) {
        RoutineScope scope = owner.routine(kernel, name(product, "whole", pass), "accumulator");
        Lanes lanes = new Lanes(product.lanes());
        for (int row = 0; row < pass.rows(); row++) {
            for (int i = 0; i < pass.vectors(); i++) {
                int index = row * Producer.COLUMN + i * product.lanes();
                Value.ArrayElement target = scope.element(product.accumulator(), scope.get("accumulator").plus(index));
                Value sum = VectorValue.reinterpret(lanes.read(pass.adds()
                        ? scope.element(product.accumulator(), Value.of(behind() + index))
                        : target), ValueType.FLOAT).to(ValueType.INT);
                lanes.write(scope.body(), target, pass.adds() ? lanes.read(target).plus(sum) : sum);
            }
        }
        return scope.end();
    }

    /** A call of a tile. @param weights where those of the panel begin. @param first the step that it begins with */
    private Value.Call call(RoutineScope caller, TilePass pass, Value start, Value weights, Value accumulator,
            Value first) {
        int step = vectors * product.lanes();
        Value skipped = first instanceof Immediate known
                ? Value.of((Integer) known.literal() * step)
                : first.times(step);
        List<Value> arguments = new ArrayList<>(List.of(start, weights.plus(skipped), accumulator));
        if (several) {
            arguments.add(first);
        }
        return caller.call(pass(pass), arguments.toArray(Value[]::new));
    }

    /**
     * A routine of {@code start}, {@code weights} and {@code accumulator}: all steps of a panel in bytes, which are so
     * many passes that they run in a loop.
     */
    private Callee panel(TilePass all) {
        RoutineScope scope = owner.routine(kernel, "bytes" + all.rows() + "x" + all.vectors(), "start", "weights",
                "accumulator");
        Local channel = scope.body().declare("channel", scope.get("weights")
                .dividedBy(Value.of(product.steps() * vectors * product.lanes()))
                .times(vectors * product.vectorChannels()));
        int exact = product.exact();
        int whole = all.steps() / exact;
        int passes = (all.steps() + exact - 1) / exact;
        for (int from = 0; from < passes; from += NarrowSums.MOST_PASSES) {
            int end = Math.min(passes, from + NarrowSums.MOST_PASSES);
            TilePass first = new TilePass(all.vectors(), all.rows(), exact, false);
            pass(scope, scope.body(), from < whole ? first : rest(all), false, Value.of(from * exact));
            int last = Math.min(end, whole);
            if (from + 1 < last) {
                scope.body().loop(scope.fresh("first"), Value.of((from + 1) * exact), Value.of(last * exact), exact,
                        (loop, step) -> pass(scope, loop, first, true, step));
            }
            if (whole < end && from < whole) {
                pass(scope, scope.body(), rest(all), true, Value.of(whole * exact));
            }
            narrowSums.finish(all.rows(), all.vectors(), end - from, from > 0)
                    .forEach(finish -> scope.body().call(scope.call(finish, scope.get("accumulator"), channel)));
        }
        return scope.end();
    }

    private TilePass rest(TilePass all) {
        return new TilePass(all.vectors(), all.rows(), all.steps() % product.exact(), false);
    }

    private void pass(RoutineScope scope, Block block, TilePass pass, boolean adds, Value first) {
        block.call(call(scope, pass, scope.get("start"), scope.get("weights"), scope.get("accumulator"), first));
        block.call(scope.call(narrowSums.shorts(pass.rows(), pass.vectors(), adds)));
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

    /** From a value of a row's window to the same of its neighbour's. */
    static int rowDistance(TileProduct product) {
        return product.window().geometry().strideWidth() * product.pixelElements();
    }

    private Callee pass(TilePass pass) {
        return passes.computeIfAbsent(pass.alone(), this::emit);
    }

    static String name(TileProduct product, String verb, TilePass pass) {
        boolean rest = pass.steps < product.exact();
        return verb + pass.rows + "x" + pass.vectors + (rest ? "rest" : "") + (pass.adds ? "add" : "");
    }

    /**
     * A routine of {@code start}, {@code weights} and {@code accumulator}, the panel's first channel in its column, and
     * of {@code first}, the step that it begins with, where that is not always the same.
     */
    private Callee emit(TilePass pass) {
        List<String> parameters = new ArrayList<>(List.of("start", "weights", "accumulator"));
        if (several) {
            parameters.add("first");
        }
        RoutineScope scope = owner.routine(kernel, name(product, "tile", pass), parameters.toArray(String[]::new));
        Block body = scope.body();
        Geometry g = product.window().geometry();
        Local weights = scope.field(owner.panels(panels()));
        ProgramScope.WindowOffsets window = new ProgramScope.WindowOffsets(g.kernelHeight(),
                g.dilationHeight() * product.image().paddedWidth() * product.pixelElements(), g.kernelWidth(),
                g.dilationWidth() * product.pixelElements(), product.pixelSteps());
        Local offsets = window.consecutive() ? null : scope.field(owner.offsets(window));
        List<List<Local>> sums = new ArrayList<>();
        for (int row = 0; row < pass.rows(); row++) {
            List<Local> ofRow = new ArrayList<>();
            for (int i = 0; i < pass.vectors(); i++) {
                ofRow.add(body.declare("sum" + row + "_" + i, narrow
                        ? VectorValue.broadcast(ints.as(ValueType.Primitive.SHORT), Value.of(NarrowSums.start(
                                product)))
                        : VectorValue.broadcast(floats, Value.of(0f))));
            }
            sums.add(ofRow);
        }
        body.loop("k", 0, pass.steps(), (loop, k) -> {
            Local at = loop.declare("at", scope.get("weights").plus(k.times(vectors * product.lanes())));
            Value step = several ? scope.get("first").plus(k) : k;
            Local from = loop.declare("from", scope.get("start").plus(offsets == null ? step : offsets.at(step)));
            List<Local> w = new ArrayList<>();
            for (int i = 0; i < pass.vectors(); i++) {
                w.add(loop.declare("w" + i, weights(weights, at.plus(i * product.lanes()))));
            }
            for (int row = 0; row < pass.rows(); row++) {
                Local x = loop.declare("x" + row, inLanes(VectorValue.broadcast(narrow ? ints : floats,
                        scope.element(product.input(), from.plus(row * rowDistance(product))))));
                for (int i = 0; i < pass.vectors(); i++) {
                    Local sum = sums.get(row).get(i);
                    loop.assign(sum, plusProduct(product, sum, w.get(i), x));
                }
            }
        });
        for (int row = 0; row < pass.rows(); row++) {
            for (int i = 0; i < pass.vectors(); i++) {
                Value sum = sums.get(row).get(i);
                if (narrow) {
                    narrowSums.store(scope, row, i, sum);
                } else {
                    new Lanes(product.lanes()).write(body, scope.element(product.accumulator(), scope.get("accumulator")
                            .plus(row * Producer.COLUMN + i * product.lanes())), product.floating()
                                    ? sum
                                    : apart ? VectorValue.reinterpret(sum, ValueType.INT) : sum.to(ValueType.INT));
                }
            }
        }
        return scope.end();
    }

    private ProgramScope.Panels panels() {
        int width = vectors * product.vectorChannels();
        return switch (product.lane()) {
            case F32 -> new ProgramScope.Panels(product.weights(), product.channels(), width, product.weightsAsCodes()
                    ? PanelForm.CODES
                    : PanelForm.FLOATS, 0);
            case I16 -> new ProgramScope.Panels(product.weights(), product.channels(), width, PanelForm.PAIRS, product
                    .inputChannels());
            case I8 -> new ProgramScope.Panels(product.weights(), product.channels(), width, PanelForm.BYTES, product
                    .lanes());
        };
    }

    /** A vector of weights as the tile multiplies it. */
    private Value weights(Local panels, Value index) {
        if (product.weightsAsCodes()) {
            return VectorValue.load(new VectorOf(ValueType.Primitive.BYTE, product.lanes()), panels, index).to(
                    ValueType.INT).to(ValueType.FLOAT);
        }
        return inLanes(VectorValue.load(narrow ? ints : floats, panels, index));
    }

    private Value inLanes(Value vector) {
        return narrow ? VectorValue.reinterpret(vector, ValueType.Primitive.SHORT) : vector;
    }

    /** Codes have the same sums however they are added. */
    static Value plusProduct(TileProduct product, Value sum, Value weight, Value x) {
        return product.floating() || product.lane() != Lane.F32
                ? sum.plus(weight.times(x))
                : MathFunction.FMA.of(weight, x, sum);
    }
}
