package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Step;
import java.util.Optional;

/**
 * The greatest of some rows' values. A routine keeps them in a register for each width of vectors, compared as ints: of
 * what is not below 0 the bits are in order, and with its sign taken off a NaN comes after infinity.
 *
 * @param width numbers that are kept of the rows
 */
record PeaksStore(Step.Peaks peaks, int width) implements StepGenerator {
    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        Flow kept = new Flow(at.once(block, flow.value()), flow.bit());
        RoutineScope scope = at.routine();
        Lanes lanes = at.lanes();
        Local greatest = scope.throughout("peak" + lanes.count(), zeros(lanes), local -> keep(scope, local, lanes));
        block.assign(greatest, MathFunction.MAX_INT.of(greatest, bits(kept.value(), lanes).and(Value.of(
                Integer.MAX_VALUE))));
        return kept;
    }

    /** Takes a routine's peaks to those of its rows. */
    private void keep(RoutineScope scope, Local greatest, Lanes lanes) {
        Local slot = scope.body().declare(scope.fresh("slot"), scope.parameter("row").dividedBy(Value.of(peaks.rows()))
                .times(width));
        Value.ArrayElement kept = scope.element(peaks.output(), slot);
        Value all = MathFunction.MAX_INT.of(bits(lanes.read(kept), lanes), greatest);
        lanes.write(scope.body(), kept, lanes.many()
                ? VectorValue.reinterpret(all, ValueType.FLOAT)
                : MathFunction.FLOAT_OF_BITS.of(all));
    }

    private static Value zeros(Lanes lanes) {
        return lanes.many()
                ? VectorValue.broadcast(new VectorOf(ValueType.INT, lanes.count()), Value.of(0))
                : Value.of(
                        0);
    }

    private static Value bits(Value value, Lanes lanes) {
        return lanes.many() ? VectorValue.reinterpret(value, ValueType.INT) : MathFunction.FLOAT_BITS.of(value);
    }

    @Override
    public Optional<Callee> opening(ProgramScope owner, PixelKernel kernel) {
        RoutineScope scope = owner.routine(kernel, "no_peaks", "from", "to");
        Value first = scope.get("from").dividedBy(Value.of(peaks.rows())).times(width);
        Value end = scope.get("to").plus(peaks.rows() - 1).dividedBy(Value.of(peaks.rows())).times(width);
        scope.body().loop("i", first, end, 1, (loop, i) -> loop.store(scope.element(peaks.output(), i), Value.of(0f)));
        return Optional.of(scope.end());
    }
}
