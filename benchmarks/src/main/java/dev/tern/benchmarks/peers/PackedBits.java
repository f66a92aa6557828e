package dev.tern.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;

/** Bits in bytes and longs, the least significant first. */
final class PackedBits {
    private PackedBits() {
    }

    /** So many bits, a multiple of 8. */
    static byte[] bytes(int length, IntUnaryOperator bit) {
        byte[] packed = new byte[length / Byte.SIZE];
        for (int i = 0; i < length; i++) {
            packed[i / Byte.SIZE] |= (byte) (bit.applyAsInt(i) << i % Byte.SIZE);
        }
        return packed;
    }

    /** The same bits, a multiple of 64. */
    static long[] longs(byte[] packed) {
        long[] words = new long[packed.length / Long.BYTES];
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }
}
