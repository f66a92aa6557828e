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
        float[] x = input.value;
        float[] y = output.value;
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.min(Math.max(x[i], low), high);
        }
    }

    @Override
    public void backward() {
        float[] x = input.value;
        float[] y = output.value;
        float[] dx = input.gradient;
        float[] dy = output.gradient;
        for (int i = 0; i < dx.length; i++) {
            dx[i] += dy[i] * Line.same(x[i], y[i]);
        }
    }
}
