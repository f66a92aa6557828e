package dev.tern.runtime.layout;

/**
 * Where the words of a popcount product's packed weights lie.
 *
 * <p>Interleaved ({@code lanes} 0): [plane][word][channel], for loops along all channels.
 *
 * <p>In panels: [panel][word][plane][vector][lane]. A panel is the channels whose accumulators stay in registers while
 * a loop runs over the words: some vectors of longs. Two vectors belong together, the first with the even and the
 * second with the odd channels of a group of twice the lanes, so that {@code first | second << 32} is a vector of int
 * accumulators in the channels' order. The last panel has as few groups as its channels need; lanes past the last
 * channel are 0.
 *
 * <p>In panels of shorts, which are of one vector: words are of 16 bits, [panel][word][plane][lane], four lanes to a
 * long, the first the lowest. Lane {@code 2 * i} is the panel's channel {@code i}, lane {@code 2 * i + 1} the channel
 * {@code i} of the panel's second half, so that the lower and the upper halves of ints are neighbouring channels.
 *
 * @param planes 1 for binary, 2 for ternary weights
 * @param words of a plane of one channel
 * @param lanes longs in a vector, or 0
 * @param panelVectors vectors of longs in a whole panel, an even number; 1 for panels of shorts
 */
public record WeightLayout(int planes, int words, int channels, int lanes, int panelVectors) {
    /** In a long. */
    private static final int SHORTS = Long.SIZE / Short.SIZE;

    public boolean panels() {
        return lanes > 0;
    }

    /** Whether the words are of 16 bits, for vectors of shorts. */
    public boolean shorts() {
        return panelVectors == 1;
    }

    /** Channels of a whole panel. */
    public int panelChannels() {
        return shorts() ? SHORTS * lanes : panelVectors * lanes;
    }

    /** Groups of vectors of the panel that begins at a channel. */
    public int groups(int firstChannel) {
        int left = Math.min(panelChannels(), channels - firstChannel);
        return (left + 2 * lanes - 1) / (2 * lanes);
    }

    /** Longs that a whole panel takes. */
    public int panelLength() {
        return words * planes * panelVectors * lanes;
    }

    /** Elements of an array of the words: longs hold four of 16 bits. */
    public int length() {
        if (!panels()) {
            return planes * words * channels;
        }
        if (shorts()) {
            return (channels + panelChannels() - 1) / panelChannels() * panelLength();
        }
        int whole = channels / panelChannels();
        int rest = channels % panelChannels() == 0 ? 0 : groups(whole * panelChannels());
        return whole * panelLength() + words * planes * rest * 2 * lanes;
    }

    /** The number of a word: its index in the array, and of words of 16 bits four times as many. */
    public int index(int plane, int word, int channel) {
        if (!panels()) {
            return (plane * words + word) * channels + channel;
        }
        int panel = channel / panelChannels();
        int inPanel = channel % panelChannels();
        if (shorts()) {
            int half = panelChannels() / 2;
            return ((panel * words + word) * planes + plane) * panelChannels() + inPanel % half * 2 + inPanel / half;
        }
        int vectors = 2 * groups(panel * panelChannels());
        int vector = inPanel / (2 * lanes) * 2 + inPanel % 2;
        int lane = inPanel % (2 * lanes) / 2;
        return panel * panelLength() + ((word * planes + plane) * vectors + vector) * lanes + lane;
    }
}
