package dev.tern.runtime.layout;

/**
 * Of codes [tap][k][channel] the ints [tap][channel], each {@code constant + ofSum * (sum of the codes) + ofNonzero *
 * (how many are not 0)} over k: what kernels of packed weights correct their accumulators by.
 *
 * @param taps by which sums are apart; 1 for the sums of whole channels
 */
public record CodeSums(int taps, int channels, int ofSum, int ofNonzero, int constant) implements ArrayLayout {
    static final int KIND = 4;

    static CodeSums read(int[] parameters) {
        Parameters.expect(parameters, 5);
        return new CodeSums(parameters[0], parameters[1], parameters[2], parameters[3], parameters[4]);
    }

    @Override
    public Object of(Object stored) {
        return of((byte[]) stored);
    }

    /**
     * @param codes [tap][k][channel]
     * @return a new array
     */
    public int[] of(byte[] codes) {
        int depth = codes.length / channels / taps;
        int[] sums = new int[taps * channels];
        for (int row = 0; row < taps * depth; row++) {
            add(codes, row * channels, sums, row / depth * channels);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += constant;
        }
        return sums;
    }

    private void add(byte[] codes, int row, int[] sums, int tap) {
        for (int channel = 0; channel < channels; channel++) {
            int code = codes[row + channel];
            sums[tap + channel] += ofSum * code + ofNonzero * ((code | -code) >>> 31);
        }
    }

    @Override
    public long bytes(Object stored) {
        Parameters.that(taps > 0 && channels > 0, this);
        byte[] codes = Parameters.codes(stored, channels, this);
        Parameters.that(codes.length > 0 && codes.length / channels % taps == 0, this);
        return 4L * taps * channels;
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int[] parameters() {
        return new int[]{taps, channels, ofSum, ofNonzero, constant};
    }
}
