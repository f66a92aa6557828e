package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.PaddedImage;
import java.util.ArrayList;
import java.util.List;

/** Builds the tables of look-up products, each row's by {@link RowTables}. A vector has room for one table or two. */
final class Tables implements KernelGenerator {
    private final ProgramScope owner;
    private final Kernel.BuildTables kernel;
    private final LookUpForm form;
    private final TableVectors vectors;

    Tables(ProgramScope owner, Kernel.BuildTables kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.form = kernel.form();
        this.vectors = new TableVectors(kernel, owner.program().target());
    }

    /**
     * Its units of work are rows of tables. Each digit has a routine, for the JIT compiler has room for no more at
     * once.
     */
    @Override
    public KernelRoutines routines() {
        List<Callee> digits = new ArrayList<>();
        for (int digit = 0; digit < form.digits(); digit++) {
            digits.add(rows(digit));
        }
        RoutineScope scope = owner.routine(kernel, "part", "from", "to");
        digits.forEach(rows -> scope.body().call(scope.call(rows, scope.get("from"), scope.get("to"))));
        return KernelRoutines.divided(owner, kernel, scope.end(), kernel.image().rows());
    }

    /** A routine of {@code from} and {@code to}: the tables of a digit for some rows. */
    private Callee rows(int digit) {
        PaddedImage image = kernel.image();
        int width = image.paddedWidth();
        RoutineScope scope = owner.routine(kernel, "rows" + digit, "from", "to");
        RowTables builder = vectors.atOnce() == 1
                ? new BroadcastTables(owner, kernel, scope, digit)
                : new ShuffledTables(owner, kernel, scope, digit);
        Callee margin = image.padded() ? margin(digit) : null;
        int start = owner.program().buffer(kernel.output()).offset() + form.offset(0, digit);
        scope.body().loop("row", scope.get("from"), scope.get("to"), 1, (loop, row) -> {
            Local tables = loop.declare("tables", row.times(form.rowBytes(kernel.channels())).plus(start));
            if (margin == null) {
                builder.row(loop, row, tables);
                return;
            }
            Local line = loop.declare("line", row.dividedBy(Value.of(width)));
            Local y = loop.declare("y", line.minus(Value.of(image.top())));
            Local x = loop.declare("x", row.minus(line.times(width)).minus(Value.of(image.left())));
            Value inside = WindowTaps.within(y, image.height()).andAlso(WindowTaps.within(x, image.width()));
            loop.when(inside, block -> builder.row(block, y.times(image.width()).plus(x), tables),
                    block -> block.call(scope.call(margin, tables)));
        });
        return scope.end();
    }

    /**
     * A routine of {@code tables} that writes the one row of tables that all pixels of the margin have. Were its
     * vectors made before the loop over rows, the JIT compiler would make them objects.
     */
    private Callee margin(int digit) {
        RoutineScope scope = owner.routine(kernel, "margin" + digit, "tables");
        int whole = kernel.channels() / vectors.codesAtOnce();
        if (whole > 0) {
            Local all = scope.body().declare("all", vectors.pattern(scope, margin(digit, vectors.codesAtOnce())));
            scope.body().loop("i", 0, whole, (loop, i) -> storeMargin(scope, loop, i, all));
        }
        for (int i = whole; i < form.groups(kernel.channels()) / vectors.atOnce(); i++) {
            Local some = scope.body().declare(scope.fresh("some"),
                    vectors.pattern(scope, margin(digit, Math.max(0, kernel.channels() - i * vectors.codesAtOnce()))));
            storeMargin(scope, scope.body(), Value.of(i), some);
        }
        return scope.end();
    }

    /** A vector of tables. @param valid codes that are there, the others count as 0 */
    private TableVectors.LaneValue margin(int digit, int valid) {
        return lane -> {
            int sum = form.bias(digit);
            for (int place = 0; place < form.perIndex(); place++) {
                boolean there = lane / LookUpForm.TABLE * form.perIndex() + place < valid;
                sum += there ? form.digit(kernel.margin(), digit) * vectors.weight(lane, place) : 0;
            }
            return sum;
        };
    }

    private void storeMargin(RoutineScope scope, Block block, Value i, Local vector) {
        block.storeVector(vector, scope.bank(Bank.I8), scope.get("tables").plus(vectors.target(i)));
    }
}
