package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import java.util.List;

/** Writes a kernel whose units of work are output rows. */
interface RowsGenerator extends KernelGenerator {
    /**
     * A routine of {@code from} and {@code to}: some units of rows, of several.
     *
     * @param unit rows of a unit; the last one may have fewer
     */
    Callee someRows(int unit);

    /** Routines to be called before the first row. */
    List<Callee> beginnings();

    /** Whether no two rows write the same element or word, so that they may run at the same time. */
    boolean rowsAreApart();
}
