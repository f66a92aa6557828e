package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.Pool;
import dev.tern.compiler.kernel.Producer.PoolKind;
import dev.tern.compiler.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * The greatest, the sum or the mean of each window. A small window is read by the epilogue's loop, value by value; a
 * large one or one at the border goes into accumulators. The greatest are taken tap after tap, along the channels;
 * means a few channels at a time, whose sums are doubles that stay in registers.
 */
final class Pools implements RowProducer {
    private static final int DIRECT_TAPS = 9;
    /** Sums that are under way at the same time, so that none waits for the one before: of numbers, and of vectors. */
    private static final int SUMS = 8;
    private static final int VECTOR_SUMS = 4;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final Pool pool;

    Pools(ProgramScope owner, PixelKernel kernel, Pool pool) {
        this.owner = owner;
        this.kernel = kernel;
        this.pool = pool;
    }

    @Override
    public Window window() {
        return pool.window();
    }

    @Override
    public boolean readsBytes() {
        return pool.bank() == Bank.I8;
    }

    @Override
    public void addTo(RoutineScope scope) {
        if (direct()) {
            return;
        }
        Value top = scope.get("top");
        Value left = scope.get("left");
        Callee pooled = pooled();
        if (pool.window().geometry().taps() > DIRECT_TAPS || pool.kind() == PoolKind.AVERAGE) {
            scope.body().call(scope.call(pooled, top, left));
            return;
        }
        // A small window is at the border seldom.
        Callee inside = inside();
        scope.body().when(WindowTaps.atBorder(pool.window(), top, left), border -> border.call(scope.call(pooled, top,
                left)), block -> block.call(scope.call(inside, top, left)));
    }

    /** A routine of {@code top} and {@code left} that fills the accumulators from a window without padding in it. */
    private Callee inside() {
        RoutineScope scope = owner.routine(kernel, "inside", "top", "left");
        Lanes lanes = readsBytes() ? owner.lanesOfBytes() : owner.lanes();
        int whole = pool.channels() - pool.channels() % lanes.count();
        if (whole > 0) {
            inside(scope, lanes, 0, whole);
        }
        if (whole < pool.channels()) {
            inside(scope, Lanes.ONE, whole, pool.channels());
        }
        return scope.end();
    }

    private void inside(RoutineScope scope, Lanes lanes, int from, int to) {
        scope.body().loop(scope.fresh("n"), Value.of(from), Value.of(to), lanes.count(), (loop, n) -> lanes.write(loop,
                scope.element(pool.accumulator(), n), ofWindow(scope, n, lanes)));
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        return direct() ? ofWindow(scope, n, lanes) : lanes.read(scope.element(pool.accumulator(), n));
    }

    /**
     * Whether the epilogue reads the window itself: a small one that never meets the padding. No vector of f32 becomes
     * one of doubles, so vector code takes means apart.
     */
    private boolean direct() {
        return !pool.window().geometry().padded() && pool.window().geometry().taps() <= DIRECT_TAPS
                && (pool.kind() != PoolKind.AVERAGE || !owner.lanes().many());
    }

    /** Whether the input holds no more than the lines of the window. */
    private boolean strip() {
        return owner.program().buffer(pool.input()).role() == Buffer.Role.SCRATCH;
    }

    /** The place of a tap in the input. */
    private Value pixel(RoutineScope scope, WindowTaps.Tap tap) {
        return strip() ? tap.pixel().minus(scope.get("top").times(pool.window().inputWidth())) : tap.pixel();
    }

    /** The pooled value of a channel, in a routine of {@code top} and {@code left}. */
    private Value ofWindow(RoutineScope scope, Value n, Lanes lanes) {
        Geometry g = pool.window().geometry();
        int width = pool.window().inputWidth();
        Value pixel = strip() ? scope.get("left") : scope.get("top").times(width).plus(scope.get("left"));
        Value first = scope.beforeLoops("window", pixel.times(pool.channels())).plus(n);
        Value result = pool.kind() == PoolKind.AVERAGE ? Value.of(0.0) : null;
        for (int tap = 0; tap < g.taps(); tap++) {
            int row = tap / g.kernelWidth() * g.dilationHeight();
            int column = tap % g.kernelWidth() * g.dilationWidth();
            Value value = scope.loaded(pool.input(), first.plus((row * width + column) * pool.channels()),
                    pool.elements(), lanes);
            result = switch (pool.kind()) {
                case MAX -> result == null ? value : greater().of(result, value);
                case SUM -> result == null ? value : result.plus(value);
                case AVERAGE -> result.plus(value.to(ValueType.DOUBLE));
            };
        }
        return switch (pool.kind()) {
            case MAX, SUM -> result;
            case AVERAGE -> result.dividedBy(Value.of((double) g.taps())).to(ValueType.FLOAT);
        };
    }

    private MathFunction greater() {
        return pool.floating() ? MathFunction.MAX_FLOAT : MathFunction.MAX_INT;
    }

    /** A routine of {@code top} and {@code left} that fills the accumulators. */
    private Callee pooled() {
        return switch (pool.kind()) {
            case MAX, SUM -> byTaps();
            case AVERAGE -> means();
        };
    }

    private Callee byTaps() {
        RoutineScope scope = owner.routine(kernel, "pool", "top", "left");
        Value nothing = pool.floating()
                ? Value.of(Float.NEGATIVE_INFINITY)
                : Value.of(pool.kind() == PoolKind.SUM ? 0 : Integer.MIN_VALUE);
        scope.body().loop("n", 0, pool.channels(),
                (loop, n) -> loop.store(scope.element(pool.accumulator(), n), nothing));
        Callee tap = tap();
        new WindowTaps(pool.window(), scope)
                .inside((block, at) -> block.call(scope.call(tap, pixel(scope, at).times(pool.channels()))));
        return scope.end();
    }

    /** One tap into the accumulators. */
    private Callee tap() {
        RoutineScope scope = owner.routine(kernel, "tap", "input");
        scope.body().loop("n", 0, pool.channels(), (loop, n) -> {
            Value.ArrayElement accumulator = scope.element(pool.accumulator(), n);
            Value value = scope.loaded(pool.input(), scope.get("input").plus(n), pool.elements());
            loop.store(accumulator, pool.kind() == PoolKind.SUM
                    ? accumulator.plus(value)
                    : greater().of(accumulator, value));
        });
        return scope.end();
    }

    private Callee means() {
        // A double takes the room of two f32.
        Lanes doubles = owner.lanes().many() ? new Lanes(owner.lanes().count() / 2) : Lanes.ONE;
        int sums = doubles.many() ? VECTOR_SUMS : SUMS;
        int atOnce = sums * doubles.count();
        int whole = pool.channels() - pool.channels() % atOnce;
        RoutineScope scope = owner.routine(kernel, "pool", "top", "left");
        if (whole > 0) {
            means(scope, mean("means", sums, doubles), 0, whole, atOnce);
        }
        if (whole < pool.channels()) {
            means(scope, mean("mean", 1, Lanes.ONE), whole, pool.channels(), 1);
        }
        return scope.end();
    }

    private static void means(RoutineScope scope, Callee mean, int from, int to, int step) {
        scope.body().loop(scope.fresh("n"), Value.of(from), Value.of(to), step,
                (loop, n) -> loop.call(scope.call(mean, scope.get("top"), scope.get("left"), n)));
    }

    /**
     * A routine of {@code top}, {@code left} and {@code n}: so many sums of neighbouring channels, or vectors of them.
     */
    private Callee mean(String name, int count, Lanes lanes) {
        RoutineScope scope = owner.routine(kernel, name, "top", "left", "n");
        Block body = scope.body();
        Value nothing = lanes.many()
                ? VectorValue.broadcast(new ValueType.VectorOf(ValueType.DOUBLE, lanes.count()), Value.of(0.0))
                : Value.of(0.0);
        List<Local> sums = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sums.add(body.declare("sum" + i, nothing));
        }
        Local taps = body.declare("taps", Value.of(0));
        new WindowTaps(pool.window(), scope).inside((block, at) -> {
            Local first = block.declare("first", pixel(scope, at).times(pool.channels()).plus(scope.get("n")));
            for (int i = 0; i < count; i++) {
                Value value = lanes.read(scope.element(pool.input(), first.plus(i * lanes.count())));
                block.assign(sums.get(i), sums.get(i).plus(value.to(ValueType.DOUBLE)));
            }
            block.update(taps, Operator.ADD, Value.of(1));
        });
        Local inside = body.declare("inside", taps.to(ValueType.DOUBLE));
        for (int i = 0; i < count; i++) {
            Value.ArrayElement mean = scope.element(pool.accumulator(), scope.get("n").plus(i * lanes.count()));
            lanes.write(body, mean, sums.get(i).dividedBy(inside).to(ValueType.FLOAT));
        }
        return scope.end();
    }
}
