package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Window;

/** Values that lie in a constant, as the epilogue reads them. */
record LoadedConstants(Producer.LoadConstant load) implements RowProducer {
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
        return RoutineScope.code(lanes.read(scope.constant(load.constant()).at(scope.inRow(load, n))), load.elements());
    }
}
