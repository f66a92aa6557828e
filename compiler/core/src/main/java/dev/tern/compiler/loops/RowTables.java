package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;

/** Builds the tables of a digit for a row of codes, in a routine with a loop over rows. */
interface RowTables {
    /** @param row of the codes. @param tables where the digit's first table begins */
    void row(Block block, Value row, Local tables);
}
