package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Window;
import java.util.Optional;

/**
 * A driver over output rows, and a method for one row: the producer fills the accumulators, then the epilogue takes
 * them. Small methods, so that each is compiled by its number of calls and none lives in on-stack replacement.
 */
final class PixelKernels {
    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final Epilogues epilogues;

    PixelKernels(ProgramScope owner, PixelKernel kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.epilogues = new Epilogues(owner, kernel);
    }

    /** Its units of work are output rows. */
    KernelRoutines methods() {
        int rows = kernel.producer().rows();
        Callee part = rows(row());
        RoutineScope scope = owner.method(kernel, "");
        epilogues.beginnings().forEach(beginning -> scope.body().call(scope.call(beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(rows)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> rows > 1 && epilogues.rowsAreApart()),
                rows);
    }

    /** A method of {@code from} and {@code to}: some rows. */
    private Callee rows(Callee row) {
        RoutineScope scope = owner.method(kernel, "rows", "from", "to");
        Window window = window(kernel.producer()).orElse(Window.rows(kernel.producer().rows()));
        RowLoop.add(scope, scope.body(), window, scope.get("from"), scope.get("to"),
                (block, number, top, left) -> block.call(scope.call(row, number, top, left)));
        return scope.end();
    }

    /** One row. Parameters: its number and the input coordinates of its window's first tap. */
    private Callee row() {
        RoutineScope scope = owner.method(kernel, "row", "row", "top", "left");
        Value row = scope.get("row");
        Value top = scope.get("top");
        Value left = scope.get("left");
        Block body = scope.body();
        switch (kernel.producer()) {
            case Producer.Load _,Producer.LoadConstant _ -> {
            }
            case Producer.PopcountProduct product -> popcount(scope, product);
            case Producer.LookUpProduct product ->
                throw new IllegalStateException("look-ups of " + product.input() + " go by columns");
            case Producer.TileProduct product ->
                throw new IllegalStateException("tiles of " + product.input() + " go by columns");
            case Producer.MultiplyProduct product ->
                body.call(scope.call(new MultiplyProducts(owner, kernel, product).method(), row, top, left));
            case Producer.Pool pool -> {
                if (!Pools.direct(owner, pool)) {
                    body.call(scope.call(new Pools(owner, kernel, pool).method(), top, left));
                }
            }
        }
        body.call(scope.call(epilogues.method(), row, top, left));
        return scope.end();
    }

    private void popcount(RoutineScope scope, Producer.PopcountProduct product) {
        Block body = scope.body();
        Callee sums = new PopcountProducts(owner, kernel, product).method();
        Patches patches = new Patches(owner, kernel, product);
        Value top = scope.get("top");
        Value left = scope.get("left");
        if (product.patch().isEmpty()) {
            int row = product.activation().bits() * product.words();
            int start = owner.program().buffer(product.input()).offset();
            body.call(scope.call(sums, scope.get("row").times(row).plus(start)));
            return;
        }
        Value patch = Value.of(owner.program().buffer(product.patch().get()).offset());
        boolean padded = product.window().geometry().padded();
        boolean looped = padded ? !patches.straight(true) : !patches.straight(false);
        Callee general = looped ? patches.gather() : padded ? patches.gatherStraight(true) : null;
        Callee inside = patches.straight(false) ? patches.gatherStraight(false) : general;
        if (!padded) {
            body.call(scope.call(inside, top, left));
            body.call(scope.call(sums, patch));
            return;
        }
        Local border = body.declare("border",
                WindowTaps.atBorder(product.window(), top, left).choose(Value.of(1), Value.of(0)));
        Value atBorder = border.is(Relation.NOT_EQUAL, Value.of(0));
        body.when(atBorder, block -> block.call(scope.call(general, top, left)),
                block -> block.call(scope.call(inside, top, left)));
        body.call(scope.call(sums, patch));
        if (product.tapSums().isPresent()) {
            Callee padding = patches.padding();
            body.when(atBorder, block -> block.call(product.zero().isPresent()
                    ? scope.call(padding, top, left,
                            Epilogues.zero(scope, product, owner.program().buffer(product.zero().get())))
                    : scope.call(padding, top, left)));
        }
    }

    private static Optional<Window> window(Producer producer) {
        return switch (producer) {
            case Producer.Load _,Producer.LoadConstant _ -> Optional.empty();
            case Producer.PackedProduct product -> Optional.of(product.window());
            case Producer.MultiplyProduct product -> Optional.of(product.window());
            case Producer.TileProduct product -> Optional.of(product.window());
            case Producer.Pool pool -> Optional.of(pool.window());
        };
    }
}
