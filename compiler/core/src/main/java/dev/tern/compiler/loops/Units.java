package dev.tern.compiler.loops;

import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;

/**
 * The rows that a routine of {@code from} and {@code to}, numbers of units, is to take.
 *
 * @param from the first
 * @param to the one behind the last
 */
record Units(Value from, Value to) {
    /** @param unit rows of a unit; the last one has fewer where {@code rows} is no multiple */
    static Units of(RoutineScope scope, int unit, int rows) {
        Value from = scope.get("from");
        Value to = scope.get("to");
        if (unit == 1) {
            return new Units(from, to);
        }
        Value end = to.times(unit);
        return new Units(scope.body().declare("fromRow", from.times(unit)), scope.body().declare("toRow",
                rows % unit == 0 ? end : MathFunction.MIN_INT.of(Value.of(rows), end)));
    }
}
