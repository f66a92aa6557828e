package dev.tern.runtime.layout;

/**
 * Codes [k][channel] as planes of bits, for popcount kernels: bit {@code k % wordBits} of the word
 * {@code k / wordBits} of a channel. Words of 32 bits are ints, words of 64 bits longs, and longs hold four words of 16
 * bits.
 *
 * @param planes what the planes say of a code
 * @param wordBits 16, 32 or 64
 * @param words where the words of the planes lie
 */
public record BitPlanes(Planes planes, int wordBits, WeightLayout words) implements ArrayLayout {
    /** Of longs. */
    static final int KIND = 2;
    /** Of ints. */
    static final int KIND_OF_INTS = 5;
    /** Of shorts. */
    static final int KIND_OF_SHORTS = 6;

    /** What bits say of codes. */
    public enum Planes {
        /** One plane: positive. */
        BINARY,
        /** Two planes: positive, negative. */
        SIGNS,
        /** Two planes: nonzero, positive. */
        NONZERO,
        /** The bits of the codes in two's complement, the lowest first. */
        BITS;

        private static final Planes[] ALL = values();

    }

    /** @throws IllegalArgumentException if the words are for another number of planes, or of other bits */
    public BitPlanes {
        if (wordBits != Integer.SIZE && wordBits != (words.shorts() ? Short.SIZE : Long.SIZE)) {
            throw new IllegalArgumentException("words of " + wordBits + " bits");
        }
        boolean fits = planes == Planes.BITS
                ? words.planes() > 0 && words.planes() <= Byte.SIZE
                : words.planes() == (planes == Planes.BINARY ? 1 : 2);
        if (!fits) {
            throw new IllegalArgumentException(words + " for " + planes);
        }
    }

    static BitPlanes read(int wordBits, int[] parameters) {
        Parameters.expect(parameters, 6);
        Planes planes = Parameters.constant(Planes.ALL, parameters[0]);
        return new BitPlanes(planes, wordBits, new WeightLayout(parameters[1], parameters[2], parameters[3],
                parameters[4],
                parameters[5]));
    }

    @Override
    public Object of(Object stored) {
        byte[] codes = (byte[]) stored;
        return wordBits == Integer.SIZE ? ints(codes) : longs(codes);
    }

    /**
     * The planes in words of 64 bits, or of 16.
     *
     * @param codes [k][channel]
     * @return a new array of {@link WeightLayout#length()}
     */
    public long[] longs(byte[] codes) {
        long[] target = new long[words.length()];
        pack(codes, words.shorts() ? new Shorts(target) : new Longs(target));
        return target;
    }

    /**
     * The planes in words of 32 bits.
     *
     * @param codes [k][channel]
     * @return a new array of {@link WeightLayout#length()}
     */
    public int[] ints(byte[] codes) {
        int[] target = new int[words.length()];
        pack(codes, new Ints(target));
        return target;
    }

    /** Takes words, the lowest bits of longs. */
    private interface Target {
        void set(int index, long word);
    }

    // No lambdas: a JVM needs milliseconds for its first.

    private static final class Longs implements Target {
        private final long[] target;

        Longs(long[] target) {
            this.target = target;
        }

        @Override
        public void set(int index, long word) {
            target[index] = word;
        }
    }

    private static final class Shorts implements Target {
        private final long[] target;

        Shorts(long[] target) {
            this.target = target;
        }

        @Override
        public void set(int index, long word) {
            target[index >> 2] |= word << 16 * (index & 3);
        }
    }

    private static final class Ints implements Target {
        private final int[] target;

        Ints(int[] target) {
            this.target = target;
        }

        @Override
        public void set(int index, long word) {
            target[index] = (int) word;
        }
    }

    private void pack(byte[] codes, Target target) {
        int channels = words.channels();
        int depth = codes.length / channels;
        for (int word = 0; word < words.words(); word++) {
            int bits = Math.min(wordBits, depth - word * wordBits);
            for (int channel = 0; channel < channels; channel++) {
                if (planes == Planes.BITS) {
                    for (int plane = 0; plane < words.planes(); plane++) {
                        target.set(words.index(plane, word, channel), bits(codes, word, channel, bits, plane));
                    }
                } else {
                    signs(codes, word, channel, bits, target);
                }
            }
        }
    }

    private long bits(byte[] codes, int word, int channel, int bits, int plane) {
        long result = 0;
        int at = word * wordBits * words.channels() + channel;
        for (int bit = 0; bit < bits; bit++) {
            result |= (codes[at] >> plane & 1L) << bit;
            at += words.channels();
        }
        return result;
    }

    private void signs(byte[] codes, int word, int channel, int bits, Target target) {
        long positive = 0;
        long negative = 0;
        int at = word * wordBits * words.channels() + channel;
        for (int bit = 0; bit < bits; bit++) {
            long code = codes[at];
            positive |= -code >>> 63 << bit;
            negative |= code >>> 63 << bit;
            at += words.channels();
        }
        target.set(words.index(0, word, channel), planes == Planes.NONZERO ? positive | negative : positive);
        if (planes != Planes.BINARY) {
            target.set(words.index(1, word, channel), planes == Planes.NONZERO ? positive : negative);
        }
    }

    @Override
    public long bytes(Object stored) {
        Parameters.that(words.channels() > 0 && (words.lanes() == 0
                || words.lanes() > 0 && words.lanes() <= 64 && words.panelVectors() > 0 && words.panelVectors() <= 64
                        && (words.panelVectors() % 2 == 0 || words.shorts())),
                this);
        byte[] codes = Parameters.codes(stored, words.channels(), this);
        Parameters.that(words.words() == (codes.length / words.channels() + wordBits - 1) / wordBits, this);
        long most = (long) words.planes() * words.words() * (words.channels() + 4L * words.lanes());
        Parameters.that(most <= Integer.MAX_VALUE, this);
        return (long) (wordBits == Integer.SIZE ? Integer.BYTES : Long.BYTES) * words.length();
    }

    @Override
    public int kind() {
        return switch (wordBits) {
            case Short.SIZE -> KIND_OF_SHORTS;
            case Integer.SIZE -> KIND_OF_INTS;
            default -> KIND;
        };
    }

    @Override
    public int[] parameters() {
        return new int[]{planes.ordinal(), words.planes(), words.words(), words.channels(), words.lanes(),
            words.panelVectors()};
    }
}
