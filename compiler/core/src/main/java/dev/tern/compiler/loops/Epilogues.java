package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The loop over a row's channels that takes each value from the producer through the epilogue's steps to its stores.
 * With a store of planes the loop runs by words of 64 channels.
 */
final class Epilogues {
    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final int channels;
    private final Lanes lanes;

    Epilogues(ProgramScope owner, PixelKernel kernel) {
        this(owner, kernel, kernel.epilogue().stream().allMatch(step -> hasVectorForm(owner.program(), step))
                ? touchesBytes(owner.program(), kernel) ? owner.lanesOfBytes() : owner.lanes()
                : Lanes.ONE);
    }

    private Epilogues(ProgramScope owner, PixelKernel kernel, Lanes lanes) {
        this.owner = owner;
        this.kernel = kernel;
        this.channels = kernel.producer().channels();
        this.lanes = lanes;
    }

    /** Whether vectors of channels can take a step; thresholds of several levels must lie level by level for that. */
    private static boolean hasVectorForm(KernelProgram program, Step step) {
        return EpilogueSteps.hasVectorForm(step) && !(step instanceof Step.Threshold threshold
                && !threshold.byLevel() && threshold.levels() > 1
                && program.constant(threshold.thresholds()).length() > threshold.levels());
    }

    /** Whether elements in bytes are read or written channel by channel. */
    private static boolean touchesBytes(KernelProgram program, PixelKernel kernel) {
        boolean reads = switch (kernel.producer()) {
            case Producer.Load load -> load.bank() == Bank.I8;
            case Producer.LoadConstant load -> load.bank() == Bank.I8;
            case Producer.Pool pool -> pool.bank() == Bank.I8;
            case Producer.PackedProduct _ -> false;
            case Producer.MultiplyProduct _ -> false;
            case Producer.TileProduct _ -> false;
        };
        return reads || kernel.epilogue().stream().anyMatch(step -> step instanceof Step.WithCodes
                || step instanceof Step.StorePlain store && program.buffer(store.output()).bank() == Bank.I8);
    }

    /** A method of {@code row}, {@code top} and {@code left}: all channels of a row. */
    Callee method() {
        return withinBudget(Epilogues::wholeRow);
    }

    /**
     * A method of {@code row}, {@code top}, {@code left}, {@code column} and {@code accumulator}, the first of the
     * row's: so many of the 64 channels of a column, whose accumulators hold no others.
     */
    Callee column(int count) {
        return withinBudget(epilogues -> epilogues.oneColumn(count));
    }

    /**
     * Written for vectors of channels and for what is left of them; where a method cannot hold both, for one by one.
     */
    private Callee withinBudget(Function<Epilogues, Callee> writer) {
        if (lanes.many()) {
            ProgramScope trial = owner.trial();
            writer.apply(new Epilogues(trial, kernel, lanes));
            if (!trial.withinLimit()) {
                return writer.apply(new Epilogues(owner, kernel, Lanes.ONE));
            }
        }
        return writer.apply(this);
    }

    private Callee wholeRow() {
        RoutineScope scope = owner.method(kernel, "epilogue", "row", "top", "left");
        List<PlaneStore> planes = planes(scope);
        Channels each = channels(scope, planes);
        if (planes.isEmpty()) {
            range(scope, scope.body(), Value.of(0), Value.of(0), channels, each);
        } else if (channels <= 64) {
            word(scope, scope.body(), Value.of(0), Value.of(0), channels, planes, each);
        } else if (lanes.many()) {
            scope.body().loop("word", 0, channels >>> 6, (block, word) -> word(scope, block, word,
                    block.declare("start", word.shiftLeft(6)), 64, planes, each));
            if (channels % 64 != 0) {
                word(scope, scope.body(), Value.of(channels >>> 6), Value.of(channels & ~63), channels & 63, planes,
                        each);
            }
        } else {
            scope.body().loop("word", 0, channels + 63 >>> 6, (block, word) -> {
                Value left = Value.of(channels).minus(word.shiftLeft(6));
                Value count = channels % 64 == 0
                        ? Value.of(64)
                        : block.declare("count", MathFunction.MIN_INT.of(Value.of(64), left));
                scalarWord(block, word, block.declare("start", word.shiftLeft(6)), count, planes, each);
            });
        }
        return scope.end();
    }

    private Callee oneColumn(int count) {
        RoutineScope scope = owner.method(kernel, "epilogue" + count, "row", "top", "left", "column", "accumulator");
        List<PlaneStore> planes = planes(scope);
        Channels each = channels(scope, planes);
        // The JIT compiler needs no check of an index whose bounds it sees.
        int last = (channels - 1) / Producer.COLUMN;
        Local column = scope.body().declare("word", MathFunction.MIN_INT.of(
                scope.get("column").and(Value.of(Integer.MAX_VALUE)), Value.of(last)));
        Local start = scope.body().declare("start", column.shiftLeft(6));
        if (planes.isEmpty()) {
            range(scope, scope.body(), start, Value.of(0), count, each);
        } else {
            word(scope, scope.body(), column, start, count, planes, each);
        }
        return scope.end();
    }

    private List<PlaneStore> planes(RoutineScope scope) {
        return kernel.epilogue().stream().filter(Step.StorePlanes.class::isInstance)
                .map(step -> new PlaneStore(scope, (Step.StorePlanes) step, owner.program(), kernel.producer(),
                        lanes))
                .toList();
    }

    /** What happens to the channels from n on. @param i the first one's number in its column */
    private interface Channels {
        void accept(Block block, Value n, Local i, Lanes lanes);
    }

    private Channels channels(RoutineScope scope, List<PlaneStore> planes) {
        return (block, n, i, width) -> {
            EpilogueSteps steps = new EpilogueSteps(scope, owner.program(), kernel, planes, width);
            EpilogueSteps.Flow flow = new EpilogueSteps.Flow(produced(scope, n, i, width));
            for (Step step : kernel.epilogue()) {
                flow = steps.apply(block, step, flow, n);
            }
        };
    }

    /** A vector of channels at a time, then the rest one by one. */
    private void range(RoutineScope scope, Block block, Value start, Value first, int count, Channels each) {
        int whole = count - count % lanes.count();
        if (lanes.many() && whole > 0) {
            block.loop(scope.fresh("i"), first, Value.of(whole), lanes.count(),
                    (loop, i) -> each.accept(loop, index(scope, loop, start, i), i, lanes));
        }
        if (!lanes.many() || whole < count) {
            block.loop(scope.fresh("n"), lanes.many() ? Value.of(whole) : first, Value.of(count), 1,
                    (loop, i) -> each.accept(loop, index(scope, loop, start, i), i, Lanes.ONE));
        }
    }

    private static Value index(RoutineScope scope, Block block, Value start, Value i) {
        return start.equals(Value.of(0)) ? i : block.declare(scope.fresh("n"), start.plus(i));
    }

    /** The channels of one word, {@code count} of them. */
    private void word(RoutineScope scope, Block block, Value word, Value start, int count, List<PlaneStore> planes,
            Channels each) {
        if (!lanes.many()) {
            scalarWord(block, word, start, Value.of(count), planes, each);
            return;
        }
        planes.forEach(store -> store.begin(block));
        range(scope, block, start, Value.of(0), count, (loop, n, i, width) -> {
            planes.forEach(store -> store.at(i, i));
            each.accept(loop, n, i, width);
        });
        planes.forEach(store -> store.end(block, word, Value.of(count)));
    }

    /** The channels of one word. Codes of several planes are taken eight at a time, see {@link PlaneStore}. */
    private void scalarWord(Block block, Value word, Value start, Value count, List<PlaneStore> planes,
            Channels each) {
        planes.forEach(store -> store.begin(block));
        boolean first = start.equals(Value.of(0));
        if (planes.stream().noneMatch(PlaneStore::byEights)) {
            block.loop("bit", Value.of(0), count, 1, (loop, bit) -> {
                planes.forEach(store -> store.at(bit, bit));
                each.accept(loop, first ? bit : loop.declare("n", start.plus(bit)), bit, Lanes.ONE);
            });
        } else {
            block.loop("eighth", Value.of(0), count, 8, (outer, eighth) -> {
                planes.forEach(store -> store.beginEight(outer));
                outer.loop("i", Value.of(0), upToEight(outer, count, eighth), 1, (loop, i) -> {
                    Local bit = loop.declare("bit", eighth.plus(i));
                    planes.forEach(store -> store.at(bit, i));
                    each.accept(loop, first ? bit : loop.declare("n", start.plus(bit)), bit, Lanes.ONE);
                });
                planes.forEach(store -> store.endEight(outer, eighth));
            });
        }
        planes.forEach(store -> store.end(block, word, count));
    }

    private static Value upToEight(Block block, Value count, Value eighth) {
        boolean whole = count instanceof Immediate constant && (Integer) constant.literal() % 8 == 0;
        return whole ? Value.of(8) : block.declare("end", MathFunction.MIN_INT.of(Value.of(8), count.minus(eighth)));
    }

    /** The producer's values for the channels of the row from n on. @param i n's number in its column */
    private Value produced(RoutineScope scope, Value n, Value i, Lanes width) {
        return switch (kernel.producer()) {
            case Producer.Load load -> scope.loaded(load.input(), inRow(scope, n), load.code(), width);
            case Producer.LoadConstant load -> RoutineScope.code(
                    width.read(scope.constant(load.constant()).at(inRow(scope, n))), load.code());
            case Producer.PackedProduct product -> {
                Value sum = width.read(scope.element(product.accumulator(), product.inColumns()
                        ? scope.get("accumulator").plus(i)
                        : n))
                        .plus(scope.perChannel(product.sums(), n, width));
                yield product.weightSums().<Value>map(sums -> sum.minus(
                        measuredZero(scope, product).times(width.read(scope.constant(sums).at(n))))).orElse(sum);
            }
            case Producer.MultiplyProduct product -> width.read(scope.element(product.accumulator(), n));
            case Producer.TileProduct product ->
                width.read(scope.element(product.accumulator(), scope.get("accumulator").plus(i)));
            case Producer.Pool pool -> Pools.direct(owner, pool)
                    ? Pools.value(scope, pool, n, width)
                    : width.read(scope.element(pool.accumulator(), n));
        };
    }

    private Value measuredZero(RoutineScope scope, Producer.PackedProduct product) {
        return scope.beforeLoops("zero", zero(scope, product, owner.program().buffer(product.zero().orElseThrow())));
    }

    /** The zero point of a row: one for all, or one for each. */
    static Value zero(RoutineScope scope, Producer.PackedProduct product, Buffer zeros) {
        BufferId id = product.zero().orElseThrow();
        return scope.element(id, zeros.length() == 1 ? Value.of(0) : scope.get("row"));
    }

    private Value inRow(RoutineScope scope, Value n) {
        return kernel.producer().rows() == 1
                ? n
                : scope.beforeLoops("input", scope.get("row").times(channels)).plus(n);
    }

    /** Methods without parameters that prepare what the epilogue stores to, to be called before the first row. */
    List<Callee> beginnings() {
        return stores().flatMap(store -> beginning(store).stream()).toList();
    }

    /**
     * Whether no two rows, and no two columns of a row, write the same element or word: they may then run at the same
     * time.
     */
    boolean rowsAreApart() {
        return stores().noneMatch(store -> switch (store) {
            case Step.StorePlain plain -> false;
            case Step.StorePlanes planes -> sharesWords(kernel.producer(), planes);
            case Step.Fold fold -> true;
        });
    }

    private Stream<Step.Store> stores() {
        return kernel.epilogue().stream().filter(Step.Store.class::isInstance).map(Step.Store.class::cast);
    }

    /** Whether the kernel must clear a flattened output before its first row, because rows share words. */
    static boolean sharesWords(Producer producer, Step.StorePlanes store) {
        return store.flattened() && producer.rows() > 1 && producer.channels() % 64 != 0;
    }

    /** A method without parameters that prepares a buffer in which rows are gathered, if the store is of that kind. */
    private Optional<Callee> beginning(Step.Store store) {
        return switch (store) {
            case Step.StorePlain plain -> Optional.empty();
            case Step.StorePlanes planes when !sharesWords(kernel.producer(), planes) -> Optional.empty();
            case Step.StorePlanes planes -> Optional.of(filled(planes.output(), Value.of(0L)));
            case Step.Fold(var kind, var output) -> Optional.of(switch (kind) {
                case SUM -> filled(output, Value.of(0L));
                case RANGE -> filled(output, Value.of(Float.POSITIVE_INFINITY),
                        Value.of(Float.NEGATIVE_INFINITY));
            });
        };
    }

    /** A method that fills equal parts of a buffer with these values. */
    private Callee filled(BufferId output, Value... values) {
        RoutineScope scope = owner.method(kernel, "begin" + output.index());
        int part = owner.program().buffer(output).length() / values.length;
        for (int i = 0; i < values.length; i++) {
            Value value = values[i];
            scope.body().loop(scope.fresh("i"), i * part, (i + 1) * part,
                    (loop, element) -> loop.store(scope.element(output, element), value));
        }
        return scope.end();
    }
}
