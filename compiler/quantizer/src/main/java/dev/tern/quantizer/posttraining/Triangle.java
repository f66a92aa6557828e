package dev.tern.quantizer.posttraining;

/** The lower triangle L of a symmetric positive definite matrix {@code L L'} (Cholesky). */
record Triangle(double[] values, int size) {
    static Triangle of(double[] matrix, int size) {
        double[] lower = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i * size + j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i * size + k] * lower[j * size + k];
                }
                if (i == j && !(sum > 0)) {
                    throw new IllegalArgumentException("the matrix is not positive definite");
                }
                lower[i * size + j] = i == j ? Math.sqrt(sum) : sum / lower[j * size + j];
            }
        }
        return new Triangle(lower, size);
    }

    /** x of {@code L L' x = right}. */
    double[] solve(double[] right) {
        double[] x = right.clone();
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                x[i] -= values[i * size + j] * x[j];
            }
            x[i] /= values[i * size + i];
        }
        // Row by row, as they lie: by columns every number would be fetched for itself.
        for (int i = size - 1; i >= 0; i--) {
            x[i] /= values[i * size + i];
            for (int j = 0; j < i; j++) {
                x[j] -= values[i * size + j] * x[i];
            }
        }
        return x;
    }

    /** The inverse of {@code L L'}. */
    double[] inverse() {
        double[] inverse = new double[size * size];
        for (int column = 0; column < size; column++) {
            double[] unit = new double[size];
            unit[column] = 1;
            double[] x = solve(unit);
            for (int i = 0; i < size; i++) {
                inverse[i * size + column] = x[i];
            }
        }
        return inverse;
    }
}
