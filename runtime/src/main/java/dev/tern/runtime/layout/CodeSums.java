package dev.tern.runtime.layout;

/**
 * Of codes [k][channel] the ints [channel], each {@code constant + ofSum * (sum of the codes) + ofNonzero * (how many
 * are not 0)}: what kernels of packed weights correct their accumulators by.
 */
public record CodeSums(int channels, int ofSum, int ofNonzero, int constant) implements ArrayLayout {
    static final int KIND = 4;

    static CodeSums read(int[] parameters) {
        Parameters.expect(parameters, 4);
        return new CodeSums(parameters[0], parameters[1], parameters[2], parameters[3]);
    }

    @Override
    public Object of(Object stored) {
        return of((byte[]) stored);
    }

    /**
     * @param codes [k][channel]
     * @return a new array
     */
    public int[] of(byte[] codes) {
        int[] sums = new int[channels];
        for (int row = 0; row < codes.length; row += channels) {
            add(codes, row, sums);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += constant;
        }
        return sums;
    }

    private void add(byte[] codes, int row, int[] sums) {
        for (int channel = 0; channel < channels; channel++) {
            int code = codes[row + channel];
            sums[channel] += ofSum * code + ofNonzero * ((code | -code) >>> 31);
        }
    }

    @Override
    public long bytes(Object stored) {
        Parameters.that(channels > 0, this);
        Parameters.codes(stored, channels, this);
        return 4L * channels;
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int[] parameters() {
        return new int[]{channels, ofSum, ofNonzero, constant};
    }
}
