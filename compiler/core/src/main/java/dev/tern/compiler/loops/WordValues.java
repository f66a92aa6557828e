package dev.tern.compiler.loops;

import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.target.Word;

/**
 * Words of packed bits as values: ints or longs. Shifts of both take the lowest bits of their count, so that what is
 * shifted by the number of a bit is shifted by its place in its word.
 */
record WordValues(Word word) {
    /** Bits of a word. */
    int bits() {
        return word.bits();
    }

    /** Bytes of a word. */
    int bytes() {
        return word.bytes();
    }

    ValueType.Primitive type() {
        return switch (word) {
            case BITS_32 -> ValueType.INT;
            case BITS_64 -> ValueType.LONG;
        };
    }

    /** The lowest bits of a number. */
    Value of(long bits) {
        return switch (word) {
            case BITS_32 -> Value.of((int) bits);
            case BITS_64 -> Value.of(bits);
        };
    }

    /** A word without bits. */
    Value zero() {
        return of(0);
    }

    /** How many bits are set, an int. */
    Value count(Value bits) {
        return switch (word) {
            case BITS_32 -> MathFunction.BIT_COUNT_INT.of(bits);
            case BITS_64 -> MathFunction.BIT_COUNT_LONG.of(bits);
        };
    }

    /** The number of the word that a bit lies in. @param bit its number, an int */
    Value index(Value bit) {
        return bit.shiftRight(word.shift());
    }

    /** The number of a word's first bit. */
    Value start(Value index) {
        return index.shiftLeft(word.shift());
    }

    /** Whether so many bits from a bit on reach into the next word. */
    Value spill(Value bit, Value count) {
        return bit.and(Value.of(bits() - 1)).plus(count).greaterThan(Value.of(bits()));
    }
}
