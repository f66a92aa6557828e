package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Relation;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Window;
import java.util.Optional;

/**
 * A driver over output rows, and a method for one row: the producer fills the accumulators, then the epilogue takes
 * them. Small methods, so that each is compiled by its number of calls and none lives in on-stack replacement.
 */
final class PixelKernels {
    private final ClassScope owner;
    private final PixelKernel kernel;
    private final Epilogues epilogues;

    PixelKernels(ClassScope owner, PixelKernel kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.epilogues = new Epilogues(owner, kernel);
    }

    /** A method without parameters that runs the kernel. */
    Callee method() {
        Producer producer = kernel.producer();
        Callee row = row();
        MethodScope scope = owner.method(kernel, "");
        Block body = scope.body();
        for (Step step : kernel.epilogue()) {
            if (step instanceof Step.Store store) {
                epilogues.beginning(store).ifPresent(beginning -> body.call(scope.call(beginning)));
            }
        }
        Optional<Window> window = window(producer);
        if (producer.rows() == 1) {
            Geometry g = window.map(Window::geometry).orElse(Geometry.valid(1, 1, 1));
            body.call(scope.call(row, Value.of(0), Value.of(-g.padTop()), Value.of(-g.padLeft())));
        } else if (window.isEmpty()) {
            body.loop("row", 0, producer.rows(),
                    (loop, number) -> loop.call(scope.call(row, number, Value.of(0), number)));
        } else {
            slide(scope, window.get(), row);
        }
        return scope.end();
    }

    private void slide(MethodScope scope, Window window, Callee row) {
        Geometry g = window.geometry();
        scope.body().loop("y", 0, window.outputHeight(), (rows, y) -> {
            Local top = rows.declare("top", y.times(g.strideHeight()).plus(-g.padTop()));
            Local first = rows.declare("first", y.times(window.outputWidth()));
            rows.loop("x", 0, window.outputWidth(), (columns, x) -> columns.call(scope.call(row, first.plus(x), top,
                    x.times(g.strideWidth()).plus(-g.padLeft()))));
        });
    }

    /** One row. Parameters: its number and the input coordinates of its window's first tap. */
    private Callee row() {
        MethodScope scope = owner.method(kernel, "row", "row", "top", "left");
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
            case Producer.MultiplyProduct product ->
                body.call(scope.call(new MultiplyProducts(owner, kernel, product).method(), row, top, left));
            case Producer.Pool pool -> {
                if (!Pools.direct(pool)) {
                    body.call(scope.call(new Pools(owner, kernel, pool).method(), top, left));
                }
            }
        }
        body.call(scope.call(epilogues.method(), row, top, left));
        return scope.end();
    }

    private void popcount(MethodScope scope, Producer.PopcountProduct product) {
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
            case Producer.Pool pool -> Optional.of(pool.window());
        };
    }
}
