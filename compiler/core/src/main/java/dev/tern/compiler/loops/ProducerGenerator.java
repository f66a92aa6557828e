package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Window;

/** Writes what a producer gives: the values of a row's channels, of which an epilogue asks for one after the other. */
sealed interface ProducerGenerator permits RowProducer, ColumnProducer {
    /** Where the rows lie in the input. */
    Window window();

    /** Whether it reads elements in bytes as the epilogue asks for them. */
    default boolean readsBytes() {
        return false;
    }

    /**
     * The values of the row's channels from n on.
     *
     * @param i n's number in its column
     * @param lanes how many
     */
    Value value(RoutineScope scope, Value n, Value i, Lanes lanes);
}
