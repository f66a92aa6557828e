package dev.tern.runtime;

import java.util.Arrays;
import java.util.List;

/**
 * Everything of a compiled model that is data: its signature, the plan of its arena and its weight arrays by
 * index. Immutable by agreement: nobody writes to the arrays, which all sessions of a model share.
 *
 * <p>The element order and meaning of each array is a matter between the compiler and the class it generated.
 */
public final class Weights {
    private final Signature signature;
    private final ArenaPlan arena;
    private final List<Object> arrays;

    /**
     * @param arrays each a {@code byte[]}, {@code short[]}, {@code int[]}, {@code long[]} or {@code float[]}; they are
     *        not copied
     * @throws IllegalArgumentException if an array is of another type, if an input or output does not lie in the arena,
     *         or if the sizes in the signature are not those of the arrays and the arena
     */
    public Weights(Signature signature, ArenaPlan arena, List<?> arrays) {
        this.signature = signature;
        this.arena = arena;
        this.arrays = List.copyOf(arrays);
        arena.check(signature);
        check(signature, bytesOf(arrays));
    }

    /** @throws IllegalArgumentException if the signature does not tell of so many bytes of arrays */
    static void check(Signature signature, long bytes) {
        if (signature.weightBytes() != bytes) {
            throw new IllegalArgumentException(
                    "the signature tells of " + signature.weightBytes() + " bytes of weights, the arrays hold "
                            + bytes);
        }
    }

    /**
     * The bytes that arrays hold together, without object headers: what {@link Signature#weightBytes()} must say.
     *
     * @throws IllegalArgumentException if one is not an array of bytes, shorts, ints, longs or floats
     */
    public static long bytesOf(List<?> arrays) {
        long bytes = 0;
        for (Object array : arrays) {
            bytes += ArrayKind.of(array).bytes(array);
        }
        return bytes;
    }

    /** The same arrays, in whose signature another reason stands for the variant. */
    Weights because(String reason) {
        return new Weights(signature.because(reason), arena, arrays);
    }

    /** What the model is. */
    public Signature signature() {
        return signature;
    }

    /** Where sessions keep their values. */
    public ArenaPlan arena() {
        return arena;
    }

    /** How many arrays there are. */
    public int size() {
        return arrays.size();
    }

    /** The array of that index, shared and not to be written. */
    public Object array(int index) {
        return arrays.get(index);
    }

    /**
     * The array of that index, shared and not to be written.
     *
     * @throws ClassCastException if it is of another type
     */
    public byte[] bytes(int index) {
        return (byte[]) arrays.get(index);
    }

    /**
     * The array of that index, shared and not to be written.
     *
     * @throws ClassCastException if it is of another type
     */
    public short[] shorts(int index) {
        return (short[]) arrays.get(index);
    }

    /**
     * The array of that index, shared and not to be written.
     *
     * @throws ClassCastException if it is of another type
     */
    public int[] ints(int index) {
        return (int[]) arrays.get(index);
    }

    /**
     * The array of that index, shared and not to be written.
     *
     * @throws ClassCastException if it is of another type
     */
    public long[] longs(int index) {
        return (long[]) arrays.get(index);
    }

    /**
     * The array of that index, shared and not to be written.
     *
     * @throws ClassCastException if it is of another type
     */
    public float[] floats(int index) {
        return (float[]) arrays.get(index);
    }

    /**
     * The byte array [k][channel] of that index as ints, an array for each k, for generated loops that add products to
     * ints.
     *
     * @param channels how many there are
     * @param repeats how often an array holds them, one after the other
     * @return new arrays
     * @throws ClassCastException if it is of another type
     */
    public int[][] intRows(int index, int channels, int repeats) {
        byte[] bytes = bytes(index);
        int[][] rows = new int[bytes.length / channels][repeats * channels];
        for (int k = 0; k < rows.length; k++) {
            for (int i = 0; i < rows[k].length; i++) {
                rows[k][i] = bytes[k * channels + i % channels];
            }
        }
        return rows;
    }

    /**
     * The float or byte array [k][channel] of that index as floats, an array for each k, for generated loops that add
     * products to floats.
     *
     * @param channels how many there are
     * @param repeats how often an array holds them, one after the other
     * @return new arrays
     * @throws ClassCastException if it is of another type
     */
    public float[][] floatRows(int index, int channels, int repeats) {
        byte[] bytes = arrays.get(index) instanceof byte[] codes ? codes : null;
        float[] floats = bytes == null ? floats(index) : null;
        float[][] rows = new float[(bytes == null ? floats.length : bytes.length) / channels][repeats * channels];
        for (int k = 0; k < rows.length; k++) {
            for (int i = 0; i < rows[k].length; i++) {
                int at = k * channels + i % channels;
                rows[k][i] = bytes == null ? floats[at] : bytes[at];
            }
        }
        return rows;
    }

    /**
     * The weights [k][channel] of that index as floats in panels of channels that lie beside each other, for generated
     * code that holds a panel's sums in registers.
     *
     * @param channels how many a row of the array has
     * @param width channels of a panel
     * @return a new array [panel][k][width], 0 for channels past the last
     * @throws ClassCastException if it is of neither bytes nor floats
     */
    public float[] panels(int index, int channels, int width) {
        Object array = arrays.get(index);
        byte[] bytes = array instanceof byte[] ? (byte[]) array : null;
        float[] floats = bytes == null ? (float[]) array : null;
        int depth = (bytes == null ? floats.length : bytes.length) / channels;
        float[] panels = new float[(channels + width - 1) / width * depth * width];
        for (int k = 0; k < depth; k++) {
            for (int channel = 0; channel < channels; channel++) {
                int from = k * channels + channel;
                panels[(channel / width * depth + k) * width + channel % width] = bytes == null
                        ? floats[from]
                        : bytes[from];
            }
        }
        return panels;
    }

    /**
     * The codes [k][channel] of that index in panels of channels that lie beside each other, for generated code that
     * one row goes through.
     *
     * @param channels how many a row of the array has
     * @param width channels of a panel
     * @return a new array [panel][k][width], 0 for channels past the last
     * @throws ClassCastException if it is not of bytes
     */
    public byte[] panelsOfCodes(int index, int channels, int width) {
        byte[] bytes = bytes(index);
        int depth = bytes.length / channels;
        byte[] panels = new byte[(channels + width - 1) / width * depth * width];
        for (int i = 0; i < bytes.length; i++) {
            int channel = i % channels;
            panels[(channel / width * depth + i / channels) * width + channel % width] = bytes[i];
        }
        return panels;
    }

    /**
     * The codes [k][channel] of that index as upper halves of f32, of which the lower ones are 0, in panels of channels
     * that lie beside each other, for generated code that one row goes through. Such a half holds any code.
     *
     * @param lanes channels of a vector of f32: an int has the weight of a vector's channel in its lower half, and that
     *        of the next vector's in the upper
     * @param channels how many a row of the array has
     * @param width channels of a panel, of whole vectors
     * @return a new array [panel][k][pair of vectors][lanes], 0 for channels past the last
     * @throws ClassCastException if it is not of bytes
     */
    public int[] panelsOfHalves(int index, int lanes, int channels, int width) {
        byte[] bytes = bytes(index);
        int depth = bytes.length / channels;
        int ints = (width / lanes + 1) / 2 * lanes;
        int[] panels = new int[(channels + width - 1) / width * depth * ints];
        for (int i = 0; i < bytes.length; i++) {
            int channel = i % channels;
            int vector = channel % width / lanes;
            panels[(channel / width * depth + i / channels) * ints + vector / 2 * lanes + channel % lanes] |= Float
                    .floatToRawIntBits(bytes[i]) >>> 16 << 16 * (vector % 2);
        }
        return panels;
    }

    /**
     * The weights [pixel][k][channel] of that index as pairs of shorts, those of neighbouring k, in panels of channels
     * that lie beside each other, for generated code that multiplies in lanes of 16 bits.
     *
     * @param values how many k a pixel has; of an odd number the last has a 0 beside it
     * @param channels how many a row of the array has
     * @param width channels of a panel
     * @return a new array [panel][pixel][pair][width], the first of a pair in the lower 16 bits, 0 for channels past
     * the
     *         last
     * @throws ClassCastException if it is not of bytes
     */
    public int[] panelsOfPairs(int index, int values, int channels, int width) {
        byte[] bytes = bytes(index);
        int pairs = (values + 1) / 2;
        int depth = bytes.length / channels / values * pairs;
        int[] panels = new int[(channels + width - 1) / width * depth * width];
        for (int i = 0; i < bytes.length; i++) {
            int channel = i % channels;
            int k = i / channels % values;
            int pair = i / channels / values * pairs + k / 2;
            panels[(channel / width * depth + pair) * width + channel % width] |= (bytes[i] & 0xffff) << 16 * (k % 2);
        }
        return panels;
    }

    /**
     * The weights [k][channel] of that index as shorts, those of neighbouring channels in an int, in panels of channels
     * that lie beside each other, for generated code where each channel has its own values in lanes of 16 bits.
     *
     * @param channels how many a row of the array has
     * @param width channels of a panel, an even number
     * @return a new array [panel][k][width / 2], the first channel in the lower 16 bits, 0 for channels past the last
     * @throws ClassCastException if it is not of bytes
     */
    public int[] panelsOfShorts(int index, int channels, int width) {
        byte[] bytes = bytes(index);
        int depth = bytes.length / channels;
        int[] panels = new int[(channels + width - 1) / width * depth * (width / 2)];
        for (int i = 0; i < bytes.length; i++) {
            int channel = i % channels;
            int at = (channel / width * depth + i / channels) * width + channel % width;
            panels[at / 2] |= (bytes[i] & 0xffff) << 16 * (at % 2);
        }
        return panels;
    }

    /**
     * The weights [k][channel] of that index in the bytes of shorts, two channels in each, in panels of channels that
     * lie beside each other, for generated code that multiplies in lanes of 16 bits. An int of a vector of {@code
     * lanes} has four channels of the vector's {@code 4 * lanes}: of each quarter of them the one that stands where the
     * int does, the first two in the lower bytes of its shorts, the others times 256 above, added modulo 2^16.
     *
     * @param lanes ints of a vector
     * @param channels how many a row of the array has
     * @param width channels of a panel: of some vectors
     * @return a new array [panel][k][width / 4], 0 for channels past the last
     * @throws ClassCastException if it is not of bytes
     */
    public int[] panelsOfBytes(int index, int lanes, int channels, int width) {
        byte[] bytes = bytes(index);
        int depth = bytes.length / channels;
        int[] panels = new int[(channels + width - 1) / width * depth * width / 4];
        for (int i = 0; i < bytes.length; i++) {
            int channel = i % channels;
            int quarter = channel % width / lanes % 4;
            int lane = channel % width / lanes / 4 * lanes + channel % lanes;
            int at = (channel / width * depth + i / channels) * width / 4 + lane;
            int shift = 16 * (quarter % 2);
            int half = (panels[at] >>> shift) + (bytes[i] << 8 * (quarter / 2)) & 0xffff;
            panels[at] = panels[at] & ~(0xffff << shift) | half << shift;
        }
        return panels;
    }

    /**
     * Where the values lie that a window takes, for generated code that goes over them in one loop.
     *
     * @param lines of the window
     * @param lineDistance from a value to the one a line below
     * @param pixels of a line of the window
     * @param pixelDistance from a value to the one a pixel to the right
     * @param values of a pixel, beside each other
     * @return how far each is from the first, line by line
     */
    public static int[] windowOffsets(int lines, int lineDistance, int pixels, int pixelDistance, int values) {
        int[] offsets = new int[lines * pixels * values];
        for (int i = 0; i < offsets.length; i++) {
            int pixel = i / values;
            offsets[i] = pixel / pixels * lineDistance + pixel % pixels * pixelDistance + i % values;
        }
        return offsets;
    }

    /**
     * The float array of that index as doubles, for generated loops that write another array of floats.
     *
     * @return a new array
     * @throws ClassCastException if it is of another type
     */
    public double[] floatsAsDoubles(int index) {
        float[] floats = floats(index);
        double[] wide = new double[floats.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = floats[i];
        }
        return wide;
    }
}
