package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Kernels that make one or two numbers of many: ranges, scales, softmax sums, the place of the greatest. */
final class Reductions {
    /** Vectors of a range that are under way at the same time. */
    private static final int RANGE_VECTORS = 4;

    private final ProgramScope owner;

    Reductions(ProgramScope owner) {
        this.owner = owner;
    }

    KernelRoutines measureRange(Kernel.MeasureRange kernel) {
        int rows = kernel.perRow() ? kernel.rows() : 1;
        int length = kernel.perRow() ? kernel.channels() : kernel.rows() * kernel.channels();
        RoutineScope scope = owner.method(kernel, "row", "row");
        Block body = scope.body();
        Local start = body.declare("start", scope.get("row").times(length));
        Local low = body.declare("low", Value.of(Float.POSITIVE_INFINITY));
        Local high = body.declare("high", Value.of(Float.NEGATIVE_INFINITY));
        int whole = owner.lanes().many() ? length - length % (RANGE_VECTORS * owner.lanes().count()) : 0;
        if (whole > 0) {
            vectors(scope, kernel, start, whole, low, high);
        }
        if (whole < length) {
            body.loop("n", whole, length, (loop, n) -> loop.assign(low,
                    MathFunction.MIN_FLOAT.of(low, scope.element(kernel.input(), start.plus(n)))));
            body.loop("n", whole, length, (loop, n) -> loop.assign(high,
                    MathFunction.MAX_FLOAT.of(high, scope.element(kernel.input(), start.plus(n)))));
        }
        if (whole > 0) {
            // Of a NaN among the vectors one of both knows.
            body.assign(low, high.is(Relation.NOT_EQUAL, high).choose(high, low));
            body.assign(high, low.is(Relation.NOT_EQUAL, low).choose(low, high));
        }
        Value pair = scope.get("row").shiftLeft(1);
        body.store(scope.element(kernel.output(), pair), low);
        body.store(scope.element(kernel.output(), pair.plus(1)), high);
        return each(kernel, rows, scope.end());
    }

    /**
     * Takes whole vectors into the extremes, several at a time so that none waits for the one before. As ints, the bits
     * of f32 are in order once those of negative numbers are turned round; the order is that of {@code Math.min} and
     * {@code Math.max}, but that a NaN is an extreme on one side.
     */
    private void vectors(RoutineScope scope, Kernel.MeasureRange kernel, Local start, int whole, Local low,
            Local high) {
        Lanes lanes = owner.lanes();
        ValueType.VectorOf ints = new ValueType.VectorOf(ValueType.INT, lanes.count());
        List<Local> lows = new ArrayList<>();
        List<Local> highs = new ArrayList<>();
        for (int i = 0; i < RANGE_VECTORS; i++) {
            lows.add(scope.body().declare("lows" + i,
                    VectorValue.broadcast(ints, Value.of(Integer.MAX_VALUE))));
            highs.add(scope.body().declare("highs" + i,
                    VectorValue.broadcast(ints, Value.of(Integer.MIN_VALUE))));
        }
        scope.body().loop("i", Value.of(0), Value.of(whole), RANGE_VECTORS * lanes.count(), (loop, n) -> {
            for (int i = 0; i < RANGE_VECTORS; i++) {
                Value loaded = lanes.read(scope.element(kernel.input(), start.plus(n).plus(i * lanes.count())));
                Local bits = loop.declare("bits" + i, VectorValue.reinterpret(loaded, ValueType.INT));
                Local ordered = loop.declare("ordered" + i, ordered(bits));
                loop.assign(lows.get(i), MathFunction.MIN_INT.of(lows.get(i), ordered));
                loop.assign(highs.get(i), MathFunction.MAX_INT.of(highs.get(i), ordered));
            }
        });
        assign(scope.body(), low, MathFunction.MIN_INT, lows, VectorValue.Reduction.MIN);
        assign(scope.body(), high, MathFunction.MAX_INT, highs, VectorValue.Reduction.MAX);
    }

    private static void assign(Block body, Local extreme, MathFunction function, List<Local> vectors,
            VectorValue.Reduction reduction) {
        Value all = vectors.stream().map(Value.class::cast).reduce(function::of).orElseThrow();
        Local least = body.declare(extreme.name() + "Ordered", VectorValue.reduce(reduction, all));
        body.assign(extreme, MathFunction.FLOAT_OF_BITS.of(ordered(least)));
    }

    /** Bits of f32 as ints in the order of the numbers, and back. */
    private static Value ordered(Local bits) {
        return bits.xor(bits.shiftRight(31).and(Value.of(Integer.MAX_VALUE)));
    }

    KernelRoutines deriveScale(Kernel.DeriveScale kernel) {
        RoutineScope scope = owner.method(kernel, "row", "row");
        Block body = scope.body();
        Value pair = scope.get("row").shiftLeft(1);
        Local low = body.declare("low", scope.element(kernel.ranges(), pair));
        Local high = body.declare("high", scope.element(kernel.ranges(), pair.plus(1)));
        ValueArithmetic f32 = ValueArithmetic.f32(value -> body.declare("step", value));
        Local scale = body.declare("scale", RangeArithmetic.scale(kernel.grid(), f32, low, high));
        kernel.scale().ifPresent(output -> body.store(scope.element(output, scope.get("row")), scale));
        kernel.zero().ifPresent(output -> {
            ElementType.Code code = kernel.grid().code();
            Value zero = RangeArithmetic.unroundedZero(f32, low, scale);
            Value rounded = MathFunction.RINT.of(zero.to(ValueType.DOUBLE)).to(ValueType.INT);
            Value clamped = MathFunction.MAX_INT.of(Value.of(code.lowest()),
                    MathFunction.MIN_INT.of(Value.of(code.highest()), rounded));
            body.store(scope.element(output, scope.get("row")), clamped);
        });
        return each(kernel, kernel.count(), scope.end());
    }

    KernelRoutines tableLookUp(Kernel.TableLookUp kernel) {
        RoutineScope scope = owner.method(kernel, "");
        Block body = scope.body();
        if (kernel.count() == 1) {
            body.store(scope.element(kernel.output(), 0),
                    scope.constant(kernel.table()).at(scope.element(kernel.input(), 0)));
        } else {
            Local start = body.declare("start", scope.element(kernel.input(), 0).times(kernel.count()));
            body.loop("n", 0, kernel.count(), (loop, n) -> loop.store(scope.element(kernel.output(), n),
                    scope.constant(kernel.table()).at(start.plus(n))));
        }
        return KernelRoutines.undivided(scope.end());
    }

    KernelRoutines rowStatistic(Kernel.RowStatistic kernel) {
        RoutineScope scope = owner.method(kernel, "row", "row");
        Block body = scope.body();
        Local start = body.declare("start", scope.get("row").times(kernel.channels()));
        Local sum = body.declare("sum", Value.of(0.0));
        body.loop("n", 0, kernel.channels(), (loop, n) -> {
            Local value = loop.declare("value", scope.element(kernel.input(), start.plus(n)).to(ValueType.DOUBLE));
            loop.update(sum, Operator.ADD, switch (kernel.statistic()) {
                case MEAN -> value;
                case MEAN_SQUARE -> value.times(value);
            });
        });
        body.store(scope.element(kernel.output(), scope.get("row")),
                sum.dividedBy(Value.of((double) kernel.channels())).to(ValueType.FLOAT));
        return each(kernel, kernel.rows(), scope.end());
    }

    KernelRoutines softmax(Kernel.Softmax kernel) {
        RoutineScope scope = owner.method(kernel, "row", "row");
        Block body = scope.body();
        Local start = body.declare("start", scope.get("row").times(kernel.channels()));
        Local greatest = body.declare("greatest", Value.of(Float.NEGATIVE_INFINITY));
        body.loop("n", 0, kernel.channels(), (loop, n) -> loop.assign(greatest,
                MathFunction.MAX_FLOAT.of(greatest, scope.element(kernel.input(), start.plus(n)))));
        Local sum = body.declare("sum", Value.of(0.0));
        body.loop("n", 0, kernel.channels(), (loop, n) -> {
            Value below = scope.element(kernel.input(), start.plus(n)).minus(greatest);
            Local power = loop.declare("power", MathFunction.EXP.of(below.to(ValueType.DOUBLE)).to(ValueType.FLOAT));
            loop.store(scope.element(kernel.output(), start.plus(n)), power);
            loop.update(sum, Operator.ADD, power.to(ValueType.DOUBLE));
        });
        body.loop("n", 0, kernel.channels(), (loop, n) -> {
            Value.ArrayElement power = scope.element(kernel.output(), start.plus(n));
            loop.store(power, power.to(ValueType.DOUBLE).dividedBy(sum).to(ValueType.FLOAT));
        });
        return each(kernel, kernel.rows(), scope.end());
    }

    KernelRoutines argMax(Kernel.ArgMax kernel) {
        RoutineScope scope = owner.method(kernel, "row", "row");
        Block body = scope.body();
        BufferId input = kernel.input();
        Local start = body.declare("start", scope.get("row").times(kernel.channels()));
        Local index = body.declare("index", Value.of(0));
        Local greatest = body.declare("greatest", scope.loaded(input, start, kernel.code()));
        body.loop("n", Value.of(1), Value.of(kernel.channels()), 1, (loop, n) -> {
            Local value = loop.declare("value", scope.loaded(input, start.plus(n), kernel.code()));
            loop.when(value.is(Relation.GREATER, greatest), found -> {
                found.assign(greatest, value);
                found.assign(index, n);
            });
        });
        body.store(scope.element(kernel.output(), scope.get("row")), index);
        return each(kernel, kernel.rows(), scope.end());
    }

    /** Calls a method of {@code row} for every row. */
    private KernelRoutines each(Kernel kernel, int rows, Callee row) {
        if (rows == 1) {
            RoutineScope scope = owner.method(kernel, "");
            scope.body().call(scope.call(row, Value.of(0)));
            return KernelRoutines.undivided(scope.end());
        }
        RoutineScope scope = owner.method(kernel, "rows", "from", "to");
        scope.body().loop("row", scope.get("from"), scope.get("to"), 1,
                (loop, number) -> loop.call(scope.call(row, number)));
        return KernelRoutines.divided(owner, kernel, scope.end(), rows);
    }
}
