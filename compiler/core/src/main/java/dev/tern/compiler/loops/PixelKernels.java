package dev.tern.compiler.loops;

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
        RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
        Units rows = Units.of(scope, unit, producer.window().outputRows());
        RowLoop.add(scope, scope.body(), producer.window(), rows.from(), rows.to(),
                (block, number, top, left) -> block.call(scope.call(row, number, top, left)));
        return scope.end();
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

    /** One row. Parameters: its number and the input coordinates of its window's first tap. */
    Callee row() {
        RoutineScope scope = owner.routine(kernel, "row", "row", "top", "left");
        producer.addTo(scope);
        scope.body().call(scope.call(epilogues.row(), scope.get("row"), scope.get("top"), scope.get("left")));
        return scope.end();
    }
}
