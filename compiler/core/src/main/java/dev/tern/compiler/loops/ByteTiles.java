package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.BytePasses;
import dev.tern.compiler.kernel.BytePasses.Batch;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.TileProduct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Tiles of bytes: the sums of each of the {@link BytePasses} wait in memory, some passes later they go into shorts, and
 * after many into the accumulators.
 *
 * <pre>
 * for line: for pass: sum = start; for k of pass: sum += x * w; waiting[line, pass] = sum
 * for line, pass: highs += waiting[line, pass] >> 8; all += waiting[line, pass]
 * </pre>
 */
final class ByteTiles {
    private static final String FIRST = "first";
    private static final String[] PARAMETERS = {"start", "weights", "accumulator"};

    /** A routine that is the same for all batches of a size. */
    private record Key(List<Integer> distances, int vectors, int lines, int steps, int passes) {
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final TileProduct product;
    private final TileSteps steps;
    private final NarrowSums sums;
    private final BytePasses passes;
    private final ProgramScope.WindowOffsets window;
    private final Map<Key, Callee> routines = new HashMap<>();

    ByteTiles(ProgramScope owner, PixelKernel kernel, TileProduct product, TileSteps steps, NarrowSums sums) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.steps = steps;
        this.sums = sums;
        this.passes = product.bytePasses();
        this.window = steps.window();
    }

    /**
     * A routine of {@code start}, {@code weights} and {@code accumulator}: all steps of a panel.
     *
     * @param distances from the first row's window to that of each row
     */
    Callee all(String name, List<Integer> distances, int vectors) {
        CallSequence calls = new CallSequence(owner, kernel, name + "_", PARAMETERS);
        int rows = distances.size();
        int summed = 0;
        boolean finished = false;
        for (Batch batch : passes.batches()) {
            Callee waiting = waiting(name, distances, vectors, batch);
            calls.add(caller -> call(caller, waiting, batch));
            Callee shorts = sums.shorts(rows, vectors, batch.allPasses(), summed > 0);
            calls.add(caller -> caller.call(shorts));
            summed += batch.allPasses();
            if (batch.ends()) {
                sums.finish(rows, vectors, summed, finished).forEach(finish -> calls.add(caller -> caller.call(finish,
                        caller.get("accumulator"), channel(caller))));
                finished = true;
                summed = 0;
            }
        }
        RoutineScope scope = owner.routine(kernel, name, PARAMETERS);
        calls.addTo(scope, scope.body());
        return scope.end();
    }

    /** The first channel of a panel. */
    private Value channel(RoutineScope caller) {
        return caller.get("weights").dividedBy(Value.of(product.steps() * steps.length())).times(steps.width());
    }

    private boolean table() {
        return !window.consecutiveInLines();
    }

    private Value.Call call(RoutineScope caller, Callee waiting, Batch batch) {
        Value weights = caller.get("weights").plus((batch.line() * passes.steps() + batch.from()) * steps.length());
        Value start = caller.get("start");
        return table()
                ? caller.call(waiting, start, weights, Value.of(batch.from()))
                : caller.call(waiting, start.plus(batch.line() * window.lineDistance() + batch.from()), weights);
    }

    /**
     * A routine of {@code start} and {@code weights}, and of the step that it begins with where a table says how far a
     * value is from the first: the sums of a batch.
     */
    private Callee waiting(String name, List<Integer> distances, int vectors, Batch batch) {
        return routines.computeIfAbsent(new Key(distances, vectors, batch.lines(), batch.steps(), batch.passes()),
                key -> {
                    String own = name + "_" + key.lines + "x" + key.steps + "by" + key.passes;
                    RoutineScope scope = table()
                            ? owner.routine(kernel, own, "start", "weights", FIRST)
                            : owner.routine(kernel, own, "start", "weights");
                    new Waiting(scope, key).add();
                    return scope.end();
                });
    }

    private final class Waiting {
        private final RoutineScope scope;
        private final Key key;
        private final int part;
        private final Local panels;
        private final Local offsets;

        Waiting(RoutineScope scope, Key key) {
            this.scope = scope;
            this.key = key;
            this.part = Math.min(key.steps, passes.part());
            this.panels = scope.field(steps.panels());
            this.offsets = table() ? scope.field(owner.offsets(window)) : null;
        }

        void add() {
            Value weights = scope.get("weights");
            Value start = scope.get("start");
            loop(scope.body(), "line", key.lines, (ofLine, line) -> {
                boolean first = line.equals(Value.of(0));
                Value weightsOfLine = first
                        ? weights
                        : ofLine.declare("weightsOfLine", weights.plus(line.times(key.steps * steps.length())));
                Value startOfLine = first
                        ? start
                        : ofLine.declare("startOfLine", start.plus(line.times(window.lineDistance())));
                loop(ofLine, "pass", key.passes, (block, pass) -> pass(block, weightsOfLine, startOfLine, pass, line
                        .times(key.passes).plus(pass)));
            });
        }

        private void pass(Block block, Value weights, Value start, Value pass, Value number) {
            List<List<Local>> tile = steps.sums(block, key.distances.size(), key.vectors);
            Value from = key.passes == 1 ? Value.of(0) : block.declare("firstOfPass", pass.times(part));
            Value end = key.passes == 1
                    ? Value.of(key.steps)
                    : key.steps % part == 0
                            ? from.plus(part)
                            : MathFunction.MIN_INT.of(from.plus(part), Value.of(key.steps));
            block.loop("k", from, block.declare("endOfPass", end), 1, (loop, k) -> {
                Local at = loop.declare("at", weights.plus(k.times(steps.length())));
                Local value = loop.declare("from", start.plus(offsets == null
                        ? k
                        : offsets.at(scope.get(FIRST).plus(k))));
                steps.add(scope, loop, panels, at, value, key.distances, tile);
            });
            for (int row = 0; row < tile.size(); row++) {
                for (int i = 0; i < key.vectors; i++) {
                    sums.store(scope, block, number, key.vectors, row, i, tile.get(row).get(i));
                }
            }
        }

        private void loop(Block block, String name, int times, BiConsumer<Block, Value> body) {
            if (times == 1) {
                body.accept(block, Value.of(0));
            } else {
                block.loop(name, 0, times, body::accept);
            }
        }
    }
}
