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
 * The bits of one store of planes: locals that take a word of each plane while a loop runs over its channels. A
 * single plane takes bit after bit. Several planes take as many channels at a time as a word has bytes: their codes go
 * side by side into the bytes of one word, and one multiplication brings the bits of a plane together. Where a vector
 * has a byte for each channel of a word, their codes go side by side into it, and a comparison answers for a plane of
 * all.
 */
final class PlaneStore {
    /** The lowest bit of every byte. */
    private static final long BYTES = 0x0101010101010101L;

    private final RoutineScope scope;
    private final Step.StorePlanes store;
    private final PlaneTarget target;
    private final Lanes lanes;
    private final WordValues words;
    private Local[] planes;
    private Local bytes;
    private Local side;
    private Local bit;
    private Local byteNumber;

    PlaneStore(RoutineScope scope, Step.StorePlanes store, KernelProgram program, Producer producer, Lanes lanes) {
        this.lanes = lanes;
        this.scope = scope;
        this.store = store;
        this.target = new PlaneTarget(scope, program.buffer(store.output()), store.flattened(), producer);
        this.words = target.words();
    }

    boolean of(Step.StorePlanes other) {
        return store == other;
    }

    /** Whether channels come as many at a time as a word has bytes. */
    boolean byBytes() {
        return target.bits() > 1 && !lanes.many();
    }

    /** Whether the codes of a word are gathered in a vector of bytes: those of its first ints in the lowest ones. */
    private boolean inBytes() {
        return target.bits() > 1 && lanes.count() * Integer.BYTES == words.bits();
    }

    /** Before the channels of a word. */
    void begin(Block block) {
        planes = new Local[target.bits()];
        for (int plane = 0; plane < planes.length; plane++) {
            planes[plane] = block.declare(scope.fresh("plane"), words.zero());
        }
        if (inBytes()) {
            bytes = block.declare(scope.fresh("bytes"), VectorValue.broadcast(ints(), Value.of(0)));
        }
    }

    /** Before the channels of a word's bytes. */
    void beginBytes(Block block) {
        side = byBytes() ? block.declare(scope.fresh(words.bytes() == 8 ? "eight" : "four"), words.zero()) : null;
    }

    /** Which channel comes next. @param newBit in the word, @param newByte the byte of a word that takes it */
    void at(Local newBit, Local newByte) {
        bit = newBit;
        byteNumber = newByte;
    }

    /** Takes the code of the channel at hand. */
    void put(Block block, Flow code) {
        boolean vector = code.value().type() instanceof ValueType.VectorOf;
        if (inBytes() && code.value().type().equals(ints())) {
            Value low = code.value().and(Value.of(255));
            block.assign(bytes, bytes.or(low.shiftLeft(bit.shiftRight(1))));
        } else if (vector) {
            for (int plane = 0; plane < planes.length; plane++) {
                Value mask = code.bit() != null ? code.bit() : setBits(code.value(), plane);
                block.update(planes[plane], Operator.OR, VectorValue.bits(mask).shiftLeft(bit));
            }
        } else if (lanes.many() && target.bits() > 1) {
            for (int plane = 0; plane < planes.length; plane++) {
                Value one = code.value().shiftRight(plane).and(Value.of(1)).to(words.type());
                block.update(planes[plane], Operator.OR, one.shiftLeft(bit));
            }
        } else if (byBytes()) {
            Value low = code.value().and(Value.of(255)).to(words.type());
            block.update(side, Operator.OR, low.shiftLeft(byteNumber.shiftLeft(3)));
        } else {
            block.update(planes[0], Operator.OR, oneBit(code).shiftLeft(bit));
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
            return code.bit() != null ? code.bit() : code.value().plus(1).shiftRight(1).to(words.type());
        }
        return code.value().and(Value.of(1)).to(words.type());
    }

    /** After the channels of a word's bytes, of which the first is {@code first} in the word. */
    void endBytes(Block block, Local first) {
        for (int plane = 0; byBytes() && plane < planes.length; plane++) {
            Value bits = Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, side, Value.of(plane)).and(words.of(BYTES));
            Value together = bits.times(words.of(gather()))
                    .shiftRightUnsigned(Value.of(words.bits() - words.bytes()));
            block.update(planes[plane], Operator.OR, together.shiftLeft(first));
        }
    }

    /**
     * Multiplied by it, the lowest bit of byte i comes to stand at bit {@code bits - bytes + i}: byte i has a factor
     * that moves it by {@code bits - bytes - 7 * i}, and no two products meet.
     */
    private long gather() {
        long factors = 0;
        for (int i = 0; i < words.bytes(); i++) {
            factors |= 1L << words.bits() - words.bytes() - 7 * i;
        }
        return factors;
    }

    /** After the channels of a word. */
    void end(Block block, Value word, Value count) {
        gatherBytes(block);
        for (int plane = 0; plane < planes.length; plane++) {
            target.store(block, plane, word, count, planes[plane]);
        }
    }

    /** After some channels of a word, which are not its only ones. @param first their first bit */
    void endPart(Block block, Value word, Value first) {
        gatherBytes(block);
        for (int plane = 0; plane < planes.length; plane++) {
            target.storePart(block, plane, word, first, planes[plane]);
        }
    }

    private void gatherBytes(Block block) {
        if (inBytes()) {
            Value inOrder = VectorValue.lookUp(order(), VectorValue.reinterpret(bytes, ValueType.Primitive.BYTE));
            Local codes = block.declare(scope.fresh("codes"), inOrder);
            for (int plane = 0; plane < planes.length; plane++) {
                Value mask = codes.and(Value.of((int) (byte) (1 << plane))).is(Relation.NOT_EQUAL, Value.of(0));
                block.update(planes[plane], Operator.OR, VectorValue.bits(mask));
            }
        }
    }

    private ValueType.VectorOf ints() {
        return new ValueType.VectorOf(ValueType.INT, lanes.count());
    }

    /** Byte j of int i is the code of channel i + j * lanes. */
    private Value order() {
        byte[] order = new byte[words.bits()];
        for (int channel = 0; channel < order.length; channel++) {
            order[channel] = (byte) (channel % lanes.count() * Integer.BYTES + channel / lanes.count());
        }
        return VectorValue.load(ints().as(ValueType.Primitive.BYTE), scope.bytes(order), Value.of(0));
    }
}
