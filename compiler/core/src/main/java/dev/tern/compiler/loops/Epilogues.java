package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The loop over a row's channels that takes each value from the producer through the epilogue's steps to its stores.
 * With a store of planes the loop runs by the channels of a word.
 */
final class Epilogues {
    /** Channels in the narrowest vectors. */
    private static final int LEAST_LANES = 4;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final ProducerGenerator producer;
    private final List<StepGenerator> steps;
    private final int channels;
    private final WordValues words;
    private final Lanes lanes;
    /** Channels that are left of whole vectors are taken in narrower ones, down to so many. */
    private final int narrowest;

    Epilogues(ProgramScope owner, PixelKernel kernel, ProducerGenerator producer) {
        this.owner = owner;
        this.kernel = kernel;
        this.producer = producer;
        this.channels = kernel.producer().channels();
        this.words = owner.words();
        this.steps = kernel.epilogue().stream()
                .map(step -> Generators.step(owner.program(), kernel.producer(), step)).toList();
        boolean bytes = producer.readsBytes() || steps.stream().anyMatch(StepGenerator::touchesBytes);
        boolean vectors = steps.stream().allMatch(StepGenerator::hasVectorForm);
        this.lanes = !vectors ? Lanes.ONE : bytes ? owner.lanesOfBytes() : owner.lanes();
        this.narrowest = Math.min(lanes.count(), bytes ? ProgramScope.LEAST_BYTES : LEAST_LANES);
    }

    /** The same written into another program, and for so many channels at a time. */
    private Epilogues(Epilogues other, ProgramScope owner, Lanes lanes, int narrowest) {
        this.owner = owner;
        this.kernel = other.kernel;
        this.producer = other.producer;
        this.channels = other.channels;
        this.words = other.words;
        this.steps = other.steps;
        this.lanes = lanes;
        this.narrowest = narrowest;
    }

    /** A routine of {@code row}, {@code top} and {@code left}: all channels of a row. */
    Callee row() {
        return withinLimit(Epilogues::wholeRow);
    }

    /**
     * A routine of {@code row}, {@code top}, {@code left}, {@code column} and {@code accumulator}, the first of the
     * row's: so many of the 64 channels of a column, whose accumulators hold no others, of neighbouring rows, whose
     * accumulators follow each other.
     */
    Callee column(int count, int rows) {
        return withinLimit(epilogues -> epilogues.oneColumn(count, rows));
    }

    /**
     * Written for vectors of channels, for narrower ones of what is left of them, and for single ones; where a routine
     * cannot hold all, without the narrower ones, or for one by one.
     */
    private Callee withinLimit(Function<Epilogues, Callee> writer) {
        if (!lanes.many() || fits(writer, narrowest)) {
            return writer.apply(this);
        }
        return writer.apply(fits(writer, lanes.count())
                ? new Epilogues(this, owner, lanes, lanes.count())
                : new Epilogues(this, owner, Lanes.ONE, 1));
    }

    private boolean fits(Function<Epilogues, Callee> writer, int least) {
        ProgramScope trial = owner.trial();
        writer.apply(new Epilogues(this, trial, lanes, least));
        return trial.withinLimit();
    }

    /**
     * Whether neighbouring rows can go through all steps as one, from where their values lie and back: what the steps
     * read beside these are constants, and whole rows are stored at the end, one after the other.
     */
    boolean takesRowsAsOne() {
        List<Step> steps = kernel.epilogue();
        return !lanes.many() && steps.getLast() instanceof Step.StorePlain(BufferId output, int stride, int offset)
                && stride == channels && offset == 0 && owner.program().buffer(output).role() != Buffer.Role.SCRATCH
                && owner.program().buffer(output).bank() == Bank.F32
                && ValueKind.of(kernel.producer()).equals(ValueKind.FLOAT)
                && steps.subList(0, steps.size() - 1).stream().allMatch(step -> switch (step) {
                    case Step.Rescale rescale -> !rescale.perRow();
                    case Step.Activation(var function) -> function.hasVectorForm();
                    case Step.Multiply _,Step.Affine _,Step.WithConstant _ -> true;
                    default -> false;
                });
    }

    /**
     * A routine that takes so many rows, whose values follow each other from the first element of a buffer on, through
     * all steps but the store.
     */
    Callee rowsAsOne(BufferId values, int rows) {
        RoutineScope scope = owner.routine(kernel, "epilogue");
        StepScope at = new StepScope(scope, owner.program(), kernel, List.of(), Lanes.ONE, false, rows);
        scope.body().loop("n", 0, rows * channels, (loop, n) -> {
            Flow flow = new Flow(scope.element(values, n));
            for (StepGenerator step : steps.subList(0, steps.size() - 1)) {
                flow = step.apply(at, loop, flow, n);
            }
            loop.store(scope.element(values, n), flow.value());
        });
        return scope.end();
    }

    /** The buffer that {@link #rowsAsOne rows taken as one} go to. */
    BufferId stored() {
        return ((Step.StorePlain) kernel.epilogue().getLast()).output();
    }

    private Callee wholeRow() {
        RoutineScope scope = owner.routine(kernel, "epilogue", "row", "top", "left");
        List<PlaneStore> planes = planes(scope);
        Channels each = channels(scope, planes);
        if (planes.isEmpty() && !lanes.many() && realScale().isPresent()) {
            Value scale = Scales.scaleBeforeLoops(scope, realScale().get());
            Value numbers = scale.greaterThan(Value.of(0f)).andAlso(scale.is(Relation.AT_MOST, Value.of(
                    Float.MAX_VALUE)));
            scope.body().when(numbers,
                    block -> range(scope, block, Value.of(0), channels, channels(scope, planes, true)),
                    block -> range(scope, block, Value.of(0), channels, each));
        } else if (planes.isEmpty()) {
            range(scope, scope.body(), Value.of(0), channels, each);
        } else if (channels <= words.bits()) {
            word(scope, scope.body(), Value.of(0), Value.of(0), channels, planes, each);
        } else if (lanes.many()) {
            int whole = channels / words.bits();
            int rest = channels % words.bits();
            scope.body().loop("word", 0, whole, (block, word) -> word(scope, block, word,
                    block.declare("start", words.start(word)), words.bits(), planes, each));
            if (rest != 0) {
                word(scope, scope.body(), Value.of(whole), Value.of(channels - rest), rest, planes, each);
            }
        } else {
            scope.body().loop("word", 0, words.word().count(channels), (block, word) -> {
                Value left = Value.of(channels).minus(words.start(word));
                Value count = channels % words.bits() == 0
                        ? Value.of(words.bits())
                        : block.declare("count", MathFunction.MIN_INT.of(Value.of(words.bits()), left));
                scalarWord(block, word, block.declare("start", words.start(word)), count, planes, each);
            });
        }
        return scope.end();
    }

    /** The scale that tells whether there is a NaN among the values, if a step asks for that. */
    private Optional<Step.ScaleSource> realScale() {
        return kernel.epilogue().stream().filter(Step.QuantizeToReal.class::isInstance)
                .map(step -> ((Step.QuantizeToReal) step).scale()).<Step.ScaleSource>map(scale -> scale).findFirst();
    }

    private Callee oneColumn(int count, int rows) {
        RoutineScope scope = owner.routine(kernel, "epilogue" + count + (rows > 1 ? "x" + rows : ""), "row", "top",
                "left", "column", "accumulator");
        // The JIT compiler needs no check of an index whose bounds it sees.
        int last = (channels - 1) / Producer.COLUMN;
        Local column = scope.body().declare("word", MathFunction.MIN_INT.of(
                scope.get("column").and(Value.of(Integer.MAX_VALUE)), Value.of(last)));
        Local start = scope.body().declare("start", words.start(column));
        if (rows == 1) {
            oneRow(scope, scope.body(), column, start, count);
        } else {
            Local row = scope.get("row");
            Local accumulator = scope.get("accumulator");
            scope.body().loop("j", 0, rows, (loop, j) -> {
                scope.eachRow(loop, row.plus(j));
                scope.rebind(loop, "accumulator", accumulator.plus(j.times(Producer.COLUMN)));
                oneRow(scope, loop, column, start, count);
            });
        }
        return scope.end();
    }

    /** So many channels from the first of a column on. */
    private void oneRow(RoutineScope scope, Block block, Local column, Local start, int count) {
        List<PlaneStore> planes = planes(scope);
        Channels each = channels(scope, planes);
        if (planes.isEmpty()) {
            range(scope, block, start, count, each);
        } else {
            word(scope, block, column, start, count, planes, each);
        }
    }

    /** The same for vectors of no more than so many channels. */
    Epilogues ofVectors(int most) {
        return lanes.count() <= most ? this : new Epilogues(this, owner, new Lanes(most), narrowest);
    }

    /** Channels of a vector. */
    int width() {
        return lanes.count();
    }

    /**
     * Whether each vector of channels can go through all steps by itself, as soon as it is there: there are whole
     * vectors only, and no words that rows share.
     */
    boolean takesVectors() {
        return lanes.many() && lanes.count() >= narrowest && channels % lanes.count() == 0
                && words.bits() % lanes.count() == 0 && steps.stream().allMatch(StepGenerator::rowsAreApart)
                && kernel.epilogue().stream().noneMatch(step -> step instanceof Step.StorePlanes store
                        && store.flattened() && kernel.producer().rows() > 1);
    }

    /** The steps of one vector of channels of the routine's row. @param n the first of them */
    void vector(RoutineScope scope, Block block, Value value, Local n) {
        List<PlaneStore> planes = planes(scope);
        Local bit = planes.isEmpty() ? null : block.declare(scope.fresh("bit"), n.and(Value.of(words.bits() - 1)));
        planes.forEach(store -> {
            store.begin(block);
            store.at(bit, bit);
        });
        StepScope at = new StepScope(scope, owner.program(), kernel, planes, lanes);
        Flow flow = new Flow(value);
        for (StepGenerator step : steps) {
            flow = step.apply(at, block, flow, n);
        }
        planes.forEach(store -> {
            if (channels <= lanes.count()) {
                store.end(block, Value.of(0), Value.of(channels));
            } else {
                store.endPart(block, words.index(n), bit);
            }
        });
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
        return channels(scope, planes, false);
    }

    private Channels channels(RoutineScope scope, List<PlaneStore> planes, boolean noNaN) {
        return (block, n, i, width) -> {
            StepScope at = new StepScope(scope, owner.program(), kernel, planes, width, noNaN, 1);
            Flow flow = new Flow(producer.value(scope, n, i, width));
            for (StepGenerator step : steps) {
                flow = step.apply(at, block, flow, n);
            }
        };
    }

    /** A vector of channels at a time, then what is left in narrower vectors, then one by one. */
    private void range(RoutineScope scope, Block block, Value start, int count, Channels each) {
        int from = 0;
        for (int width = lanes.count(); lanes.many() && width >= narrowest; width /= 2) {
            int end = count - (count - from) % width;
            if (from < end) {
                part(scope, block, start, from, end, new Lanes(width), each);
                from = end;
            }
        }
        if (from < count) {
            part(scope, block, start, from, count, Lanes.ONE, each);
        }
    }

    private static void part(RoutineScope scope, Block block, Value start, int from, int end, Lanes width,
            Channels each) {
        block.loop(scope.fresh(width.many() ? "i" : "n"), Value.of(from), Value.of(end), width.count(),
                (loop, i) -> each.accept(loop, index(scope, loop, start, i), i, width));
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
        range(scope, block, start, count, (loop, n, i, width) -> {
            planes.forEach(store -> store.at(i, i));
            each.accept(loop, n, i, width);
        });
        planes.forEach(store -> store.end(block, word, Value.of(count)));
    }

    /** The channels of one word. Codes of several planes are taken several at a time, see {@link PlaneStore}. */
    private void scalarWord(Block block, Value word, Value start, Value count, List<PlaneStore> planes,
            Channels each) {
        planes.forEach(store -> store.begin(block));
        boolean first = start.equals(Value.of(0));
        if (planes.stream().noneMatch(PlaneStore::byBytes)) {
            block.loop("bit", Value.of(0), count, 1, (loop, bit) -> {
                planes.forEach(store -> store.at(bit, bit));
                each.accept(loop, first ? bit : loop.declare("n", start.plus(bit)), bit, Lanes.ONE);
            });
        } else {
            block.loop("eighth", Value.of(0), count, words.bytes(), (outer, eighth) -> {
                planes.forEach(store -> store.beginBytes(outer));
                outer.loop("i", Value.of(0), bytes(outer, count, eighth), 1, (loop, i) -> {
                    Local bit = loop.declare("bit", eighth.plus(i));
                    planes.forEach(store -> store.at(bit, i));
                    each.accept(loop, first ? bit : loop.declare("n", start.plus(bit)), bit, Lanes.ONE);
                });
                planes.forEach(store -> store.endBytes(outer, eighth));
            });
        }
        planes.forEach(store -> store.end(block, word, count));
    }

    /** As many channels as a word has bytes, or what is left of them. */
    private Value bytes(Block block, Value count, Value eighth) {
        int bytes = words.bytes();
        boolean whole = count instanceof Immediate constant && (Integer) constant.literal() % bytes == 0;
        return whole
                ? Value.of(bytes)
                : block.declare("end", MathFunction.MIN_INT.of(Value.of(bytes), count.minus(eighth)));
    }

    /** Routines without parameters that prepare what the epilogue stores to, to be called before the first row. */
    List<Callee> beginnings() {
        return steps.stream().flatMap(step -> step.beginning(owner, kernel).stream()).toList();
    }

    /** Routines of {@code from} and {@code to}, to be called before these rows. */
    List<Callee> openings() {
        return steps.stream().flatMap(step -> step.opening(owner, kernel).stream()).toList();
    }

    /** Whether rows, and columns of a row, may run at the same time. */
    boolean rowsAreApart() {
        return steps.stream().allMatch(StepGenerator::rowsAreApart);
    }
}
