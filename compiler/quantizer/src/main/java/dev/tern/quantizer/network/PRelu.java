package dev.tern.quantizer.network;

/**
 * {@code x >= 0 ? x : slope[c] * x}, the slope learned (He et al. 2015). Like {@link BatchNormalization} in rows of
 * several pixels, and without a branch, which could not be foretold: see {@link Line}.
 */
final class PRelu implements TrainedLayer {
    private static final int ROW = 1024;

    private final Signal input;
    private final Signal slope;
    private final Signal output;
    private final int width;
    private final float[] slopes;
    private final float[] x;
    private final float[] dx;
    private final float[] dy;

    /** @param slope of as many elements as the last axis, or one */
    PRelu(Signal input, Signal slope, Signal output) {
        this.input = input;
        this.slope = slope;
        this.output = output;
        this.width = Convolution.divisorUpTo(Math.max(1, ROW / slope.size), input.value.length / slope.size)
                * slope.size;
        this.slopes = new float[width];
        this.x = new float[width];
        this.dx = new float[width];
        this.dy = new float[width];
    }

    @Override
    public void forward(Mode mode) {
        for (int i = 0; i < width; i++) {
            slopes[i] = slope.value[i % slope.size];
        }
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, x, 0, width);
            if (mode == Mode.TRAINING) {
                bendInVectors(x, slopes);
            } else {
                bend(x, slopes);
            }
            System.arraycopy(x, 0, output.value, row, width);
        }
    }

    /** As it is defined, -0 included. */
    private static void bend(float[] x, float[] slopes) {
        for (int i = 0; i < x.length; i++) {
            x[i] = x[i] >= 0 ? x[i] : slopes[i] * x[i];
        }
    }

    /** The same number, though perhaps +0 for -0. */
    private static void bendInVectors(float[] x, float[] slopes) {
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.max(x[i], 0f) + slopes[i] * Math.min(x[i], 0f);
        }
    }

    @Override
    public void backward() {
        float[] sums = new float[width];
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, x, 0, width);
            System.arraycopy(output.gradient, row, dy, 0, width);
            addSlopes(sums, x, dy);
            if (input.isDifferentiable()) {
                System.arraycopy(input.gradient, row, dx, 0, width);
                pass(dx, x, dy, slopes);
                System.arraycopy(dx, 0, input.gradient, row, width);
            }
        }
        for (int i = 0; slope.isDifferentiable() && i < width; i++) {
            slope.gradient[i % slope.size] += sums[i];
        }
    }

    private static void addSlopes(float[] sums, float[] x, float[] dy) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += Math.min(x[i], 0f) * dy[i];
        }
    }

    private static void pass(float[] dx, float[] x, float[] dy, float[] slopes) {
        for (int i = 0; i < dx.length; i++) {
            float positive = Line.same(x[i], Math.max(x[i], 0f));
            dx[i] += dy[i] * (positive + (1 - positive) * slopes[i]);
        }
    }
}
