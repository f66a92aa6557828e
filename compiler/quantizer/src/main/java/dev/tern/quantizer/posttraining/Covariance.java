package dev.tern.quantizer.posttraining;

import java.util.stream.IntStream;

/**
 * How errors of a layer's weights add up to errors of what it computes: with inputs x, an error e of the weights of one
 * output costs e' H e, H the mean of x x'. Symmetric, row-major, and made positive definite by a little more on its
 * diagonal.
 */
final class Covariance {
    /** Of the mean of the diagonal, added to the diagonal. */
    static final double DAMPING = 0.01;

    private final int size;
    private final double[] values;
    private final double[] damping;
    private double[] compensation;

    private Covariance(int size, double[] values) {
        this.size = size;
        this.values = values;
        double mean = IntStream.range(0, size).mapToDouble(i -> values[i * size + i]).sum() / size;
        damping = new double[size];
        for (int i = 0; i < size; i++) {
            // Inputs that are always 0 leave their weights to the damping alone.
            damping[i] = mean > 0 ? DAMPING * mean : 1;
            values[i * size + i] += damping[i];
        }
    }

    /**
     * @param rows inputs, [count][size]
     * @param means taken off first, or null; where a bias follows that takes up any constant error
     */
    static Covariance of(float[][] rows, int size, double[] means) {
        return new Covariance(size, moments(rows, rows, size, means, means));
    }

    /** The mean of {@code left_i right_j}, of values less their means. */
    static double[] moments(float[][] left, float[][] right, int size, double[] leftMeans, double[] rightMeans) {
        double[] result = new double[size * size];
        IntStream.range(0, size).parallel().forEach(i -> {
            double[] sums = new double[size];
            for (int row = 0; row < left.length; row++) {
                double x = left[row][i] - (leftMeans == null ? 0 : leftMeans[i]);
                if (x != 0) {
                    float[] y = right[row];
                    for (int j = 0; j < size; j++) {
                        sums[j] += x * y[j];
                    }
                }
            }
            double sum = 0;
            for (float[] row : left) {
                sum += row[i] - (leftMeans == null ? 0 : leftMeans[i]);
            }
            for (int j = 0; j < size; j++) {
                result[i * size + j] = (sums[j] - sum * (rightMeans == null ? 0 : rightMeans[j])) / left.length;
            }
        });
        return result;
    }

    int size() {
        return size;
    }

    double at(int row, int column) {
        return values[row * size + column];
    }

    /** {@code H v}. */
    double[] times(double[] v) {
        double[] result = new double[size];
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (int j = 0; j < size; j++) {
                sum += values[i * size + j] * v[j];
            }
            result[i] = sum;
        }
        return result;
    }

    /** {@code left' H right}. */
    double product(double[] left, double[] right) {
        double[] image = times(right);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += left[i] * image[i];
        }
        return sum;
    }

    /** {@code v' H v}, of H as it was before its diagonal was added to. */
    double undamped(double[] v) {
        double sum = product(v, v);
        for (int i = 0; i < size; i++) {
            sum -= damping[i] * v[i] * v[i];
        }
        return sum;
    }

    /**
     * The weights that do on these inputs what others do on other inputs, as near as least squares come; where the
     * inputs say little, those weights themselves.
     *
     * @param crossed the mean of {@code x_i y_j}, x these inputs and y the others, [size * size]
     */
    double[] matched(double[] crossed, double[] weights) {
        double[] right = new double[size];
        for (int i = 0; i < size; i++) {
            double sum = damping[i] * weights[i];
            for (int j = 0; j < size; j++) {
                sum += crossed[i * size + j] * weights[j];
            }
            right[i] = sum;
        }
        return Triangle.of(values, size).solve(right);
    }

    /**
     * The upper triangle U of the inverse, {@code U' U}; by its rows an error of one weight is made up by later ones.
     */
    synchronized double[] compensation() {
        if (compensation == null) {
            double[] inverse = Triangle.of(values, size).inverse();
            double[] lower = Triangle.of(inverse, size).values();
            compensation = new double[size * size];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j <= i; j++) {
                    compensation[j * size + i] = lower[i * size + j];
                }
            }
        }
        return compensation;
    }
}
