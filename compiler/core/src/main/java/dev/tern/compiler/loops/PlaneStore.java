package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;

/**
 * The bits of one store of planes: locals that take a word of each plane while a loop runs over its 64 channels. A
 * single plane takes bit after bit. Several planes take eight channels at a time: their codes go side by side into the
 * bytes of one long, and one multiplication brings the bits of a plane together. Where a vector has a byte for each
 * channel of a word, their codes go side by side into it, and a comparison answers for a plane of all.
 */
final class PlaneStore {
    /** The lowest bit of every byte. */
    private static final long BYTES = 0x0101010101010101L;
    /** Multiplied by it, the lowest bit of byte i comes to stand at bit 56 + i; no two products meet. */
    private static final long GATHER = 0x0102040810204080L;

    private final RoutineScope scope;
    private final Step.StorePlanes store;
    private final PlaneTarget target;
    private final Lanes lanes;
    private Local[] words;
    private Local bytes;
    private Local eight;
    private Local bit;
    private Local byteNumber;

    PlaneStore(RoutineScope scope, Step.StorePlanes store, KernelProgram program, Producer producer, Lanes lanes) {
        this.lanes = lanes;
        this.scope = scope;
        this.store = store;
        this.target = new PlaneTarget(scope, program.buffer(store.output()), store.flattened(), producer);
    }

    boolean of(Step.StorePlanes other) {
        return store == other;
    }

    /** Whether channels come eight at a time. */
    boolean byEights() {
        return target.bits() > 1 && !lanes.many();
    }

    /** Whether the codes of a word are gathered in a vector of bytes: those of its first ints in the lowest ones. */
    private boolean inBytes() {
        return target.bits() > 1 && lanes.count() * Integer.BYTES == Long.SIZE;
    }

    /** Before the channels of a word. */
    void begin(Block block) {
        words = new Local[target.bits()];
        for (int plane = 0; plane < words.length; plane++) {
            words[plane] = block.declare(scope.fresh("plane"), Value.of(0L));
        }
        if (inBytes()) {
            bytes = block.declare(scope.fresh("bytes"), VectorValue.broadcast(ints(), Value.of(0)));
        }
    }

    /** Before eight channels. */
    void beginEight(Block block) {
        eight = byEights() ? block.declare(scope.fresh("eight"), Value.of(0L)) : null;
    }

    /** Which channel comes next. @param newBit in the word, @param newByte among eight */
    void at(Local newBit, Local newByte) {
        bit = newBit;
        byteNumber = newByte;
    }

    /** Takes the code of the channel at hand. */
    void put(Block block, Flow code) {
        boolean vector = code.value().type() instanceof ValueType.VectorOf;
        if (vector && inBytes()) {
            Value low = code.value().and(Value.of(255));
            block.assign(bytes, bytes.or(low.shiftLeft(bit.shiftRight(1))));
        } else if (vector) {
            for (int plane = 0; plane < words.length; plane++) {
                Value mask = code.bit() != null ? code.bit() : setBits(code.value(), plane);
                block.update(words[plane], Operator.OR, VectorValue.bits(mask).shiftLeft(bit));
            }
        } else if (lanes.many() && target.bits() > 1) {
            for (int plane = 0; plane < words.length; plane++) {
                Value one = code.value().shiftRight(plane).and(Value.of(1)).to(ValueType.LONG);
                block.update(words[plane], Operator.OR, one.shiftLeft(bit));
            }
        } else if (byEights()) {
            Value low = code.value().and(Value.of(255)).to(ValueType.LONG);
            block.update(eight, Operator.OR, low.shiftLeft(byteNumber.shiftLeft(3)));
        } else {
            block.update(words[0], Operator.OR, oneBit(code).shiftLeft(bit));
        }
    }

    /** In which lanes a code has a plane's bit. */
    private Value setBits(Value codes, int plane) {
        return target.bipolar()
                ? codes.greaterThan(Value.of(0))
                : codes.and(Value.of(1 << plane)).is(Relation.NOT_EQUAL, Value.of(0));
    }

    private Value oneBit(Flow code) {
        if (target.bipolar()) {
            return code.bit() != null ? code.bit() : code.value().plus(1).shiftRight(1).to(ValueType.LONG);
        }
        return code.value().and(Value.of(1)).to(ValueType.LONG);
    }

    /** After eight channels, of which the first is {@code eighth} in the word. */
    void endEight(Block block, Local eighth) {
        for (int plane = 0; byEights() && plane < words.length; plane++) {
            Value bits = Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, eight, Value.of(plane)).and(Value.of(BYTES));
            Value together = bits.times(Value.of(GATHER)).shiftRightUnsigned(Value.of(56));
            block.update(words[plane], Operator.OR, together.shiftLeft(eighth));
        }
    }

    /** After the channels of a word. */
    void end(Block block, Value word, Value count) {
        if (inBytes()) {
            Value inOrder = VectorValue.lookUp(order(), VectorValue.reinterpret(bytes, ValueType.Primitive.BYTE));
            Local codes = block.declare(scope.fresh("codes"), inOrder);
            for (int plane = 0; plane < words.length; plane++) {
                Value mask = codes.and(Value.of((int) (byte) (1 << plane))).is(Relation.NOT_EQUAL, Value.of(0));
                block.update(words[plane], Operator.OR, VectorValue.bits(mask));
            }
        }
        for (int plane = 0; plane < words.length; plane++) {
            target.store(block, plane, word, count, words[plane]);
        }
    }

    private ValueType.VectorOf ints() {
        return new ValueType.VectorOf(ValueType.INT, lanes.count());
    }

    /** Byte j of int i is the code of channel i + j * lanes. */
    private Value order() {
        byte[] order = new byte[Long.SIZE];
        for (int channel = 0; channel < order.length; channel++) {
            order[channel] = (byte) (channel % lanes.count() * Integer.BYTES + channel / lanes.count());
        }
        return VectorValue.load(ints().as(ValueType.Primitive.BYTE), scope.bytes(order), Value.of(0));
    }
}
