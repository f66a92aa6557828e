package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.PopcountProduct;

/** Where rows of packed codes lie: in the input, or in patches, which some rows have at the same time. */
record GatheredRows(ProgramScope owner, PixelKernel kernel, PopcountProduct product) {
    /** Rows that have patches at the same time; 0 where none is gathered. */
    int count() {
        return product.patch().map(id -> owner.program().buffer(id).length() / length()).orElse(0);
    }

    /** Words of a row. */
    private int length() {
        return product.activation().bits() * product.words();
    }

    /** A routine of {@code top}, {@code left} and {@code slot} that gathers a window. */
    Callee gather() {
        return new Patches(owner, kernel, product).anyWindow();
    }

    /** Which patch is a row's: rows that have patches at the same time begin at a multiple of their number. */
    Value slot(Value row) {
        return count() == product.window().outputRows()
                ? row
                : Value.binary(Operator.REMAINDER, row, Value.of(count()));
    }

    /** The index, in the array of its source, of the first word of the routine's row. */
    Value start(RoutineScope scope) {
        if (count() == 0) {
            return scope.get("row").times(length()).plus(owner.program().buffer(product.input()).offset());
        }
        int patch = owner.program().buffer(product.patch().orElseThrow()).offset();
        return count() == 1 ? Value.of(patch) : slot(scope.get("row")).times(length()).plus(patch);
    }
}
