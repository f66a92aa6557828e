package dev.tern.quantizer.network;

/** The mean of each window's elements inside the image, channel by channel. */
final class AveragePool implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final PatchWindow window;

    AveragePool(Signal input, Signal output, PatchWindow window) {
        this.input = input;
        this.output = output;
        this.window = window;
    }

    @Override
    public void forward(Mode mode) {
        visitWindows((pixels, count, to) -> {
            for (int c = 0; c < window.channels(); c++) {
                double sum = 0;
                for (int i = 0; i < count; i++) {
                    sum += input.value[pixels[i] + c];
                }
                output.value[to + c] = (float) (sum / count);
            }
        });
    }

    @Override
    public void backward() {
        if (input.isDifferentiable()) {
            visitWindows((pixels, count, to) -> {
                for (int i = 0; i < count; i++) {
                    for (int c = 0; c < window.channels(); c++) {
                        input.gradient[pixels[i] + c] += output.gradient[to + c] / count;
                    }
                }
            });
        }
    }

    /** A window whose first {@code count} pixels are those inside the image. */
    private interface WindowVisitor {
        void visit(int[] pixels, int count, int to);
    }

    private void visitWindows(WindowVisitor visitor) {
        int rows = window.outputHeight();
        int columns = window.outputWidth();
        int[] pixels = new int[window.geometry().taps()];
        int to = 0;
        for (int image = 0; image < input.value.length; image += input.size) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++, to += window.channels()) {
                    visitor.visit(pixels, pixels(image, y, x, pixels), to);
                }
            }
        }
    }

    private int pixels(int image, int y, int x, int[] pixels) {
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
        return count;
    }
}
