package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;
import java.util.Optional;

/** A producer of whole rows, which {@link PixelKernels} drives. */
non-sealed interface RowProducer extends ProducerGenerator {
    /** Adds to a routine of {@code row}, {@code top} and {@code left} what comes before the row's values are read. */
    void addTo(RoutineScope scope);

    /** What takes neighbouring rows of a line together, if there is any. */
    default Optional<Together> together() {
        return Optional.empty();
    }

    /** Some rows at once. */
    interface Together {
        int rows();

        /** Whether the rows from {@code top} and {@code left} on can be taken so; empty if any can. */
        Optional<Value> possible(RoutineScope scope);

        /** Adds to a routine of the first one's {@code row}, {@code top} and {@code left} what all have before. */
        void addTo(RoutineScope scope);

        /** Adds to such a routine what brings the values of one of them where {@link #value} reads them. */
        void take(RoutineScope scope, int row);
    }
}
