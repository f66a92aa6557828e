package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** What single outputs of a product are computed from: for each place of each sample a row, in the weights' order. */
final class InputRows {
    /** About as many rows of each product are looked at. */
    static final int KEPT = 1 << 14;

    private InputRows() {
    }

    /**
     * @param samples real inputs of the product, all of the shape
     * @param shape of the inputs
     * @param result shape of the outputs
     * @param columns weights of one output
     * @param group of a convolution's channels
     * @return [count][columns]
     */
    static float[][] of(Operation.Product product, List<float[]> samples, Shape shape, Shape result, int columns,
            int group) {
        int places = result.rows();
        // Odd, so that rows and columns of a picture come in turn.
        long all = (long) places * samples.size();
        int stride = (int) (all <= KEPT ? 1 : all / KEPT | 1);
        int count = (int) ((all + stride - 1) / stride);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            long at = (long) i * stride;
            float[] x = samples.get((int) (at / places));
            int place = (int) (at % places);
            rows[i] = switch (product) {
                case Operation.Dense _ -> Arrays.copyOfRange(x, place * columns, (place + 1) * columns);
                case Operation.Conv conv -> patch(conv, x, shape, result, place, columns, group);
            };
        }
        return rows;
    }

    private static float[] patch(Operation.Conv conv, float[] x, Shape shape, Shape result, int place, int columns,
            int group) {
        Geometry g = conv.geometry();
        int depth = columns / g.taps();
        int outRow = place / result.dimension(1);
        int outColumn = place % result.dimension(1);
        float outside = switch (conv.padding()) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
        float[] patch = new float[columns];
        int end = 0;
        for (int ky = 0; ky < g.kernelHeight(); ky++) {
            int row = outRow * g.strideHeight() - g.padTop() + ky * g.dilationHeight();
            for (int kx = 0; kx < g.kernelWidth(); kx++) {
                int column = outColumn * g.strideWidth() - g.padLeft() + kx * g.dilationWidth();
                boolean inside = row >= 0 && row < shape.dimension(0) && column >= 0 && column < shape.dimension(1);
                int pixel = (row * shape.dimension(1) + column) * shape.dimension(2) + group * depth;
                for (int k = 0; k < depth; k++) {
                    patch[end++] = inside ? x[pixel + k] : outside;
                }
            }
        }
        return patch;
    }
}
