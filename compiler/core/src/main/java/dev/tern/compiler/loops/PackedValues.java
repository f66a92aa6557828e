package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Producer.PackedProduct;

/** Values of a packed product: what its accumulators hold, with the sums that are added as they are read. */
record PackedValues(ProgramScope owner, PackedProduct product) {
    /** @param i of channel n, its number in its column */
    Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        Value sum = lanes.read(scope.element(product.accumulator(), product.inColumns()
                ? scope.get("accumulator").plus(i)
                : n))
                .plus(scope.perChannel(product.corrections().sums(), n, lanes));
        return product.corrections().weightSums()
                .<Value>map(sums -> sum.minus(scope.ofRow("zero", zero(scope))
                        .times(lanes.read(scope.constant(sums).at(n)))))
                .orElse(sum);
    }

    /** The measured zero point of the routine's row: one for all rows, or one for each. */
    Value zero(RoutineScope scope) {
        BufferId id = product.corrections().zero().orElseThrow();
        return scope.element(id, owner.program().buffer(id).length() == 1 ? Value.of(0) : scope.get("row"));
    }
}
