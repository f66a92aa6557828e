package dev.tern.compiler.loops;

import java.util.Optional;

/** A producer of columns of channels, which {@link ColumnKernels} drives. */
non-sealed interface ColumnProducer extends ProducerGenerator {
    /**
     * Adds to a routine of {@code row}, {@code top}, {@code left} and {@code column} what fills the accumulators.
     *
     * @param count channels of the column
     * @param rows neighbouring rows from that one; the accumulators of each follow those of the one before. More than
     *        a line has are so many whole lines
     * @param columns neighbouring columns from that one, of one row; their accumulators likewise
     */
    void addTo(RoutineScope scope, int count, int rows, int columns);

    /** Whether it takes its values through the epilogue itself, vector by vector, and leaves no accumulators. */
    default boolean finishes() {
        return false;
    }

    /** Rows whose products are computed together. */
    default int rowsTogether() {
        return 1;
    }

    /** Whether any number of rows, up to that, can be. */
    default boolean anyRows() {
        return false;
    }

    /** Whole lines whose products are computed together, each of them a line of rows. */
    default int linesTogether() {
        return 1;
    }

    /** Columns whose products are computed together. */
    default int columnsTogether() {
        return 1;
    }

    /** The patches that it reads, where windows are gathered. */
    default Optional<GatheredRows> gathered() {
        return Optional.empty();
    }

    /** What its accumulators still owe where a window meets the padding. */
    default Optional<PaddingSums> padding() {
        return Optional.empty();
    }
}
