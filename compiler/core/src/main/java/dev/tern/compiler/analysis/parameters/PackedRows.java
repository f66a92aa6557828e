package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.graph.ElementType;

/**
 * The packed form of quantized weights in a parameter file: one row of bytes per output channel, in it one code after
 * the other, least significant bit first, the row filled up with zeros to whole bytes. A binary code is one bit, 1 for
 * +1 and 0 for -1; others are two's complement of as many bits as the scheme has, two for ternary.
 */
public final class PackedRows {
    private PackedRows() {
    }

    /** Bytes of a row of so many codes. */
    public static int rowBytes(int codes, ElementType.Code code) {
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

    /** Packs codes that fit {@code code}, {@code rows} rows of as many each: what {@link #unpack} gives back. */
    public static byte[] pack(int[] codes, int rows, ElementType.Code code) {
        int each = codes.length / rows;
        int rowBytes = rowBytes(each, code);
        int bits = code.bits();
        byte[] packed = new byte[Math.multiplyExact(rows, rowBytes)];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < each; i++) {
                int raw = code.bipolar() ? codes[row * each + i] + 1 >> 1 : codes[row * each + i];
                for (int bit = 0; bit < bits; bit++) {
                    long position = (long) i * bits + bit;
                    packed[row * rowBytes + (int) (position / 8)] |= (byte) ((raw >> bit & 1) << (position % 8));
                }
            }
        }
        return packed;
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
