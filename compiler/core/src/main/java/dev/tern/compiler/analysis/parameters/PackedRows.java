package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.graph.ElementType;

/**
 * The packed form of quantized weights in a parameter file: one row of bytes per output channel, in it one code after
 * the other, least significant bit first, the row filled up with zeros to whole bytes. A binary code is one bit, 1 for
 * +1 and 0 for -1; others are two's complement of as many bits as the scheme has, two for ternary.
 */
final class PackedRows {
    private PackedRows() {
    }

    static int rowBytes(int codes, ElementType.Code code) {
        return Math.toIntExact(((long) codes * code.bits() + 7) / 8);
    }

    /** @return the first row with a bit set behind its last code, or -1 */
    static int rowWithPadding(byte[] bytes, int rows, int codes, ElementType.Code code) {
        int rowBytes = rowBytes(codes, code);
        int used = (int) (((long) codes * code.bits() - 1) % 8 + 1);
        for (int row = 0; row < rows; row++) {
            if ((bytes[(row + 1) * rowBytes - 1] & 0xff) >> used != 0) {
                return row;
            }
        }
        return -1;
    }

    static int[] unpack(byte[] bytes, int rows, int codes, ElementType.Code code) {
        int rowBytes = rowBytes(codes, code);
        int bits = code.bits();
        int[] unpacked = new int[rows * codes];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < codes; i++) {
                int raw = 0;
                for (int bit = 0; bit < bits; bit++) {
                    long position = (long) i * bits + bit;
                    int octet = bytes[row * rowBytes + (int) (position / 8)];
                    raw |= (octet >> (position % 8) & 1) << bit;
                }
                unpacked[row * codes + i] = code.bipolar() ? 2 * raw - 1 : raw << 32 - bits >> 32 - bits;
            }
        }
        return unpacked;
    }
}
