package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.PackedProduct;
import dev.tern.runtime.layout.BorderLines;
import dev.tern.runtime.layout.BorderSums;

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
        Local sums = scope.constant(product.corrections().borderSums().orElseThrow());
        Local factor = scope.body().declare("factor", scope.get("zero").plus(product.corrections().paddingFactor()));
        Local first = scope.body().declare("first", first(scope, product).plus(scope.get("column").times(
                Producer.COLUMN)));
        Lanes lanes = owner.lanes();
        int whole = count - count % lanes.count();
        if (whole > 0) {
            scope.body().loop(scope.fresh("i"), Value.of(0), Value.of(whole), lanes.count(),
                    (loop, i) -> add(scope, loop, sums, first, i, factor, lanes));
        }
        if (whole < count) {
            scope.body().loop(scope.fresh("i"), whole, count,
                    (loop, i) -> add(scope, loop, sums, first, i, factor, Lanes.ONE));
        }
        return scope.end();
    }

    /** Where the sums of a window begin among those of all kinds, in a routine of {@code top} and {@code left}. */
    static Value first(RoutineScope scope, PackedProduct product) {
        BorderSums sums = product.window().borderSums(product.channels());
        return kind(sums.lines(), scope.get("top")).times(sums.columns().kinds()).plus(kind(sums.columns(), scope.get(
                "left"))).times(product.channels());
    }

    /** @param first the coordinate of the window's first tap */
    private static Value kind(BorderLines lines, Value first) {
        Value padded = first.plus(lines.padding());
        Value line = lines.stride() == 1 ? padded : padded.dividedBy(Value.of(lines.stride()));
        return MathFunction.MIN_INT.of(line, Value.of(lines.firstWhole())).plus(MathFunction.MAX_INT.of(Value.of(0),
                line.minus(lines.lastWhole())));
    }

    private void add(RoutineScope scope, Block block, Local sums, Local first, Value i, Local factor, Lanes lanes) {
        Value.ArrayElement accumulator = scope.element(product.accumulator(), scope.get("accumulator").plus(i));
        lanes.write(block, accumulator,
                lanes.read(accumulator).plus(factor.times(lanes.read(sums.at(first.plus(i))))));
    }

    /** The zero point of the routine's row: what padding stands for. */
    Value zero(RoutineScope scope) {
        return product.corrections().zero().isPresent() ? new PackedValues(owner, product).zero(scope) : Value.of(0);
    }
}
