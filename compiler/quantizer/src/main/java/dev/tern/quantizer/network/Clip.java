package dev.tern.quantizer.network;

/** min(max(x, low), high), element by element; relu is 0..infinity. */
final class Clip implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final float low;
    private final float high;

    Clip(Signal input, Signal output, float low, float high) {
        this.input = input;
        this.output = output;
        this.low = low;
        this.high = high;
    }

    @Override
    public void forward(Mode mode) {
        for (int i = 0; i < input.value.length; i++) {
            output.value[i] = Math.min(Math.max(input.value[i], low), high);
        }
    }

    @Override
    public void backward() {
        for (int i = 0; i < input.gradient.length; i++) {
            // Without a branch, which could not be foretold: all ones where the value was clipped, else all zeros.
            int difference = Float.floatToRawIntBits(input.value[i]) ^ Float.floatToRawIntBits(output.value[i]);
            int clipped = (difference | -difference) >> 31;
            input.gradient[i] += Float.intBitsToFloat(Float.floatToRawIntBits(output.gradient[i]) & ~clipped);
        }
    }
}
