package dev.tern.quantizer.network;

/**
 * The greatest element of each window, channel by channel, padding left out; the gradient goes to the first greatest.
 */
final class MaxPool implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final Window window;
    private final int[] source;

    MaxPool(Signal input, Signal output, Window window) {
        this.input = input;
        this.output = output;
        this.window = window;
        this.source = new int[output.value.length];
    }

    @Override
    public void forward(Mode mode) {
        int rows = window.outputHeight();
        int columns = window.outputWidth();
        int to = 0;
        for (int image = 0; image < input.value.length; image += input.size) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++, to += window.channels()) {
                    pool(image, y, x, to);
                }
            }
        }
    }

    private void pool(int image, int y, int x, int to) {
        boolean first = true;
        for (int ky = 0; ky < window.geometry().kernelHeight(); ky++) {
            for (int kx = 0; kx < window.geometry().kernelWidth(); kx++) {
                int row = window.row(y, ky);
                int column = window.column(x, kx);
                if (window.inside(row, column)) {
                    take(image + (row * window.width() + column) * window.channels(), to, first);
                    first = false;
                }
            }
        }
    }

    private void take(int from, int to, boolean first) {
        for (int c = 0; c < window.channels(); c++) {
            float value = input.value[from + c];
            if (first || value > output.value[to + c]) {
                output.value[to + c] = value;
                source[to + c] = from + c;
            }
        }
    }

    @Override
    public void backward() {
        if (input.isDifferentiable()) {
            for (int i = 0; i < source.length; i++) {
                input.gradient[source[i]] += output.gradient[i];
            }
        }
    }
}
