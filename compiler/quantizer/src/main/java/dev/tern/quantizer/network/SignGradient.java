package dev.tern.quantizer.network;

/** What stands for the gradient of the sign, which is 0 wherever there is one; beyond |x| = 1 it is 0 in all. */
public enum SignGradient {
    /** That of the clipped identity: 1 (Hubara et al. 2016). */
    CLIP {
        @Override
        void pass(float[] x, float[] dy, float[] dx) {
            for (int i = 0; i < dx.length; i++) {
                dx[i] += dy[i] * Line.same(x[i], Math.min(Math.max(x[i], -1), 1));
            }
        }
    },
    /** That of a piecewise quadratic: 2 - 2 |x| (Bi-Real Net, Liu et al. 2018; ReActNet, Liu et al. 2020). */
    QUADRATIC {
        @Override
        void pass(float[] x, float[] dy, float[] dx) {
            for (int i = 0; i < dx.length; i++) {
                dx[i] += dy[i] * Math.max(2 - 2 * Math.abs(x[i]), 0);
            }
        }
    };

    /** Adds to {@code dx} what {@code dy}, the gradient of the signs, says of {@code x}. */
    abstract void pass(float[] x, float[] dy, float[] dx);
}
