package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Step;

/** Values stored as they are, one element for each channel. */
record PlainStore(Step.StorePlain store, boolean touchesBytes) implements StepGenerator {
    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        Flow kept = new Flow(at.once(block, flow.value()), flow.bit());
        Value index = at.rowOf(store, n).plus(store.channelOffset());
        at.lanes().write(block, at.routine().element(store.output(), index), kept.value());
        return kept;
    }
}
