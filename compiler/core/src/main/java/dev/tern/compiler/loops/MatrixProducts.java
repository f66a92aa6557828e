package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import java.util.Optional;

/**
 * Products of matrices that are known at run time. A vector of columns is summed in a register over the whole depth;
 * what is left of the columns, one number of the left row after the other, in the output.
 */
record MatrixProducts(ProgramScope owner, Kernel.MatrixProduct kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "row", "row");
        Block body = scope.body();
        Local left = body.declare("left", scope.get("row").times(kernel.depth()));
        Value matrix = kernel.matrices() == 1 ? Value.of(0) : scope.get("row").dividedBy(Value.of(kernel.rows()));
        Local right = body.declare("right", matrix.times(kernel.depth() * kernel.channels()));
        Local output = body.declare("output", scope.get("row").times(kernel.channels()));
        Lanes lanes = kernel.floating() ? owner.lanes() : owner.lanesOfBytes();
        int whole = lanes.many() ? kernel.channels() - kernel.channels() % lanes.count() : 0;
        if (whole > 0) {
            vectors(scope, lanes, whole, left, right, output);
        }
        if (whole < kernel.channels()) {
            rest(scope, whole, left, right, output);
        }
        return KernelRoutines.eachRow(owner, kernel, kernel.matrices() * kernel.rows(), scope.end());
    }

    private void vectors(RoutineScope scope, Lanes lanes, int whole, Local left, Local right, Local output) {
        ValueType.VectorOf type = new ValueType.VectorOf(kernel.floating() ? ValueType.FLOAT : ValueType.INT,
                lanes.count());
        scope.body().loop("n", Value.of(0), Value.of(whole), lanes.count(), (columns, n) -> {
            Local sum = columns.declare("sum", VectorValue.broadcast(type, zero()));
            columns.loop("k", Value.of(0), Value.of(kernel.depth()), 1, (loop, k) -> {
                Local factor = loop.declare("factor", left(scope, left.plus(k)));
                Value row = right(scope, right.plus(k.times(kernel.channels())).plus(n), lanes);
                loop.assign(sum, sum.plus(VectorValue.broadcast(type, factor).times(row)));
            });
            lanes.write(columns, scope.element(kernel.output(), output.plus(n)), sum);
        });
    }

    private void rest(RoutineScope scope, int first, Local left, Local right, Local output) {
        Block body = scope.body();
        body.loop("n", first, kernel.channels(),
                (loop, n) -> loop.store(scope.element(kernel.output(), output.plus(n)), zero()));
        body.loop("k", 0, kernel.depth(), (depth, k) -> {
            Local factor = depth.declare("factor", left(scope, left.plus(k)));
            Local row = depth.declare("rightRow", right.plus(k.times(kernel.channels())));
            depth.loop("n", first, kernel.channels(), (loop, n) -> {
                Value.ArrayElement sum = scope.element(kernel.output(), output.plus(n));
                loop.store(sum, sum.plus(factor.times(right(scope, row.plus(n), Lanes.ONE))));
            });
        });
    }

    private Value zero() {
        return kernel.floating() ? Value.of(0f) : Value.of(0);
    }

    private Value left(RoutineScope scope, Value index) {
        return number(scope, kernel.left(), kernel.leftElements(), kernel.leftZero(), index, Lanes.ONE);
    }

    private Value right(RoutineScope scope, Value index, Lanes lanes) {
        return number(scope, kernel.right(), kernel.rightElements(), kernel.rightZero(), index, lanes);
    }

    /** An element less its zero point. */
    private static Value number(RoutineScope scope, BufferId buffer, ValueKind elements, Optional<ZeroSource> zero,
            Value index, Lanes lanes) {
        Value element = scope.loaded(buffer, index, elements, lanes);
        return zero.map(source -> element.minus(Scales.zeroBeforeLoops(scope, source))).orElse(element);
    }
}
