package dev.tern.runtime.layout;

/** Checks of what a weight file says of layouts. */
final class Parameters {
    private Parameters() {
    }

    static void expect(int[] parameters, int count) {
        if (parameters.length != count) {
            throw new IllegalArgumentException(parameters.length + " parameters of a layout that has " + count);
        }
    }

    /** The constant that a number stands for. */
    static <E> E constant(E[] all, int number) {
        if (number < 0 || number >= all.length) {
            throw new IllegalArgumentException("constant " + number + " of " + all.length);
        }
        return all[number];
    }

    static void that(boolean condition, Object layout) {
        if (!condition) {
            throw new IllegalArgumentException("impossible layout " + layout);
        }
    }

    /** The stored codes, of which all channels have equally many. */
    static byte[] codes(Object stored, int channels, Object layout) {
        if (!(stored instanceof byte[]) || ((byte[]) stored).length % channels != 0) {
            throw new IllegalArgumentException("the stored array does not go with its layout " + layout);
        }
        return (byte[]) stored;
    }
}
