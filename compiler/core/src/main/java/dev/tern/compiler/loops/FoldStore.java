package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.FoldKind;
import java.util.Optional;

/** A channel's values taken together over all rows. */
record FoldStore(Step.Fold fold) implements StepGenerator {
    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        Flow result = new Flow(at.once(block, flow.value()), flow.bit());
        RoutineScope scope = at.routine();
        Value value = result.value();
        Value.ArrayElement kept = scope.element(fold.output(), n);
        switch (fold.kind()) {
            case SUM -> block.store(kept, MathFunction.DOUBLE_BITS.of(
                    MathFunction.DOUBLE_OF_BITS.of(kept).plus(value.to(ValueType.DOUBLE))));
            case INT_SUM -> at.lanes().write(block, kept, at.lanes().read(kept).plus(value));
            case RANGE -> {
                at.lanes().write(block, kept, MathFunction.MIN_FLOAT.of(at.lanes().read(kept), value));
                Value.ArrayElement highest = scope.element(fold.output(), n.plus(at.channels()));
                at.lanes().write(block, highest, MathFunction.MAX_FLOAT.of(at.lanes().read(highest), value));
            }
        }
        return result;
    }

    @Override
    public boolean hasVectorForm() {
        return fold.kind() != FoldKind.SUM;
    }

    @Override
    public boolean rowsAreApart() {
        return false;
    }

    @Override
    public Optional<Callee> beginning(ProgramScope owner, PixelKernel kernel) {
        return Optional.of(switch (fold.kind()) {
            case SUM -> owner.filled(kernel, fold.output(), Value.of(0L));
            case INT_SUM -> owner.filled(kernel, fold.output(), Value.of(0));
            case RANGE -> owner.filled(kernel, fold.output(), Value.of(Float.POSITIVE_INFINITY),
                    Value.of(Float.NEGATIVE_INFINITY));
        });
    }
}
