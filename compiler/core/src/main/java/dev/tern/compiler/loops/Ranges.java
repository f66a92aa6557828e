package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The least and the greatest value of each row, or of all. */
record Ranges(ProgramScope owner, Kernel.MeasureRange kernel) implements KernelGenerator {
    /** Vectors of a range that are under way at the same time. */
    private static final int RANGE_VECTORS = 4;
    /** Equal parts that plain loops take at the same time. */
    private static final int PARTS = 4;
    /** Values of a part that make a loop long enough. */
    private static final int LEAST_PART = 32;

    @Override
    public KernelRoutines routines() {
        int rows = kernel.perRow() ? kernel.rows() : 1;
        int length = kernel.perRow() ? kernel.channels() : kernel.rows() * kernel.channels();
        RoutineScope scope = owner.routine(kernel, "row", "row");
        Block body = scope.body();
        boolean one = rows == 1 && !owner.lanes().many();
        Value start = one ? Value.of(0) : body.declare("start", scope.get("row").times(length));
        Local low = kernel.magnitudes() && !owner.lanes().many()
                ? null
                : body.declare("low", Value.of(Float.POSITIVE_INFINITY));
        Local high = body.declare("high", Value.of(low == null ? 0f : Float.NEGATIVE_INFINITY));
        int whole = 0;
        if (owner.lanes().many()) {
            whole = length - length % (RANGE_VECTORS * owner.lanes().count());
            if (whole > 0) {
                vectors(scope, start, whole, low, high);
            }
        } else if (one && owner.program().target().vectorized() && length / PARTS >= LEAST_PART) {
            whole = length - length % PARTS;
            forEach(low, high, (extreme, function) -> parts(scope, length / PARTS, extreme, function));
        }
        if (whole < length) {
            int from = whole;
            forEach(low, high, (extreme, function) -> body.loop(scope.fresh("n"), from, length, (loop, n) -> loop
                    .assign(extreme, function.of(extreme, value(scope, one ? n : start.plus(n))))));
        }
        if (owner.lanes().many() && whole > 0) {
            // Of a NaN among the vectors one of both knows.
            body.assign(low, high.is(Relation.NOT_EQUAL, high).choose(high, low));
            body.assign(high, low.is(Relation.NOT_EQUAL, low).choose(low, high));
        }
        if (kernel.magnitudes() && low != null) {
            body.assign(high, MathFunction.MAX_FLOAT.of(MathFunction.ABS_FLOAT.of(low), MathFunction.ABS_FLOAT.of(
                    high)));
        }
        Value pair = scope.get("row").shiftLeft(1);
        body.store(scope.element(kernel.output(), pair), kernel.magnitudes() ? high.negated() : low);
        body.store(scope.element(kernel.output(), pair.plus(1)), high);
        return KernelRoutines.eachRow(owner, kernel, rows, scope.end());
    }

    /** Takes values into one of the extremes. */
    private interface Taking {
        void into(Local extreme, MathFunction function);
    }

    /** @param low null where it is not measured */
    private static void forEach(Local low, Local high, Taking taking) {
        if (low != null) {
            taking.into(low, MathFunction.MIN_FLOAT);
        }
        taking.into(high, MathFunction.MAX_FLOAT);
    }

    /** An element as plain loops take it. */
    private Value value(RoutineScope scope, Value index) {
        Value element = scope.element(kernel.input(), index);
        return kernel.magnitudes() ? MathFunction.ABS_FLOAT.of(element) : element;
    }

    /**
     * Takes equal parts of all into an extreme, one value of each at a time. In a loop over one value each waits for
     * the one before; of four C2 takes the extremes by vectors, and one of each vector is left to wait for. Eight are
     * up to a third faster, but with vectors of 512 bits Java 17 takes six times as long for them. There is
     * no vector code where the first part may begin anywhere.
     */
    private void parts(RoutineScope scope, int part, Local extreme, MathFunction function) {
        scope.body().loop(scope.fresh("n"), 0, part, (loop, n) -> {
            List<Value> values = new ArrayList<>();
            for (int i = 0; i < PARTS; i++) {
                values.add(value(scope, n.plus(i * part)));
            }
            for (int left = PARTS; left > 1; left /= 2) {
                for (int i = 0; i < left / 2; i++) {
                    values.set(i, function.of(values.get(2 * i), values.get(2 * i + 1)));
                }
            }
            loop.assign(extreme, function.of(extreme, values.getFirst()));
        });
    }

    /**
     * Takes whole vectors into the extremes, several at a time so that none waits for the one before. As ints, the bits
     * of f32 are in order once those of negative numbers are turned round; the order is that of {@code Math.min} and
     * {@code Math.max}, but that a NaN is an extreme on one side.
     */
    private void vectors(RoutineScope scope, Value start, int whole, Local low,
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
}
