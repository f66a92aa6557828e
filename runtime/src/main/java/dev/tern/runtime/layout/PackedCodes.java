package dev.tern.runtime.layout;

/**
 * Codes of up to eight bits as a weight file holds them: at their fewest bits, in the order of the array and without
 * gaps, the lowest bits of each byte first.
 *
 * @param width how a code is written: {@value #TERNARY} for -1, 0 and 1 as digits to the base 3, five to a byte, the
 *        first the lowest; 1 for -1 and 1 as the bits 0 and 1; 2 to 8 bits in two's complement
 * @param length how many codes there are
 * @param bytes the codes; what is left of the last byte is 0
 */
public record PackedCodes(int width, int length, byte[] bytes) {
    /** The width of ternary codes, of which each takes 1.6 bits. */
    public static final int TERNARY = 0;
    private static final int PER_BYTE = 5;
    /** 3 to the power of five. */
    private static final int NUMBERS = 243;

    /** The codes at the fewest bits in which all can be written. */
    public static PackedCodes of(byte[] codes) {
        int lowest = 0;
        int highest = 0;
        boolean zero = codes.length == 0;
        for (byte code : codes) {
            lowest = Math.min(lowest, code);
            highest = Math.max(highest, code);
            zero |= code == 0;
        }
        if (lowest >= -1 && highest <= 1) {
            return zero ? ternary(codes) : new PackedCodes(1, codes.length, bits(codes, 1));
        }
        int width = width(lowest, highest);
        return new PackedCodes(width, codes.length, bits(codes, width));
    }

    /** How many bits two's complement needs for a range: with n bits it goes from ~m to m, m being 2^(n-1) - 1. */
    public static int width(int lowest, int highest) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(highest, ~lowest)) + 1;
    }

    private static PackedCodes ternary(byte[] codes) {
        byte[] bytes = new byte[size(TERNARY, codes.length)];
        for (int i = codes.length - 1; i >= 0; i--) {
            bytes[i / PER_BYTE] = (byte) (bytes[i / PER_BYTE] * 3 + codes[i] + 1);
        }
        return new PackedCodes(TERNARY, codes.length, bytes);
    }

    private static byte[] bits(byte[] codes, int width) {
        byte[] bytes = new byte[size(width, codes.length)];
        for (int i = 0; i < codes.length; i++) {
            int code = width == 1 ? (codes[i] + 1) / 2 : codes[i] & (1 << width) - 1;
            long first = (long) i * width;
            int at = (int) (first / Byte.SIZE);
            int shifted = code << first % Byte.SIZE;
            bytes[at] |= (byte) shifted;
            if (shifted > 0xff) {
                bytes[at + 1] |= (byte) (shifted >> Byte.SIZE);
            }
        }
        return bytes;
    }

    /**
     * How many bytes so many codes take.
     *
     * @throws IllegalArgumentException if there is no such width
     */
    public static int size(int width, int length) {
        if (width < TERNARY || width > Byte.SIZE) {
            throw new IllegalArgumentException("codes of " + width + " bits");
        }
        return width == TERNARY
                ? (int) ((length + PER_BYTE - 1L) / PER_BYTE)
                : (int) (((long) width * length + Byte.SIZE - 1) / Byte.SIZE);
    }

    /**
     * The codes.
     *
     * @return a new array
     * @throws IllegalArgumentException if the bytes are too few, or one is no five ternary codes
     */
    public byte[] codes() {
        if (bytes.length != size(width, length)) {
            throw new IllegalArgumentException(length + " codes in " + bytes.length + " bytes");
        }
        if (width == TERNARY) {
            return ternary();
        }
        if (width == Byte.SIZE) {
            return bytes.clone();
        }
        byte[] codes = new byte[length];
        for (int i = 0; i < length; i += Byte.SIZE) {
            eight(codes, i, Math.min(Byte.SIZE, length - i));
        }
        return codes;
    }

    /** Unpacks up to eight codes, which begin with a byte. */
    private void eight(byte[] codes, int at, int count) {
        int first = (int) ((long) at * width / Byte.SIZE);
        long held = 0;
        for (int i = Math.min(width, bytes.length - first) - 1; i >= 0; i--) {
            held = held << Byte.SIZE | bytes[first + i] & 0xff;
        }
        int mask = (1 << width) - 1;
        int sign = 1 << width - 1;
        for (int i = 0; i < count; i++) {
            int code = (int) held & mask;
            codes[at + i] = (byte) (width == 1 ? 2 * code - 1 : (code ^ sign) - sign);
            held >>>= width;
        }
    }

    private byte[] ternary() {
        byte[] codes = new byte[length];
        for (int i = 0; i < bytes.length; i++) {
            five(bytes[i] & 0xff, codes, i * PER_BYTE);
        }
        return codes;
    }

    private static void five(int number, byte[] codes, int at) {
        if (number >= NUMBERS) {
            throw new IllegalArgumentException("a byte of five ternary codes that is " + number);
        }
        int end = Math.min(codes.length, at + PER_BYTE);
        int left = number;
        for (int i = at; i < end; i++) {
            codes[i] = (byte) (left % 3 - 1);
            left /= 3;
        }
    }
}
