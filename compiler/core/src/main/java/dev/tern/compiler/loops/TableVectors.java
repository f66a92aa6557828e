package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.target.Target;

/** How tables of look-up products lie in vectors, for what builds them. */
final class TableVectors {
    private final LookUpForm form;
    private final VectorOf bytes;

    TableVectors(Kernel.BuildTables kernel, Target target) {
        this.form = kernel.form();
        this.bytes = new VectorOf(ValueType.Primitive.BYTE, target.vectorBits() / Byte.SIZE);
    }

    /** What a lane of a vector holds. */
    interface LaneValue {
        int of(int lane);
    }

    VectorOf bytes() {
        return bytes;
    }

    /** Tables in a vector. */
    int atOnce() {
        return bytes.lanes() / LookUpForm.TABLE;
    }

    /** Codes that the tables of a vector are of. */
    int codesAtOnce() {
        return atOnce() * form.perIndex();
    }

    /** How far from the first a vector of a digit's tables begins. @param i number of the vector, an int */
    Value target(Value i) {
        // With two tables in a vector those of the second digit come between; with one, both of a pair come first.
        if (atOnce() == 2) {
            return i.times(2 * form.digits() * LookUpForm.TABLE);
        }
        Value pair = i.shiftRight(1).times(2 * form.digits() * LookUpForm.TABLE);
        return pair.plus(i.and(Value.of(1)).times(LookUpForm.TABLE));
    }

    /** A vector of fixed lanes. */
    Value pattern(RoutineScope scope, LaneValue value) {
        byte[] pattern = new byte[bytes.lanes()];
        for (int lane = 0; lane < pattern.length; lane++) {
            pattern[lane] = (byte) value.of(lane);
        }
        return VectorValue.load(bytes, scope.bytes(pattern), Value.of(0));
    }

    /** What the weight at a place of a group is in the entry of a lane. */
    int weight(int lane, int place) {
        int index = lane % LookUpForm.TABLE;
        int power = (int) Math.pow(form.base(), place);
        return form.weightOf(index / power % form.base());
    }
}
