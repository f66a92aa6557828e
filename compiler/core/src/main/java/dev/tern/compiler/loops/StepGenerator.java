package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import java.util.Optional;

/** Writes one step of an epilogue. */
interface StepGenerator {
    /** What the step makes of what comes to it, at channel n of the row. */
    Flow apply(StepScope at, Block block, Flow flow, Value n);

    /** Whether it has a form for several channels at a time. */
    default boolean hasVectorForm() {
        return true;
    }

    /** Whether it reads or writes elements in bytes. */
    default boolean touchesBytes() {
        return false;
    }

    /**
     * Whether no two rows, and no two columns of a row, write the same element or word, so that they may run at the
     * same time.
     */
    default boolean rowsAreApart() {
        return true;
    }

    /** A routine of {@code from} and {@code to} that prepares what the rows from one up to the other write to. */
    default Optional<Callee> opening(ProgramScope owner, PixelKernel kernel) {
        return Optional.empty();
    }

    /** A routine without parameters that prepares what the step writes to, to be called before the first row. */
    default Optional<Callee> beginning(ProgramScope owner, PixelKernel kernel) {
        return Optional.empty();
    }
}
