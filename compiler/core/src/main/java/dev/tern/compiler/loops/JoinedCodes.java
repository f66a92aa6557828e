package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Step;

/** Joins a value with a multiple of a code in bytes. */
record JoinedCodes(Step.WithCodes step) implements StepGenerator {
    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        return Generators.elementwise(step.function(), flow.value(), at.dequantized(step, n), step.codesFirst());
    }

    @Override
    public boolean touchesBytes() {
        return true;
    }
}
