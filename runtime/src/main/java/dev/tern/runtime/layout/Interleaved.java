package dev.tern.runtime.layout;

/**
 * Floats or ints [channel][k] as [k][channel], for kernels that go over channels with vectors.
 *
 * @param channels how many rows the stored array has
 */
public record Interleaved(int channels) implements ArrayLayout {
    static final int KIND = 1;

    public Interleaved {
        if (channels < 1) {
            throw new IllegalArgumentException(channels + " channels");
        }
    }

    static Interleaved read(int[] parameters) {
        Parameters.expect(parameters, 1);
        return new Interleaved(parameters[0]);
    }

    @Override
    public Object of(Object stored) {
        return stored instanceof float[] ? of((float[]) stored) : of((int[]) stored);
    }

    /** @return a new array */
    public float[] of(float[] values) {
        float[] result = new float[values.length];
        int length = values.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < length; k++) {
                result[k * channels + channel] = values[channel * length + k];
            }
        }
        return result;
    }

    /** @return a new array */
    public int[] of(int[] values) {
        int[] result = new int[values.length];
        int length = values.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < length; k++) {
                result[k * channels + channel] = values[channel * length + k];
            }
        }
        return result;
    }

    @Override
    public long bytes(Object stored) {
        int length = stored instanceof float[]
                ? ((float[]) stored).length
                : stored instanceof int[] ? ((int[]) stored).length : -1;
        Parameters.that(length >= 0 && length % channels == 0, this);
        return 4L * length;
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int[] parameters() {
        return new int[]{channels};
    }
}
