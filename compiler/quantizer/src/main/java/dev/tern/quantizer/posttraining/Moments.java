package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Tensor;

/** Mean and variance of each channel, the last axis, over samples. */
record Moments(double[] sums, double[] squares, long count) {
    /** @param values f32, of one shape; not empty */
    static Moments of(Tensor[] values) {
        int channels = values[0].shape().channels();
        double[] sums = new double[channels];
        double[] squares = new double[channels];
        for (Tensor value : values) {
            float[] x = ((Tensor.Floats) value).values();
            for (int i = 0; i < x.length; i++) {
                sums[i % channels] += x[i];
                squares[i % channels] += (double) x[i] * x[i];
            }
        }
        return new Moments(sums, squares, (long) values.length * values[0].shape().rows());
    }

    double mean(int channel) {
        return sums[channel] / count;
    }

    double variance(int channel) {
        return Math.max(0, squares[channel] / count - mean(channel) * mean(channel));
    }
}
