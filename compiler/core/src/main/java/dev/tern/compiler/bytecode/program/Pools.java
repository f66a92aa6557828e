package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.Pool;
import dev.tern.compiler.kernel.Producer.PoolKind;

/**
 * The greatest or the mean of each window. A small window is read by the epilogue's loop, value by value; a large one
 * or one at the border goes tap after tap, along the channels, into accumulators.
 */
final class Pools {
    private static final int DIRECT_TAPS = 9;

    private final ClassScope owner;
    private final PixelKernel kernel;
    private final Pool pool;

    Pools(ClassScope owner, PixelKernel kernel, Pool pool) {
        this.owner = owner;
        this.kernel = kernel;
        this.pool = pool;
    }

    /** Whether the epilogue reads the window itself: a small one that never meets the padding. */
    static boolean direct(Pool pool) {
        return !pool.window().geometry().padded() && pool.window().geometry().taps() <= DIRECT_TAPS;
    }

    /** The pooled value of a channel, in a method of {@code top} and {@code left}. */
    static Value value(MethodScope scope, Pool pool, Value n, Lanes lanes) {
        Geometry g = pool.window().geometry();
        int width = pool.window().inputWidth();
        Value pixel = scope.get("top").times(width).plus(scope.get("left"));
        Value first = scope.beforeLoops("window", pixel.times(pool.channels())).plus(n);
        Value result = pool.kind() == PoolKind.AVERAGE ? Value.of(0f) : null;
        for (int tap = 0; tap < g.taps(); tap++) {
            int row = tap / g.kernelWidth() * g.dilationHeight();
            int column = tap % g.kernelWidth() * g.dilationWidth();
            Value value = scope.loaded(pool.input(), first.plus((row * width + column) * pool.channels()),
                    pool.code(), lanes);
            result = result == null ? value : switch (pool.kind()) {
                case MAX -> (pool.floating() ? JavaMath.MAX_FLOAT : JavaMath.MAX_INT).of(result, value);
                case AVERAGE -> result.plus(value);
            };
        }
        return pool.kind() == PoolKind.AVERAGE ? result.dividedBy(Value.of((float) g.taps())) : result;
    }

    /** A method of {@code top} and {@code left} that fills the accumulators. */
    Callee method() {
        MethodScope scope = owner.method(kernel, "pool", "top", "left");
        boolean max = pool.kind() == PoolKind.MAX;
        Value nothing = pool.floating()
                ? Value.of(max ? Float.NEGATIVE_INFINITY : 0f)
                : Value.of(Integer.MIN_VALUE);
        scope.body().loop("n", 0, pool.channels(),
                (loop, n) -> loop.store(scope.element(pool.accumulator(), n), nothing));
        Callee tap = tap();
        Local taps = max ? null : scope.body().declare("taps", Value.of(0));
        new WindowTaps(pool.window(), scope).inside((block, at) -> {
            block.call(scope.call(tap, at.pixel().times(pool.channels())));
            if (!max) {
                block.update(taps, Operator.ADD, Value.of(1));
            }
        });
        if (!max) {
            Local count = scope.body().declare("count", taps.to(JvmType.FLOAT));
            scope.body().loop("n", 0, pool.channels(), (loop, n) -> loop.update(
                    scope.element(pool.accumulator(), n), Operator.DIVIDE, count));
        }
        return scope.end();
    }

    /** One tap into the accumulators. */
    private Callee tap() {
        MethodScope scope = owner.method(kernel, "tap", "input");
        scope.body().loop("n", 0, pool.channels(), (loop, n) -> {
            Value.Element accumulator = scope.element(pool.accumulator(), n);
            Value value = scope.loaded(pool.input(), scope.get("input").plus(n), pool.code());
            switch (pool.kind()) {
                case MAX -> loop.store(accumulator,
                        (pool.floating() ? JavaMath.MAX_FLOAT : JavaMath.MAX_INT).of(accumulator, value));
                case AVERAGE -> loop.update(accumulator, Operator.ADD, value);
            }
        });
        return scope.end();
    }
}
