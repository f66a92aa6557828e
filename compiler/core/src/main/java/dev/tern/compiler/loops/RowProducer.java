package dev.tern.compiler.loops;

/** A producer of whole rows, which {@link PixelKernels} drives. */
non-sealed interface RowProducer extends ProducerGenerator {
    /** Adds to a routine of {@code row}, {@code top} and {@code left} what comes before the row's values are read. */
    void addTo(RoutineScope scope);
}
