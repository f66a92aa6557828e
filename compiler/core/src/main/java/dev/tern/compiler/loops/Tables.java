package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.PaddedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the tables of look-up products. From a block of codes a vector is made that holds each digit, each negated and
 * a zero; of it, for each place in a group, a shuffle picks what an entry's weight makes of the digit:
 *
 * <pre>
 * source = digits, ~digits, 0
 * tables = bias + sum over places of shuffle(source, place)
 * </pre>
 *
 * A negated digit is {@code ~digit + 1}, with the ones in the bias. A vector has room for one table or two.
 */
final class Tables implements KernelGenerator {
    private final ProgramScope owner;
    private final Kernel.BuildTables kernel;
    private final LookUpForm form;
    private final VectorOf bytes;
    /** Tables in a vector. */
    private final int atOnce;
    /** Codes that the tables of a vector are of. */
    private final int codesAtOnce;
    /** Vectors of tables that are made of one block of codes. */
    private final int perBlock;

    Tables(ProgramScope owner, Kernel.BuildTables kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.form = kernel.form();
        int width = owner.program().target().vectorBits() / Byte.SIZE;
        this.bytes = new VectorOf(ValueType.Primitive.BYTE, width);
        this.atOnce = width / LookUpForm.TABLE;
        this.codesAtOnce = atOnce * form.perIndex();
        this.perBlock = (width - 1) / 2 / codesAtOnce;
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
        Builder builder = new Builder(scope, digit);
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

    private int vectors() {
        return form.groups(kernel.channels()) / atOnce;
    }

    /** How far from the first a vector of a digit's tables begins. @param i number of the vector, an int */
    private Value target(Value i) {
        // With two tables in a vector those of the second digit come between; with one, both of a pair come first.
        if (atOnce == 2) {
            return i.times(2 * form.digits() * LookUpForm.TABLE);
        }
        Value pair = i.shiftRight(1).times(2 * form.digits() * LookUpForm.TABLE);
        return pair.plus(i.and(Value.of(1)).times(LookUpForm.TABLE));
    }

    /** The tables of a digit for a row of codes, in a routine with a loop over rows. */
    private final class Builder {
        private final RoutineScope scope;
        private final int digit;
        private final Local both;
        private final Local negative;
        /** [vector of a block][place] */
        private final Local[][] shuffles;
        private final Local bias;
        private final int codes = perBlock * codesAtOnce;

        Builder(RoutineScope scope, int digit) {
            this.scope = scope;
            this.digit = digit;
            both = declare("both", lane -> lane < 2 * codes ? lane % codes : 0);
            negative = declare("negative", lane -> lane >= codes && lane < 2 * codes ? -1 : 0);
            shuffles = new Local[Math.min(perBlock, vectors())][form.perIndex()];
            for (int i = 0; i < shuffles.length; i++) {
                for (int place = 0; place < form.perIndex(); place++) {
                    shuffles[i][place] = declare("shuffle", shuffle(i, place));
                }
            }
            bias = declare("bias", bias(digit));
        }

        private Local declare(String name, LaneValue value) {
            return scope.body().declare(scope.fresh(name), pattern(scope, value));
        }

        /** Where the source has what an entry's weight makes of the digit at a place. */
        private LaneValue shuffle(int vector, int place) {
            return lane -> {
                int code = (vector * atOnce + lane / LookUpForm.TABLE) * form.perIndex() + place;
                int weight = weight(lane, place);
                return weight > 0 ? code : weight < 0 ? codes + code : 2 * codes;
            };
        }

        /** @param row of the codes */
        void row(Block block, Value row, Local tables) {
            Local start = block.declare("codes", row.times(kernel.channels())
                    .plus(owner.program().buffer(kernel.input()).offset()));
            int whole = kernel.channels() / codes;
            if (whole > 0) {
                Local mask = mask(codes);
                block.loop(scope.fresh("i"), 0, whole,
                        (loop, i) -> block(loop, i, start.plus(i.times(codes)), tables, mask, perBlock));
            }
            for (int i = whole; i * perBlock < vectors(); i++) {
                int valid = Math.max(0, kernel.channels() - i * codes);
                block(block, Value.of(i), start.plus(Value.of(i * codes)), tables, mask(valid),
                        Math.min(perBlock, vectors() - i * perBlock));
            }
        }

        /** The lanes of codes that are there, and of the same negated; the others count as 0. */
        private Local mask(int valid) {
            return declare("valid", lane -> lane < 2 * codes && lane % codes < valid ? -1 : 0);
        }

        /** The tables of one block of codes. @param number of the block */
        private void block(Block block, Value number, Value start, Local tables, Local mask, int count) {
            Local loaded = block.declare(scope.fresh("loaded"), VectorValue.load(bytes, scope.bank(Bank.I8), start));
            Local digits = block.declare(scope.fresh("digits"), digit(loaded, digit));
            Local source = block.declare(scope.fresh("source"),
                    VectorValue.lookUp(both, digits).and(mask).xor(negative));
            for (int i = 0; i < count; i++) {
                Value sum = bias;
                for (Local shuffle : shuffles[i]) {
                    sum = sum.plus(VectorValue.lookUp(shuffle, source));
                }
                block.storeVector(sum, scope.bank(Bank.I8),
                        tables.plus(target(number.times(perBlock).plus(i))));
            }
        }
    }

    /**
     * A routine of {@code tables} that writes the one row of tables that all pixels of the margin have. Were its
     * vectors made before the loop over rows, the JIT compiler would make them objects.
     */
    private Callee margin(int digit) {
        RoutineScope scope = owner.routine(kernel, "margin" + digit, "tables");
        int whole = kernel.channels() / codesAtOnce;
        if (whole > 0) {
            Local all = scope.body().declare("all", pattern(scope, margin(digit, codesAtOnce)));
            scope.body().loop("i", 0, whole, (loop, i) -> storeMargin(scope, loop, i, all));
        }
        for (int i = whole; i < vectors(); i++) {
            Local some = scope.body().declare(scope.fresh("some"),
                    pattern(scope, margin(digit, Math.max(0, kernel.channels() - i * codesAtOnce))));
            storeMargin(scope, scope.body(), Value.of(i), some);
        }
        return scope.end();
    }

    /** A vector of tables. @param valid codes that are there, the others count as 0 */
    private LaneValue margin(int digit, int valid) {
        return lane -> {
            int sum = form.bias(digit);
            for (int place = 0; place < form.perIndex(); place++) {
                boolean there = lane / LookUpForm.TABLE * form.perIndex() + place < valid;
                sum += there ? form.digit(kernel.margin(), digit) * weight(lane, place) : 0;
            }
            return sum;
        };
    }

    private void storeMargin(RoutineScope scope, Block block, Value i, Local vector) {
        block.storeVector(vector, scope.bank(Bank.I8), scope.get("tables").plus(target(i)));
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

    private interface LaneValue {
        int of(int lane);
    }

    private Value pattern(RoutineScope scope, LaneValue value) {
        byte[] pattern = new byte[bytes.lanes()];
        for (int lane = 0; lane < pattern.length; lane++) {
            pattern[lane] = (byte) value.of(lane);
        }
        return VectorValue.load(bytes, scope.bytes(pattern), Value.of(0));
    }

    /** What the weight at a place of a group is in the entry of a lane. */
    private int weight(int lane, int place) {
        int index = lane % LookUpForm.TABLE;
        int power = (int) Math.pow(form.base(), place);
        return form.weightOf(index / power % form.base());
    }

    private LaneValue bias(int digit) {
        return lane -> {
            int ones = 0;
            for (int place = 0; place < form.perIndex(); place++) {
                ones += weight(lane, place) < 0 ? 1 : 0;
            }
            return form.bias(digit) + ones;
        };
    }
}
