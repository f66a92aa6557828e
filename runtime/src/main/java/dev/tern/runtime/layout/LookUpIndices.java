package dev.tern.runtime.layout;

/**
 * Binary or ternary codes [tap][k][channel] as bytes that index tables, for kernels in which one shuffle answers for
 * the channels of a vector: [panel][tap][group][lane], the channels of a panel in the order of {@link #lane}.
 *
 * @param index how neighbouring weights are one index
 * @param taps of the window
 * @param depth weights of a tap
 * @param channels of the output
 * @param lanes bytes in a vector, a multiple of {@value #TABLE}
 */
public record LookUpIndices(WeightIndex index, int taps, int depth, int channels,
        int lanes) implements ArrayLayout {
    /** Bytes of a table; indices stay below. */
    public static final int TABLE = 32;
    static final int KIND = 3;
    private static final WeightIndex[] ALL = WeightIndex.values();

    static LookUpIndices read(int[] parameters) {
        Parameters.expect(parameters, 5);
        return new LookUpIndices(Parameters.constant(ALL, parameters[0]), parameters[1], parameters[2], parameters[3],
                parameters[4]);
    }

    /** How many tables of its vector lie before a group's: one load of a vector of 64 bytes brings those of a pair. */
    public static int inVector(int group, int lanes) {
        return group % (lanes / TABLE);
    }

    /**
     * Where the index of an output channel lies.
     *
     * @param lookUp tap * groups + group
     * @param lookUps taps * groups
     * @param lanes bytes in a vector
     */
    public static int lane(int channel, int lookUp, int lookUps, int lanes) {
        int inPanel = channel % lanes;
        int lane = inPanel % (lanes / 4) * 4 + inPanel / (lanes / 4);
        return (channel / lanes * lookUps + lookUp) * lanes + lane;
    }

    private int lookUps() {
        return taps * index.groups(depth);
    }

    private int length() {
        return (channels + lanes - 1) / lanes * lanes * lookUps();
    }

    @Override
    public Object of(Object stored) {
        return of((byte[]) stored);
    }

    /**
     * @param codes [tap][k][channel]
     * @return a new array
     */
    public byte[] of(byte[] codes) {
        int groups = index.groups(depth);
        int lookUps = lookUps();
        byte[] target = new byte[length()];
        for (int lookUp = 0; lookUp < lookUps; lookUp++) {
            for (int channel = 0; channel < channels; channel++) {
                target[lane(channel, lookUp, lookUps, lanes)] = number(codes, lookUp / groups, lookUp % groups,
                        channel);
            }
        }
        return target;
    }

    private byte number(byte[] codes, int tap, int group, int channel) {
        int first = group * index.weights();
        int number = 0;
        for (int k = first + index.weights() - 1; k >= first; k--) {
            number = number * index.base() + index.digitOf(k < depth
                    ? codes[(tap * depth + k) * channels + channel]
                    : 0);
        }
        return (byte) (number + inVector(group, lanes) * TABLE);
    }

    @Override
    public long bytes(Object stored) {
        Parameters.that(taps > 0 && depth > 0 && channels > 0 && lanes > 0 && lanes <= 4 * TABLE && lanes % TABLE == 0,
                this);
        byte[] codes = Parameters.codes(stored, channels, this);
        Parameters.that((long) taps * depth * channels == codes.length, this);
        long most = (channels + (long) lanes) * taps * index.groups(depth);
        Parameters.that(most <= Integer.MAX_VALUE, this);
        return length();
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int[] parameters() {
        return new int[]{index.ordinal(), taps, depth, channels, lanes};
    }
}
