package dev.tern.quantizer.network;

import java.util.Arrays;

/** The mean of each window's elements inside the image, channel by channel. */
final class AveragePool implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final Window window;

    AveragePool(Signal input, Signal output, Window window) {
        this.input = input;
        this.output = output;
        this.window = window;
    }

    @Override
    public void forward(Mode mode) {
        Arrays.fill(output.value, 0f);
        visitWindows((from, to, taps) -> {
            for (int c = 0; c < window.channels(); c++) {
                output.value[to + c] += input.value[from + c] / taps;
            }
        });
    }

    @Override
    public void backward() {
        if (input.isDifferentiable()) {
            visitWindows((from, to, taps) -> {
                for (int c = 0; c < window.channels(); c++) {
                    input.gradient[from + c] += output.gradient[to + c] / taps;
                }
            });
        }
    }

    /** One pixel of a window with {@code taps} pixels inside the image. */
    private interface PixelVisitor {
        void visit(int from, int to, int taps);
    }

    private void visitWindows(PixelVisitor visitor) {
        int rows = window.outputHeight();
        int columns = window.outputWidth();
        int to = 0;
        for (int image = 0; image < input.value.length; image += input.size) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++, to += window.channels()) {
                    visitWindow(image, y, x, to, visitor);
                }
            }
        }
    }

    private void visitWindow(int image, int y, int x, int to, PixelVisitor visitor) {
        int[] pixels = new int[window.geometry().taps()];
        int count = 0;
        for (int ky = 0; ky < window.geometry().kernelHeight(); ky++) {
            for (int kx = 0; kx < window.geometry().kernelWidth(); kx++) {
                int row = window.row(y, ky);
                int column = window.column(x, kx);
                if (window.inside(row, column)) {
                    pixels[count++] = image + (row * window.width() + column) * window.channels();
                }
            }
        }
        for (int i = 0; i < count; i++) {
            visitor.visit(pixels[i], to, count);
        }
    }
}
