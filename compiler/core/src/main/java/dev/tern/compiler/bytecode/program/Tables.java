package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.JvmType.VectorOf;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.bytecode.VectorValue;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.LookUpForm;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the tables of look-up products, as many groups at a time as a vector of bytes has tables. For each place in a
 * group a shuffle brings the digit of that place to all entries of its table, where it is added, taken away or left out:
 *
 * <pre>
 * tables = bias + sum over places of ((shuffle(digits, place) & used[place]) ^ negative[place])
 * </pre>
 *
 * Digits whose weight is -1 are negated as {@code ~digit + 1}, with the ones in the bias.
 */
final class Tables {
    private final ClassScope owner;
    private final Kernel.BuildTables kernel;
    private final LookUpForm form;
    private final VectorOf bytes;
    private final int atOnce;

    Tables(ClassScope owner, Kernel.BuildTables kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.form = kernel.form();
        int width = owner.program().target().vectorBits() / Byte.SIZE;
        this.bytes = new VectorOf(JvmType.Primitive.BYTE, width);
        this.atOnce = width / LookUpForm.TABLE;
    }

    /** A method without parameters that builds all tables. */
    Callee method() {
        int codesAtOnce = atOnce * form.perIndex();
        int whole = kernel.channels() / codesAtOnce;
        int all = form.groups(kernel.channels()) / atOnce;
        MethodScope row = owner.method(kernel, "row", "row");
        Local codes = row.body().declare("codes", row.get("row").times(kernel.channels())
                .plus(owner.program().buffer(kernel.input()).offset()));
        Local tables = row.body().declare("tables", row.get("row").times(form.rowBytes(kernel.channels()))
                .plus(owner.program().buffer(kernel.output()).offset()));
        if (whole > 0) {
            row.body().call(row.call(groups(whole), codes, tables));
        }
        for (int i = whole; i < all; i++) {
            int left = Math.max(0, kernel.channels() - i * codesAtOnce);
            row.body().call(row.call(rest(i, left), codes.plus(i * codesAtOnce), tables.plus(target(Value.of(i)))));
        }
        Callee each = row.end();
        MethodScope scope = owner.method(kernel, "");
        if (kernel.rows() == 1) {
            scope.body().call(scope.call(each, Value.of(0)));
        } else {
            scope.body().loop("row", 0, kernel.rows(), (loop, number) -> loop.call(scope.call(each, number)));
        }
        if (kernel.paddingRow()) {
            scope.body().call(scope.call(padding()));
        }
        return scope.end();
    }

    /** How far in its row a vector of the lowest digit's tables begins. @param i number of the vector, an int */
    private Value target(Value i) {
        // With two tables in a vector those of the second digit come between; with one, both of a pair come first.
        if (atOnce == 2) {
            return i.times(2 * form.digits() * LookUpForm.TABLE);
        }
        Value pair = i.shiftRight(1).times(2 * form.digits() * LookUpForm.TABLE);
        return pair.plus(i.and(Value.of(1)).times(LookUpForm.TABLE));
    }

    /** A method of {@code codes} and {@code tables}, indices in the i8 bank: vectors of tables whose codes are all there. */
    private Callee groups(int count) {
        MethodScope scope = owner.method(kernel, "groups", "codes", "tables");
        List<Place> places = places(scope);
        scope.body().loop("i", 0, count, (loop, i) -> vector(scope, loop, places,
                scope.get("codes").plus(i.times(atOnce * form.perIndex())), scope.get("tables").plus(target(i)), null));
        return scope.end();
    }

    /** The same for one vector. @param valid codes that are there, the others count as 0 */
    private Callee rest(int number, int valid) {
        MethodScope scope = owner.method(kernel, "rest" + number, "codes", "tables");
        Local mask = scope.body().declare("valid", pattern(scope, lane -> lane < valid ? -1 : 0));
        vector(scope, scope.body(), places(scope), scope.get("codes"), scope.get("tables"), mask);
        return scope.end();
    }

    /** What brings the digit of a place to where it is wanted. @param used null where all entries want it */
    private record Place(Local shuffle, Local used, Local negative) {
    }

    private List<Place> places(MethodScope scope) {
        List<Place> places = new ArrayList<>();
        for (int place = 0; place < form.perIndex(); place++) {
            int at = place;
            places.add(new Place(
                    scope.body().declare("shuffle" + at,
                            pattern(scope, lane -> lane / LookUpForm.TABLE * form.perIndex() + at)),
                    form.base() == 2
                            ? null
                            : scope.body().declare("used" + at, pattern(scope, lane -> weight(lane, at) == 0 ? 0 : -1)),
                    scope.body().declare("negative" + at, pattern(scope, lane -> weight(lane, at) < 0 ? -1 : 0))));
        }
        return places;
    }

    /** A vector of tables of each digit. @param mask of the codes that are there, or null for all */
    private void vector(MethodScope scope, Block block, List<Place> places, Value source, Value target, Local mask) {
        Local codes = block.declare("loaded", VectorValue.load(bytes, scope.bank(Bank.I8), source));
        Local to = block.declare("to", target);
        for (int digit = 0; digit < form.digits(); digit++) {
            Local bias = scope.body().declare("bias" + digit, pattern(scope, bias(digit)));
            Value centered = digit(codes, digit);
            Local digits = block.declare("digits" + digit, mask == null ? centered : centered.and(mask));
            Value sum = bias;
            for (Place place : places) {
                Value moved = VectorValue.lookUp(place.shuffle, digits);
                Value used = place.used == null ? moved : moved.and(place.used);
                sum = sum.plus(used.xor(place.negative));
            }
            block.call(VectorValue.store(sum, scope.bank(Bank.I8), to.plus(form.offset(0, digit))));
        }
    }

    /** The centered digits of codes. Bytes have no shift of their own; ints that are shifted bring the neighbours' bits. */
    private Value digit(Local codes, int digit) {
        if (form.digits() == 1) {
            return form.center(0) == 0 ? codes : codes.minus(Value.of(form.center(0)));
        }
        if (digit == 0) {
            return codes.and(Value.of(15)).minus(Value.of(form.center(0)));
        }
        Value shifted = VectorValue.reinterpret(Value.binary(Operator.SHIFT_RIGHT_UNSIGNED,
                VectorValue.reinterpret(codes, JvmType.INT), Value.of(4)), JvmType.Primitive.BYTE);
        Value nibble = shifted.and(Value.of(15));
        // A signed code's upper four bits are a number of two's complement, whose sign spreads so.
        return form.code().signed()
                ? nibble.xor(Value.of(8)).minus(Value.of(8))
                : nibble.minus(Value.of(form.center(1)));
    }

    private interface LaneValue {
        int of(int lane);
    }

    private Value pattern(MethodScope scope, LaneValue value) {
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

    /** A method without parameters that writes the row of tables in which every digit is 0. */
    private Callee padding() {
        MethodScope scope = owner.method(kernel, "padding");
        int rowBytes = form.rowBytes(kernel.channels());
        int start = owner.program().buffer(kernel.output()).offset() + kernel.rows() * rowBytes;
        List<Integer> digits = new ArrayList<>();
        for (int digit = 0; digit < form.digits(); digit++) {
            digits.add(digit);
        }
        int pairBytes = 2 * form.digits() * LookUpForm.TABLE;
        scope.body().loop("pair", 0, rowBytes / pairBytes, (loop, pair) -> {
            for (int digit : digits) {
                for (int i = 0; i < 2; i += atOnce) {
                    Value bias = VectorValue.broadcast(bytes, Value.of((byte) form.bias(digit)));
                    loop.call(VectorValue.store(bias, scope.bank(Bank.I8), pair.times(pairBytes)
                            .plus(start + form.offset(i, digit))));
                }
            }
        });
        return scope.end();
    }
}
