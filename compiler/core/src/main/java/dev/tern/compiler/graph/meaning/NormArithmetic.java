package dev.tern.compiler.graph.meaning;

/** The two f32 numbers per channel that a batch normalization multiplies by and adds; both computed in double. */
public final class NormArithmetic {
    private NormArithmetic() {
    }

    /** {@code gamma / sqrt(variance + epsilon)} of each channel. */
    public static float[] scale(float[] gamma, float[] variance, double epsilon) {
        float[] scale = new float[gamma.length];
        for (int c = 0; c < scale.length; c++) {
            scale[c] = scale(gamma[c], variance[c], epsilon);
        }
        return scale;
    }

    /** {@code beta - mean * scale} of each channel. */
    public static float[] shift(float[] beta, float[] mean, float[] scale) {
        float[] shift = new float[beta.length];
        for (int c = 0; c < shift.length; c++) {
            shift[c] = shift(beta[c], mean[c], scale[c]);
        }
        return shift;
    }

    /** The factor of one channel, rounded once. */
    public static float scale(float gamma, float variance, double epsilon) {
        return (float) (gamma / Math.sqrt(variance + epsilon));
    }

    /** The summand of one channel, rounded once. */
    public static float shift(float beta, float mean, float scale) {
        return (float) (beta - mean * (double) scale);
    }
}
