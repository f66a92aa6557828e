package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Window;
import java.util.List;
import java.util.Optional;

/**
 * A driver over output rows, and a routine for one row: the producer fills the accumulators, then the epilogue takes
 * them. Small routines, so that each is compiled by its number of calls and none lives in on-stack replacement.
 */
final class PixelKernels implements RowsGenerator {
    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final RowProducer producer;
    private final Epilogues epilogues;
    /** The routine that finishes a row, once there is one. */
    private Callee epilogue;

    PixelKernels(ProgramScope owner, PixelKernel kernel, RowProducer producer) {
        this.owner = owner;
        this.kernel = kernel;
        this.producer = producer;
        this.epilogues = new Epilogues(owner, kernel, producer);
    }

    /** Its units of work are output rows. */
    @Override
    public KernelRoutines routines() {
        int rows = kernel.producer().rows();
        Callee part = someRows(1);
        RoutineScope scope = owner.routine(kernel, "");
        beginnings().forEach(beginning -> scope.body().call(scope.call(beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(rows)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> rows > 1 && rowsAreApart()),
                rows);
    }

    @Override
    public Callee someRows(int unit) {
        Callee row = row();
        Optional<RowProducer.Together> several = producer.together();
        Optional<Callee> together = several.map(rows -> together(rows, row));
        RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
        Units units = Units.of(scope, unit, producer.window().outputRows());
        int most = several.map(RowProducer.Together::rows).orElse(1);
        RowLoop.add(scope, scope.body(), producer.window(), units.from(), units.to(), RowLoop.AtOnce.of(producer
                .window(), most, 1, false).from(unit), (block, number, top, left, count) -> {
                    if (count == most && together.isPresent()) {
                        block.call(scope.call(together.get(), number, top, left));
                    } else {
                        each(scope, block, count, row, number, top, left);
                    }
                });
        return scope.end();
    }

    /** Some rows at once, where that is possible. Parameters: as of {@link #row}, of the first one. */
    private Callee together(RowProducer.Together several, Callee row) {
        RoutineScope rows = owner.routine(kernel, "together", "row", "top", "left");
        several.addTo(rows);
        for (int i = 0; i < several.rows(); i++) {
            several.take(rows, i);
            Value left = rows.get("left").plus(i * stride());
            rows.body().call(rows.call(epilogue(), rows.get("row").plus(i), rows.get("top"), left));
        }
        Callee all = rows.end();
        RoutineScope scope = owner.routine(kernel, "rows" + several.rows(), "row", "top", "left");
        Value[] first = {scope.get("row"), scope.get("top"), scope.get("left")};
        several.possible(scope).ifPresentOrElse(possible -> scope.body().when(possible, block -> block.call(scope.call(
                all, first)), block -> each(scope, block, several.rows(), row, first[0], first[1], first[2])),
                () -> scope.body().call(scope.call(all, first)));
        return scope.end();
    }

    /** Neighbouring rows one by one. */
    private void each(RoutineScope scope, Block block, int count, Callee row, Value number, Value top, Value left) {
        for (int i = 0; i < count; i++) {
            block.call(scope.call(row, number.plus(i), top, left.plus(i * stride())));
        }
    }

    private int stride() {
        return producer.window().geometry().strideWidth();
    }

    @Override
    public List<Callee> beginnings() {
        return epilogues.beginnings();
    }

    /** Where the rows lie in the input. */
    Window window() {
        return producer.window();
    }

    @Override
    public boolean rowsAreApart() {
        return epilogues.rowsAreApart();
    }

    private Callee epilogue() {
        if (epilogue == null) {
            epilogue = epilogues.row();
        }
        return epilogue;
    }

    /** One row. Parameters: its number and the input coordinates of its window's first tap. */
    Callee row() {
        RoutineScope scope = owner.routine(kernel, "row", "row", "top", "left");
        producer.addTo(scope);
        scope.body().call(scope.call(epilogue(), scope.get("row"), scope.get("top"), scope.get("left")));
        return scope.end();
    }
}
