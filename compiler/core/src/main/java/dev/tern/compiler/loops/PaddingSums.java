package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.PackedProduct;

/** Makes good what taps in the padding add to the accumulators of a column. */
final class PaddingSums {
    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PackedProduct product;

    PaddingSums(ProgramScope owner, PixelKernel kernel, PackedProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
    }

    /**
     * A routine of {@code top}, {@code left}, {@code column}, {@code zero} and {@code accumulator}, the first of the
     * row's.
     *
     * @param count channels of the column
     */
    Callee column(int count) {
        RoutineScope scope = owner.routine(kernel, "padding" + count, "top", "left", "column", "zero", "accumulator");
        Local sums = scope.constant(product.corrections().tapSums().orElseThrow());
        Local factor = scope.body().declare("factor", scope.get("zero").plus(product.corrections().paddingFactor()));
        Local start = scope.body().declare("start", scope.get("column").times(Producer.COLUMN));
        Lanes lanes = owner.lanes();
        new WindowTaps(product.window(), scope).outside((block, tap) -> {
            Local offset = block.declare(scope.fresh("offset"), tap.tap().times(product.channels()).plus(start));
            int whole = count - count % lanes.count();
            if (whole > 0) {
                block.loop(scope.fresh("i"), Value.of(0), Value.of(whole), lanes.count(),
                        (loop, i) -> add(scope, loop, sums, offset, i, factor, lanes));
            }
            if (whole < count) {
                block.loop(scope.fresh("i"), whole, count,
                        (loop, i) -> add(scope, loop, sums, offset, i, factor, Lanes.ONE));
            }
        });
        return scope.end();
    }

    private void add(RoutineScope scope, Block block, Local sums, Local offset, Value i, Local factor, Lanes lanes) {
        Value.ArrayElement accumulator = scope.element(product.accumulator(), scope.get("accumulator").plus(i));
        lanes.write(block, accumulator,
                lanes.read(accumulator).plus(factor.times(lanes.read(sums.at(offset.plus(i))))));
    }

    /** The zero point of the routine's row: what padding stands for. */
    Value zero(RoutineScope scope) {
        return product.corrections().zero().isPresent() ? new PackedValues(owner, product).zero(scope) : Value.of(0);
    }
}
