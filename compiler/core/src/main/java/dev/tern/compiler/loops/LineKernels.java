package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.LineParts;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Products in plain loops where each channel has its own weights: part of a line at a time, see {@link LineParts}.
 *
 * <pre>
 * for part of a line:
 *     for line of taps: lay out the values of its pixels, in int or f32, with their padding,
 *                       or move them where they were laid out for the line before
 *     for n in channels of all pixels: sums[n] = values[n] * w[0][n] + values[n + channels] * w[1][n] + ...
 *     for pixel: epilogue
 * </pre>
 *
 * Where sums are small, two lines of the output share each f32: what the taps see is {@code low + base * high} of a
 * line and the next, and so are the sums, which are exact and told apart by rounding.
 *
 * C2 makes vector code of a loop over elements of one type where what is read and what is written begin at distances
 * that are literals, and none where one may begin anywhere in the other; so what the taps see is laid out at such a
 * distance, and weights are in arrays of their own, each as long as the loop.
 */
final class LineKernels implements RowsGenerator {
    /** Products of a loop, of more of which the C2 of Java 17 makes no vector code: of ints, and of f32. */
    private static final int MOST_PRODUCTS = 4;
    private static final int MOST_FLOAT_PRODUCTS = 5;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final MultiplyProduct product;
    private final Window window;
    private final Geometry geometry;
    private final LineParts parts;
    /** Lines that are computed together. */
    private final int together;
    private final ValueType.Primitive factors;
    private final Epilogues epilogues;

    LineKernels(ProgramScope owner, PixelKernel kernel, MultiplyProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.window = product.window();
        this.geometry = window.geometry();
        this.parts = LineParts.of(product, schedule().pairs());
        this.together = parts.pairs() ? 2 : 1;
        this.factors = product.floating() ? ValueType.FLOAT : ValueType.INT;
        this.epilogues = new Epilogues(owner, kernel, new Sums());
    }

    private Lines schedule() {
        return (Lines) kernel.schedule();
    }

    /** The sums of a pixel; where they begin is the epilogue's {@code left}. */
    private final class Sums implements RowProducer {
        @Override
        public Window window() {
            return window;
        }

        @Override
        public void addTo(RoutineScope scope) {
            throw new IllegalStateException("lines are computed before their pixels");
        }

        @Override
        public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
            return lanes.read(scope.element(product.accumulator(), scope.get("left").plus(n)));
        }
    }

    /** Its units of work are lines. */
    @Override
    public KernelRoutines routines() {
        int lines = window.outputHeight();
        Callee part = someRows(window.outputWidth());
        RoutineScope scope = owner.routine(kernel, "");
        beginnings().forEach(beginning -> scope.body().call(scope.call(beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(lines)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> lines > 1 && rowsAreApart()), lines);
    }

    @Override
    public List<Callee> beginnings() {
        return epilogues.beginnings();
    }

    @Override
    public boolean rowsAreApart() {
        return epilogues.rowsAreApart();
    }

    /** Rows may begin and end within a line: its parts are computed, and some of their rows go on. */
    @Override
    public Callee someRows(int unit) {
        int width = window.outputWidth();
        List<Callee> sums = sums();
        Callee values = values();
        Optional<Callee> padding = geometry.padded() ? Optional.of(padding()) : Optional.empty();
        Optional<Callee> line = parts.slides(geometry) ? Optional.of(line(values, padding)) : Optional.empty();
        Callee part;
        Optional<Callee> next;
        if (parts.pairs()) {
            Callee further = further(line.orElseThrow());
            part = firstPair(line.orElseThrow(), further, padding, sums);
            next = Optional.of(nextPair(further, sums));
        } else {
            part = part(parts.runs() ? run(values, padding) : pixels(values, padding), sums);
            next = line.map(last -> next(last, sums));
        }
        Callee finish = finish();
        RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
        Units rows = Units.of(scope, unit, product.rows());
        Value end = rows.to().plus(width - 1).dividedBy(Value.of(width));
        Local begins = scope.body().declare("begins", rows.from().dividedBy(Value.of(width)));
        scope.body().loop("line", begins, end, together, (loop, number) -> {
            Local first = loop.declare("first", number.times(width));
            loop.loop("part", 0, parts.count(), (inner, place) -> {
                Local start = inner.declare("start", parts.count() == 1
                        ? place
                        : MathFunction.MIN_INT.of(place.times(parts.pixels()), Value.of(width - parts.pixels())));
                Local begin = inner.declare("begin", MathFunction.MAX_INT.of(place.times(parts.pixels()),
                        rows.from().minus(first)));
                Local stop = inner.declare("stop", MathFunction.MIN_INT.of(start.plus(together * parts.pixels()),
                        rows.to().minus(first)));
                inner.when(begin.lessThan(stop), block -> {
                    Value.Call whole = scope.call(part, number, start);
                    next.ifPresentOrElse(routine -> block.when(number.greaterThan(begins), after -> after.call(scope
                            .call(routine, number, start)), before -> before.call(whole)), () -> block.call(whole));
                    block.call(scope.call(finish, first, start, begin, stop));
                });
            });
        });
        return scope.end();
    }

    /** A routine of {@code first}, {@code start}, {@code begin} and {@code stop}: the epilogue of some pixels. */
    private Callee finish() {
        if (rowsAsOne()) {
            Callee epilogue = epilogues.rowsAsOne(product.accumulator(), together * parts.pixels());
            RoutineScope scope = owner.routine(kernel, "finish", "first", "start", "begin", "stop");
            Local begin = scope.get("begin");
            scope.body().call(scope.call(epilogue));
            scope.body().copy(scope.element(product.accumulator(), begin.minus(scope.get("start")).times(parts
                    .channels())), scope.element(epilogues.stored(), scope.get("first").plus(begin).times(parts
                            .channels())), scope.get("stop").minus(begin).times(parts.channels()));
            return scope.end();
        }
        Callee epilogue = epilogues.row();
        RoutineScope scope = owner.routine(kernel, "finish", "first", "start", "begin", "stop");
        scope.body().loop("pixel", scope.get("begin"), scope.get("stop"), 1, (loop, pixel) -> loop.call(scope.call(
                epilogue, scope.get("first").plus(pixel), Value.of(0), pixel.minus(scope.get("start")).times(parts
                        .channels()))));
        return scope.end();
    }

    /** C2 makes vector code of one loop over all pixels, and none of one that stores f32 of a pixel somewhere else. */
    private boolean rowsAsOne() {
        return owner.program().target().vectorized() && epilogues.takesRowsAsOne();
    }

    /** A routine of {@code line} and {@code start}, the first pixel: the sums of a part. */
    private Callee part(Callee layOut, List<Callee> sums) {
        RoutineScope scope = owner.routine(kernel, "part", "line", "start");
        Block body = scope.body();
        Local top = top(scope);
        Local left = left(scope);
        body.loop("ky", 0, geometry.kernelHeight(), (loop, ky) -> {
            Local y = loop.declare("y", top.plus(ky.times(geometry.dilationHeight())));
            if (parts.runs()) {
                loop.call(scope.call(layOut, y, left, target(ky)));
            } else {
                loop.loop("kx", 0, geometry.kernelWidth(), (inner, kx) -> inner.call(scope.call(layOut, y, left.plus(kx
                        .times(geometry.dilationWidth())), target(ky.times(geometry.kernelWidth()).plus(kx)))));
            }
        });
        sums.forEach(loop -> body.call(scope.call(loop)));
        return scope.end();
    }

    /** The same of a line that follows the one before: one line of taps is new. */
    private Callee next(Callee line, List<Callee> sums) {
        Callee moved = move(1);
        int last = geometry.kernelHeight() - 1;
        RoutineScope scope = owner.routine(kernel, "next", "line", "start");
        Block body = scope.body();
        body.call(scope.call(moved));
        body.call(scope.call(line, top(scope).plus(last), target(Value.of(last))));
        sums.forEach(loop -> body.call(scope.call(loop)));
        return scope.end();
    }

    /** A routine that moves what the taps see so many lines further. */
    private Callee move(int lines) {
        RoutineScope scope = owner.routine(kernel, "move");
        int end = parts.values() + (geometry.kernelHeight() - lines) * parts.run();
        scope.body().loop("n", parts.values(), end, (loop, n) -> loop.store(scope.element(product.accumulator(), n),
                scope.element(product.accumulator(), n.plus(lines * parts.run()))));
        return scope.end();
    }

    /**
     * A routine of {@code y} and {@code target}: a line as it is, to where another one was laid out with what lies in
     * the padding beside it.
     */
    private Callee line(Callee values, Optional<Callee> padding) {
        int channels = parts.channels();
        int before = geometry.padLeft();
        int inside = Math.max(0, Math.min(parts.span() - before, window.inputWidth()));
        RoutineScope scope = owner.routine(kernel, "line", "y", "target");
        Value.Call copy = scope.call(values, source(scope, Value.of(0)), scope.get("target").plus(before * channels),
                Value.of(inside * channels));
        if (padding.isEmpty() && !parts.pairs()) {
            scope.body().call(copy);
            return scope.end();
        }
        // Of a pair one line may lie behind the last: whatever codes are there do.
        scope.body().when(WindowTaps.within(scope.get("y"), window.inputHeight()), block -> block.call(copy),
                block -> padding.ifPresent(routine -> block.call(scope.call(routine, scope.get("target"), Value.of(parts
                        .run())))));
        return scope.end();
    }

    /** Where one of the two lines lies that share no f32 yet. */
    private int apart(int line) {
        return parts.apart(geometry) + line * parts.run();
    }

    /**
     * A routine of {@code y}: two more lines of what the taps of a pair see. The last one of before lies apart still:
     *
     * <pre>
     * shared[0..] = shared[2..]; first = line y; shared[height - 2] = second + base * first
     *                            second = line y + 1; shared[height - 1] = first + base * second
     * </pre>
     */
    private Callee further(Callee line) {
        int height = geometry.kernelHeight();
        Optional<Callee> moved = height > 2 ? Optional.of(move(2)) : Optional.empty();
        Callee share = share(height - 2, 1, 0);
        Callee shareLast = share(height - 1, 0, 1);
        RoutineScope scope = owner.routine(kernel, "further", "y");
        Block body = scope.body();
        moved.ifPresent(move -> body.call(scope.call(move)));
        body.call(scope.call(line, scope.get("y"), Value.of(apart(0))));
        body.call(scope.call(share));
        body.call(scope.call(line, scope.get("y").plus(1), Value.of(apart(1))));
        body.call(scope.call(shareLast));
        return scope.end();
    }

    private Callee share(int line, int low, int high) {
        RoutineScope scope = owner.routine(kernel, "share" + line);
        scope.body().loop("n", 0, parts.run(), (loop, n) -> loop.store(
                scope.element(product.accumulator(), n.plus(parts.values() + line * parts.run())),
                scope.element(product.accumulator(), n.plus(apart(low))).plus(scope.element(product.accumulator(), n
                        .plus(apart(high))).times(Value.of((float) schedule().base())))));
        return scope.end();
    }

    /** A routine of {@code line} and {@code start}, which is 0: the sums of a line and the next, wherever they lie. */
    private Callee firstPair(Callee line, Callee further, Optional<Callee> padding, List<Callee> sums) {
        int height = geometry.kernelHeight();
        boolean even = height % 2 == 0;
        RoutineScope scope = owner.routine(kernel, "part", "line", "start");
        Block body = scope.body();
        Local top = top(scope);
        padding.ifPresent(routine -> body.call(scope.call(routine, Value.of(apart(0)), Value.of(2 * parts.run()))));
        if (even) {
            body.call(scope.call(line, top, Value.of(apart(1))));
        }
        body.loop("y", top.plus(even ? 1 : 0), top.plus(height), 2, (loop, y) -> loop.call(scope.call(further, y)));
        sums.forEach(loop -> body.call(scope.call(loop)));
        return scope.end();
    }

    /** The same of a pair that follows the one before. */
    private Callee nextPair(Callee further, List<Callee> sums) {
        RoutineScope scope = owner.routine(kernel, "next", "line", "start");
        Block body = scope.body();
        body.call(scope.call(further, top(scope).plus(geometry.kernelHeight() - 1)));
        sums.forEach(loop -> body.call(scope.call(loop)));
        return scope.end();
    }

    /** A routine that tells the sums of two lines apart: the other line's are less than half of the base. */
    private Callee tellApart() {
        float base = schedule().base();
        RoutineScope scope = owner.routine(kernel, "apart");
        scope.body().loop("n", 0, parts.sums(), (loop, n) -> {
            Value.ArrayElement low = scope.element(product.accumulator(), n);
            Local both = loop.declare("both", low);
            Local high = loop.declare("high", both.times(Value.of(1 / base)).plus(Value.of(QuantizerSteps.ROUNDING))
                    .minus(Value.of(QuantizerSteps.ROUNDING)));
            loop.store(scope.element(product.accumulator(), n.plus(parts.sums())), high);
            loop.store(low, both.minus(high.times(Value.of(base))));
        });
        return scope.end();
    }

    private Local top(RoutineScope scope) {
        return scope.body().declare("top", scope.get("line").times(geometry.strideHeight()).plus(-geometry.padTop()));
    }

    private Local left(RoutineScope scope) {
        return scope.body().declare("left", scope.get("start").times(geometry.strideWidth()).plus(-geometry.padLeft()));
    }

    private Value target(Value number) {
        return number.times(parts.run()).plus(parts.values());
    }

    /** A routine of {@code y}, {@code left} and {@code target}: the neighbouring pixels of a line. */
    private Callee run(Callee values, Optional<Callee> outside) {
        int channels = parts.channels();
        int span = parts.span();
        if (outside.isEmpty()) {
            RoutineScope scope = owner.routine(kernel, "run", "y", "left", "target");
            scope.body().call(scope.call(values, source(scope, scope.get("left")), scope.get("target"), Value.of(span
                    * channels)));
            return scope.end();
        }
        Callee padding = outside.get();
        RoutineScope scope = owner.routine(kernel, "run", "y", "left", "target");
        Local target = scope.get("target");
        scope.body().when(WindowTaps.within(scope.get("y"), window.inputHeight()), block -> {
            // Where few pixels are computed together, all that they see may lie in the padding.
            Local before = block.declare("before", MathFunction.MIN_INT.of(Value.of(span), MathFunction.MAX_INT.of(Value
                    .of(0), Value.of(0).minus(scope.get("left")))));
            Local after = block.declare("after", MathFunction.MAX_INT.of(before, MathFunction.MIN_INT.of(Value.of(span),
                    Value.of(window.inputWidth()).minus(scope.get("left")))));
            block.call(scope.call(padding, target, before.times(channels)));
            block.call(scope.call(values, source(scope, scope.get("left").plus(before)), target.plus(before.times(
                    channels)), after.minus(before).times(channels)));
            block.call(scope.call(padding, target.plus(after.times(channels)), Value.of(span).minus(after).times(
                    channels)));
        }, block -> block.call(scope.call(padding, target, Value.of(span * channels))));
        return scope.end();
    }

    /** A routine of {@code y}, {@code left} and {@code target}: what one tap of each pixel sees. */
    private Callee pixels(Callee values, Optional<Callee> padding) {
        int channels = parts.channels();
        RoutineScope scope = owner.routine(kernel, "pixels", "y", "left", "target");
        scope.body().loop("pixel", 0, parts.pixels(), (loop, pixel) -> {
            Local x = loop.declare("x", scope.get("left").plus(pixel.times(geometry.strideWidth())));
            Local target = loop.declare("to", scope.get("target").plus(pixel.times(channels)));
            Value.Call copy = scope.call(values, source(scope, x), target, Value.of(channels));
            if (padding.isEmpty()) {
                loop.call(copy);
                return;
            }
            Value inside = WindowTaps.within(scope.get("y"), window.inputHeight())
                    .andAlso(WindowTaps.within(x, window.inputWidth()));
            Value.Call outside = scope.call(padding.get(), target, Value.of(channels));
            loop.when(inside, block -> block.call(copy), block -> block.call(outside));
        });
        return scope.end();
    }

    private Value source(RoutineScope scope, Value x) {
        return scope.get("y").times(window.inputWidth()).plus(x).times(parts.channels());
    }

    /** A routine of {@code source}, {@code target} and {@code count}: values of the input as the sums want them. */
    private Callee values() {
        RoutineScope scope = owner.routine(kernel, "values", "source", "target", "count");
        if (product.elements().floating() && owner.program().target().vectorized()) {
            scope.body().copy(scope.element(product.input(), scope.get("source")), scope.element(product.accumulator(),
                    scope.get("target")), scope.get("count"));
            return scope.end();
        }
        Value zero = product.zero().map(source -> Scales.zeroBeforeLoops(scope, source)).orElse(Value.of(0));
        scope.body().loop("n", Value.of(0), scope.get("count"), 1, (loop, n) -> {
            Value value = scope.loaded(product.input(), scope.get("source").plus(n), product.elements());
            Value real = product.zero().isPresent() ? value.minus(zero) : value;
            loop.store(scope.element(product.accumulator(), scope.get("target").plus(n)), real.to(factors));
        });
        return scope.end();
    }

    /** A routine of {@code target} and {@code count}: what the padding counts as. */
    private Callee padding() {
        RoutineScope scope = owner.routine(kernel, "padding", "target", "count");
        Value padding = Value.of(switch (product.padding()) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        }).to(factors);
        scope.body().loop("n", Value.of(0), scope.get("count"), 1, (loop, n) -> loop.store(scope.element(product
                .accumulator(), scope.get("target").plus(n)), padding));
        return scope.end();
    }

    /** Routines that together leave the sums of all taps. */
    private List<Callee> sums() {
        int taps = geometry.taps();
        int most = product.floating() ? MOST_FLOAT_PRODUCTS : MOST_PRODUCTS;
        int loops = (taps + most - 1) / most;
        Stream<Callee> products = IntStream.range(0, loops).mapToObj(i -> sums(taps * i / loops, taps * (i + 1)
                / loops));
        return Stream.concat(products, parts.pairs() ? Stream.of(tellApart()) : Stream.empty()).toList();
    }

    /** A routine that adds what some taps come to, for all channels of all pixels of a part. */
    private Callee sums(int from, int to) {
        RoutineScope scope = owner.routine(kernel, from == 0 ? "first" + to : "add" + from + "_" + to);
        Local rows = scope.field(owner.rows(new ProgramScope.Rows(product.weights(), parts.channels(), parts
                .pixels(), factors)));
        List<Local> weights = new ArrayList<>();
        for (int tap = from; tap < to; tap++) {
            weights.add(scope.body().declare("w" + tap, new Value.Row(rows, Value.of(tap))));
        }
        scope.body().loop("n", 0, parts.sums(), (loop, n) -> {
            Value.ArrayElement accumulator = scope.element(product.accumulator(), n);
            Value sum = from > 0 ? accumulator : product.floating() ? Value.of(0f) : null;
            for (int tap = from; tap < to; tap++) {
                Value value = scope.element(product.accumulator(), n.plus(parts.tap(geometry, tap)));
                Value term = value.times(weights.get(tap - from).at(n).to(factors));
                sum = sum == null ? term : sum.plus(term);
            }
            loop.store(accumulator, sum);
        });
        return scope.end();
    }
}
