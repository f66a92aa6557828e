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
    private static final int BLOCK = 16;

    private final int size;
    private final double[] values;
    private final double[] damping;
    private Triangle triangle;
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
        return new Covariance(size, moments(rows, size, means));
    }

    /** The mean of {@code x_i x_j}, of values less their means; of a few i at once, so that rows are read seldom. */
    private static double[] moments(float[][] rows, int size, double[] means) {
        double[] result = new double[size * size];
        IntStream.range(0, (size + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
            int first = block * BLOCK;
            int end = Math.min(size, first + BLOCK);
            double[][] sums = new double[end - first][end];
            double[] weights = new double[end - first];
            for (float[] row : rows) {
                for (int i = first; i < end; i++) {
                    double x = row[i] - (means == null ? 0 : means[i]);
                    weights[i - first] += x;
                    if (x != 0) {
                        add(sums[i - first], x, row, i + 1);
                    }
                }
            }
            for (int i = first; i < end; i++) {
                for (int j = 0; j <= i; j++) {
                    double mean = means == null ? 0 : means[j];
                    double moment = (sums[i - first][j] - weights[i - first] * mean) / rows.length;
                    result[i * size + j] = moment;
                    result[j * size + i] = moment;
                }
            }
        });
        return result;
    }

    private static void add(double[] sums, double factor, float[] row, int count) {
        for (int j = 0; j < count; j++) {
            sums[j] += factor * row[j];
        }
    }

    /**
     * What an output has to do with the inputs.
     *
     * @param crossed the mean of the inputs, less their means, times the output
     * @param power the mean square of the output
     */
    record Crossed(double[] crossed, double power) {
        /**
         * Of an output that weights make of other rows.
         *
         * @param rows the inputs, [count][size]
         * @param others of each the row that goes into the output
         * @param means of the rows, or null
         * @param otherMeans of the others, or null
         */
        static Crossed of(float[][] rows, float[][] others, double[] weights, double[] means, double[] otherMeans) {
            double[] sums = new double[weights.length];
            double sum = 0;
            double power = 0;
            for (int n = 0; n < rows.length; n++) {
                double output = 0;
                float[] other = others[n];
                for (int k = 0; k < weights.length; k++) {
                    output += weights[k] * (other[k] - (otherMeans == null ? 0 : otherMeans[k]));
                }
                sum += output;
                power += output * output;
                add(sums, output, rows[n], weights.length);
            }
            for (int k = 0; k < sums.length; k++) {
                sums[k] = (sums[k] - sum * (means == null ? 0 : means[k])) / rows.length;
            }
            return new Crossed(sums, power / rows.length);
        }
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
     * @param output what the others give
     */
    double[] matched(Crossed output, double[] weights) {
        double[] right = new double[size];
        for (int i = 0; i < size; i++) {
            right[i] = damping[i] * weights[i] + output.crossed[i];
        }
        return triangle().solve(right);
    }

    private synchronized Triangle triangle() {
        if (triangle == null) {
            triangle = Triangle.of(values, size);
        }
        return triangle;
    }

    /**
     * The upper triangle U of the inverse, {@code U' U}; by its rows an error of one weight is made up by later ones.
     */
    synchronized double[] compensation() {
        if (compensation == null) {
            double[] inverse = triangle().inverse();
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
