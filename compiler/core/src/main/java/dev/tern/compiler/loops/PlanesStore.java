package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.Optional;

/** Codes stored as bits, see {@link PlaneStore}. Rows of a flattened output may share words, which begin as zeros. */
record PlanesStore(Step.StorePlanes store, Producer producer, WordValues words) implements StepGenerator {
    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        Flow kept = flow.bit() != null ? flow : new Flow(at.once(block, flow.value()));
        at.planes(store).put(block, kept);
        return kept;
    }

    @Override
    public boolean rowsAreApart() {
        return !(store.flattened() && producer.rows() > 1 && producer.channels() % words.bits() != 0);
    }

    @Override
    public Optional<Callee> beginning(ProgramScope owner, PixelKernel kernel) {
        return rowsAreApart() ? Optional.empty() : Optional.of(owner.filled(kernel, store.output(), words.zero()));
    }
}
