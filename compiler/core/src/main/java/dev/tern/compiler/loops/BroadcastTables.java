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
import java.util.ArrayList;
import java.util.List;

/**
 * A table of sums of products, made of its codes one by one: each is put into all lanes, of which the entry's weight
 * keeps it, negates it or makes it 0.
 *
 * <pre>
 * table = bias + sum over places of (broadcast(code) and mask[place]) xor flip[place]
 * </pre>
 *
 * A negated digit is {@code ~digit + 1}. Its one, and what centers digits around 0, are in the bias. Where vectors have
 * 256 bits these are three instructions and a load for a code; a shuffle of bytes is five.
 */
final class BroadcastTables implements RowTables {
    private static final int NIBBLE = 15;
    /** The bit whose change makes a nibble of two's complement one that counts from 0. */
    private static final int NIBBLE_SIGN = 8;

    private final ProgramScope owner;
    private final Kernel.BuildTables kernel;
    private final LookUpForm form;
    private final TableVectors vectors;
    private final RoutineScope scope;
    private final int digit;
    /** Whether the digit's nibble carries the code's sign. */
    private final boolean signed;
    private final List<Local> masks = new ArrayList<>();
    private final List<Local> flips = new ArrayList<>();

    BroadcastTables(ProgramScope owner, Kernel.BuildTables kernel, RoutineScope scope, int digit) {
        this.owner = owner;
        this.kernel = kernel;
        this.form = kernel.form();
        this.vectors = new TableVectors(kernel, owner.program().target());
        this.scope = scope;
        this.digit = digit;
        this.signed = form.digits() == 2 && digit == 1 && form.code().signed();
        for (int i = 0; i < form.perIndex(); i++) {
            int place = i;
            masks.add(declare("mask", lane -> vectors.weight(lane, place) == 0 ? 0 : form.digits() == 1 ? -1 : NIBBLE));
            flips.add(declare("flip", lane -> flip(vectors.weight(lane, place))));
        }
    }

    private int flip(int weight) {
        int sign = signed && weight != 0 ? NIBBLE_SIGN : 0;
        return weight < 0 ? ~sign : sign;
    }

    /** What raises entries to 0 or more, with all that what is added to it leaves out. @param valid codes */
    private int bias(int lane, int valid) {
        int offset = form.center(digit) + (signed ? NIBBLE_SIGN : 0);
        int sum = form.bias(digit);
        for (int place = 0; place < valid; place++) {
            int weight = vectors.weight(lane, place);
            sum += weight > 0 ? -offset : weight < 0 ? offset + 1 : 0;
        }
        return sum;
    }

    private Local declare(String name, TableVectors.LaneValue value) {
        return scope.body().declare(scope.fresh(name), vectors.pattern(scope, value));
    }

    @Override
    public void row(Block block, Value row, Local tables) {
        Local start = block.declare("codes", row.times(kernel.channels())
                .plus(owner.program().buffer(kernel.input()).offset()));
        int codes = 2 * form.perIndex();
        int pairs = kernel.channels() / codes;
        if (pairs > 0) {
            Local bias = declare("bias", lane -> bias(lane, form.perIndex()));
            block.loop(scope.fresh("pair"), 0, pairs, (loop, pair) -> {
                Local from = loop.declare(scope.fresh("from"), start.plus(pair.times(codes)));
                Local to = loop.declare(scope.fresh("to"), tables.plus(vectors.target(pair.shiftLeft(1))));
                table(loop, from, to, bias, form.perIndex());
                table(loop, from.plus(form.perIndex()), to.plus(LookUpForm.TABLE), bias, form.perIndex());
            });
        }
        for (int group = 2 * pairs; group < form.groups(kernel.channels()); group++) {
            int first = group * form.perIndex();
            int valid = Math.clamp(kernel.channels() - first, 0, form.perIndex());
            table(block, start.plus(first), tables.plus(vectors.target(Value.of(group))),
                    declare("bias", lane -> bias(lane, valid)), valid);
        }
    }

    /** One table. @param from index of its first code. @param valid codes that are there, the others count as 0 */
    private void table(Block block, Value from, Value to, Local bias, int valid) {
        Value sum = bias;
        for (int place = 0; place < valid; place++) {
            Value code = VectorValue.broadcast(vectors.bytes(), scope.bank(Bank.I8).at(from.plus(place)));
            sum = sum.plus(nibble(code).and(masks.get(place)).xor(flips.get(place)));
        }
        block.storeVector(sum, scope.bank(Bank.I8), to);
    }

    /** The digit in the lowest bits. Bytes have no shift of their own; ints that are shifted bring neighbours' bits. */
    private Value nibble(Value code) {
        return digit == 0
                ? code
                : VectorValue.reinterpret(Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, VectorValue.reinterpret(code,
                        ValueType.INT), Value.of(4)), ValueType.Primitive.BYTE);
    }
}
