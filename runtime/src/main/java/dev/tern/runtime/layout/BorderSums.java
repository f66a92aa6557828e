package dev.tern.runtime.layout;

/**
 * Of codes [tap][k][channel], taps row by row, the ints [kind of line][kind of column][channel]: the sum of the codes
 * of those taps that a window there has in the padding; what kernels of packed weights correct their accumulators by.
 *
 * @param lines the windows from top to bottom
 * @param columns the windows from left to right
 */
public record BorderSums(BorderLines lines, BorderLines columns, int channels) implements ArrayLayout {
    static final int KIND = 7;

    static BorderSums read(int[] parameters) {
        Parameters.expect(parameters, 2 * BorderLines.PARAMETERS + 1);
        return new BorderSums(BorderLines.read(parameters, 0), BorderLines.read(parameters, BorderLines.PARAMETERS),
                parameters[2 * BorderLines.PARAMETERS]);
    }

    /** Ints of the array. */
    public int length() {
        return lines.kinds() * columns.kinds() * channels;
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
        int kinds = columns.kinds();
        int[] sums = new int[length()];
        for (int kind = 0; kind < lines.kinds() * kinds; kind++) {
            int line = lines.line(kind / kinds);
            int column = columns.line(kind % kinds);
            for (int tap = 0; tap < lines.taps() * columns.taps(); tap++) {
                if (lines.outside(line, tap / columns.taps()) || columns.outside(column, tap % columns.taps())) {
                    add(codes, tap, sums, kind * channels);
                }
            }
        }
        return sums;
    }

    private void add(byte[] codes, int tap, int[] sums, int first) {
        int length = codes.length / (lines.taps() * columns.taps());
        for (int i = 0; i < length; i += channels) {
            for (int channel = 0; channel < channels; channel++) {
                sums[first + channel] += codes[tap * length + i + channel];
            }
        }
    }

    @Override
    public long bytes(Object stored) {
        Parameters.that(channels > 0 && lines.possible() && columns.possible()
                && (long) lines.lines() * columns.lines() * channels <= Integer.MAX_VALUE, this);
        byte[] codes = Parameters.codes(stored, channels, this);
        Parameters.that(codes.length > 0 && (long) lines.taps() * columns.taps() <= codes.length
                && codes.length / channels % (lines.taps() * columns.taps()) == 0, this);
        return 4L * length();
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int[] parameters() {
        int[] parameters = new int[2 * BorderLines.PARAMETERS + 1];
        lines.write(parameters, 0);
        columns.write(parameters, BorderLines.PARAMETERS);
        parameters[2 * BorderLines.PARAMETERS] = channels;
        return parameters;
    }
}
