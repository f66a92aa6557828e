package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Step;

/** Adds a code in bytes to an integer. */
record AddedCodes(Step.AddShifted step) implements StepGenerator {
    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        Value sum = shifted(flow.value(), step.left()).plus(shifted(at.code(step, n), step.otherLeft()));
        return new Flow(step.offset() == 0 ? sum : sum.plus(Value.of(step.offset())));
    }

    private static Value shifted(Value value, int left) {
        return left == 0 ? value : value.shiftLeft(left);
    }

    @Override
    public boolean touchesBytes() {
        return true;
    }
}
