package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Window;

/** Values that lie in a buffer, as the epilogue reads them. */
record LoadedValues(Producer.Load load) implements RowProducer {
    @Override
    public Window window() {
        return Window.rows(load.rows());
    }

    @Override
    public boolean readsBytes() {
        return load.bank() == Bank.I8;
    }

    @Override
    public void addTo(RoutineScope scope) {
        // Nothing comes before a load.
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        return scope.loaded(load.input(), scope.inRow(load, n), load.elements(), lanes);
    }
}
