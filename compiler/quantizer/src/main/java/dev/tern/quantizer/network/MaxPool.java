package dev.tern.quantizer.network;

import java.util.Arrays;

/**
 * The greatest element of each window, channel by channel, padding left out; the gradient goes to the first greatest.
 */
final class MaxPool implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final PatchWindow window;
    private final int[] rest;

    MaxPool(Signal input, Signal output, PatchWindow window) {
        this.input = input;
        this.output = output;
        this.window = window;
        this.rest = new int[window.channels()];
    }

    @Override
    public void forward(Mode mode) {
        Arrays.fill(output.value, Float.NEGATIVE_INFINITY);
        visit((from, to, first) -> {
            for (int c = 0; c < window.channels(); c++) {
                output.value[to + c] = Math.max(output.value[to + c], input.value[from + c]);
            }
        });
    }

    /**
     * The first of the greatest elements of a window gets the gradient. Which one that is cannot be foretold, so it is
     * found without a branch: all ones where the bits of element and maximum differ, all zeros where they do not.
     */
    @Override
    public void backward() {
        if (!input.isDifferentiable()) {
            return;
        }
        visit((from, to, first) -> {
            for (int c = 0; c < window.channels(); c++) {
                int bits = first ? Float.floatToRawIntBits(output.gradient[to + c]) : rest[c];
                int difference = Float.floatToRawIntBits(input.value[from + c])
                        ^ Float.floatToRawIntBits(output.value[to + c]);
                int differs = (difference | -difference) >> 31;
                input.gradient[from + c] += Float.intBitsToFloat(bits & ~differs);
                rest[c] = bits & differs;
            }
        });
    }

    /** A pixel of a window. @param first whether it is the first of its window */
    private interface PixelVisitor {
        void visit(int from, int to, boolean first);
    }

    private void visit(PixelVisitor visitor) {
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
        boolean first = true;
        for (int ky = 0; ky < window.geometry().kernelHeight(); ky++) {
            for (int kx = 0; kx < window.geometry().kernelWidth(); kx++) {
                int row = window.row(y, ky);
                int column = window.column(x, kx);
                if (window.inside(row, column)) {
                    visitor.visit(image + (row * window.width() + column) * window.channels(), to, first);
                    first = false;
                }
            }
        }
    }
}
