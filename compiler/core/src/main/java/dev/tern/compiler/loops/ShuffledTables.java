package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.LookUpForm;

/**
 * From a block of codes a vector is made that holds each digit, each negated and a zero; of it, for each place in a
 * group, a shuffle picks what an entry's weight makes of the digit:
 *
 * <pre>
 * source = digits, ~digits, 0
 * tables = bias + sum over places of shuffle(source, place)
 * </pre>
 *
 * A negated digit is {@code ~digit + 1}, with the ones in the bias. For vectors of 512 bits, of which a shuffle of
 * bytes is one instruction, and which have room for two tables.
 */
final class ShuffledTables implements RowTables {
    private final ProgramScope owner;
    private final Kernel.BuildTables kernel;
    private final LookUpForm form;
    private final TableVectors vectors;
    /** Vectors of tables that are made of one block of codes. */
    private final int perBlock;
    private final RoutineScope scope;
    private final int digit;
    private final Local both;
    private final Local negative;
    /** [vector of a block][place] */
    private final Local[][] shuffles;
    private final Local bias;
    private final int codes;

    ShuffledTables(ProgramScope owner, Kernel.BuildTables kernel, RoutineScope scope, int digit) {
        this.owner = owner;
        this.kernel = kernel;
        this.form = kernel.form();
        this.vectors = new TableVectors(kernel, owner.program().target());
        this.perBlock = (vectors.bytes().lanes() - 1) / 2 / vectors.codesAtOnce();
        this.codes = perBlock * vectors.codesAtOnce();
        this.scope = scope;
        this.digit = digit;
        both = declare("both", lane -> lane < 2 * codes ? lane % codes : 0);
        negative = declare("negative", lane -> lane >= codes && lane < 2 * codes ? -1 : 0);
        shuffles = new Local[Math.min(perBlock, all())][form.perIndex()];
        for (int i = 0; i < shuffles.length; i++) {
            for (int place = 0; place < form.perIndex(); place++) {
                shuffles[i][place] = declare("shuffle", shuffle(i, place));
            }
        }
        bias = declare("bias", bias(digit));
    }

    private Local declare(String name, TableVectors.LaneValue value) {
        return scope.body().declare(scope.fresh(name), vectors.pattern(scope, value));
    }

    /** Where the source has what an entry's weight makes of the digit at a place. */
    private TableVectors.LaneValue shuffle(int vector, int place) {
        return lane -> {
            int code = (vector * vectors.atOnce() + lane / LookUpForm.TABLE) * form.perIndex() + place;
            int weight = vectors.weight(lane, place);
            return weight > 0 ? code : weight < 0 ? codes + code : 2 * codes;
        };
    }

    @Override
    public void row(Block block, Value row, Local tables) {
        Local start = block.declare("codes", row.times(kernel.channels())
                .plus(owner.program().buffer(kernel.input()).offset()));
        int whole = kernel.channels() / codes;
        if (whole > 0) {
            Local mask = mask(codes);
            block.loop(scope.fresh("i"), 0, whole,
                    (loop, i) -> block(loop, i, start.plus(i.times(codes)), tables, mask, perBlock));
        }
        for (int i = whole; i * perBlock < all(); i++) {
            int valid = Math.max(0, kernel.channels() - i * codes);
            block(block, Value.of(i), start.plus(Value.of(i * codes)), tables, mask(valid),
                    Math.min(perBlock, all() - i * perBlock));
        }
    }

    /** The lanes of codes that are there, and of the same negated; the others count as 0. */
    private Local mask(int valid) {
        return declare("valid", lane -> lane < 2 * codes && lane % codes < valid ? -1 : 0);
    }

    /** The tables of one block of codes. @param number of the block */
    private void block(Block block, Value number, Value start, Local tables, Local mask, int count) {
        Local loaded = block.declare(scope.fresh("loaded"), VectorValue.load(vectors.bytes(), scope.bank(Bank.I8),
                start));
        Local digits = block.declare(scope.fresh("digits"), digit(loaded, digit));
        Local source = block.declare(scope.fresh("source"),
                VectorValue.lookUp(both, digits).and(mask).xor(negative));
        for (int i = 0; i < count; i++) {
            Value sum = bias;
            for (Local shuffle : shuffles[i]) {
                sum = sum.plus(VectorValue.lookUp(shuffle, source));
            }
            block.storeVector(sum, scope.bank(Bank.I8),
                    tables.plus(vectors.target(number.times(perBlock).plus(i))));
        }
    }

    private int all() {
        return form.groups(kernel.channels()) / vectors.atOnce();
    }

    /**
     * The centered digits of codes. Bytes have no shift of their own; ints that are shifted bring the neighbours' bits.
     */
    private Value digit(Local codes, int digit) {
        if (form.digits() == 1) {
            return form.center(0) == 0 ? codes : codes.minus(Value.of(form.center(0)));
        }
        if (digit == 0) {
            return codes.and(Value.of(15)).minus(Value.of(form.center(0)));
        }
        Value shifted = VectorValue.reinterpret(Value.binary(Operator.SHIFT_RIGHT_UNSIGNED,
                VectorValue.reinterpret(codes, ValueType.INT), Value.of(4)), ValueType.Primitive.BYTE);
        Value nibble = shifted.and(Value.of(15));
        // A signed code's upper four bits are a number of two's complement, whose sign spreads so.
        return form.code().signed()
                ? nibble.xor(Value.of(8)).minus(Value.of(8))
                : nibble.minus(Value.of(form.center(1)));
    }

    private TableVectors.LaneValue bias(int digit) {
        return lane -> {
            int ones = 0;
            for (int place = 0; place < form.perIndex(); place++) {
                ones += vectors.weight(lane, place) < 0 ? 1 : 0;
            }
            return form.bias(digit) + ones;
        };
    }
}
