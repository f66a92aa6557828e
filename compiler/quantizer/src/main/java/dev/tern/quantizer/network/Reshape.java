package dev.tern.quantizer.network;

/** The same elements in the same order under another shape. */
final class Reshape implements TrainedLayer {
    private final Signal input;
    private final Signal output;

    Reshape(Signal input, Signal output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public void forward(Mode mode) {
        System.arraycopy(input.value, 0, output.value, 0, input.value.length);
    }

    @Override
    public void backward() {
        for (int i = 0; i < input.gradient.length; i++) {
            input.gradient[i] += output.gradient[i];
        }
    }
}
