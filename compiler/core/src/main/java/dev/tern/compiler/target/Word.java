package dev.tern.compiler.target;

/**
 * The words that bits are packed in, as the target's machine has them: the first bit of a row is the lowest of its
 * first word, and the bits past the last are 0.
 */
public enum Word {
    /** Java's int. */
    BITS_32(Integer.SIZE),
    /** Java's long. */
    BITS_64(Long.SIZE);

    private final int bits;

    Word(int bits) {
        this.bits = bits;
    }

    public int bits() {
        return bits;
    }

    public int bytes() {
        return bits / Byte.SIZE;
    }

    /** How many words so many bits take. */
    public int count(int length) {
        return length + bits - 1 >>> shift();
    }

    /** In which word a bit of a row lies. */
    public int index(int bit) {
        return bit >>> shift();
    }

    /** Which bit of its word it is, the lowest being 0. */
    public int place(int bit) {
        return bit & bits - 1;
    }

    /** By how many places the number of a bit is shifted to give that of its word. */
    public int shift() {
        return Integer.numberOfTrailingZeros(bits);
    }
}
