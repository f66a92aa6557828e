package dev.tern.compiler.graph.meaning;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.function.IntConsumer;

/** Pools over [height, width, channels]. */
final class Windows {
    private Windows() {
    }

    static Tensor maxPool(Geometry geometry, Shape result, Tensor x) {
        return switch (x) {
            case Tensor.Floats floats -> {
                float[] values = new float[result.elements()];
                for (int i = 0; i < values.length; i++) {
                    float[] greatest = {Float.NEGATIVE_INFINITY};
                    forEachTap(geometry, x.shape(), result, i,
                            tap -> greatest[0] = Math.max(greatest[0], floats.values()[tap]));
                    values[i] = greatest[0];
                }
                yield new Tensor.Floats(result, values);
            }
            case Tensor.Integers integers -> {
                int[] values = new int[result.elements()];
                for (int i = 0; i < values.length; i++) {
                    int[] greatest = {Integer.MIN_VALUE};
                    forEachTap(geometry, x.shape(), result, i,
                            tap -> greatest[0] = Math.max(greatest[0], integers.values()[tap]));
                    values[i] = greatest[0];
                }
                yield new Tensor.Integers(result, values);
            }
        };
    }

    static Tensor.Floats avgPool(Geometry geometry, Shape result, Tensor.Floats x) {
        float[] values = new float[result.elements()];
        for (int i = 0; i < values.length; i++) {
            double[] sum = {0};
            int[] count = {0};
            forEachTap(geometry, x.shape(), result, i, tap -> {
                sum[0] += x.values()[tap];
                count[0]++;
            });
            values[i] = (float) (sum[0] / count[0]);
        }
        return new Tensor.Floats(result, values);
    }

    static Tensor.Integers sumPool(Geometry geometry, Shape result, Tensor.Integers x) {
        int[] sums = new int[result.elements()];
        for (int i = 0; i < sums.length; i++) {
            int[] sum = {0};
            forEachTap(geometry, x.shape(), result, i, tap -> sum[0] += x.values()[tap]);
            sums[i] = sum[0];
        }
        return new Tensor.Integers(result, sums);
    }

    /** Visits the elements of x in output element i's window, rows then columns ascending, padding left out. */
    private static void forEachTap(Geometry g, Shape x, Shape result, int i, IntConsumer visit) {
        int channel = i % result.dimension(2);
        int outColumn = i / result.dimension(2) % result.dimension(1);
        int outRow = i / result.dimension(2) / result.dimension(1);
        for (int ky = 0; ky < g.kernelHeight(); ky++) {
            int row = outRow * g.strideHeight() - g.padTop() + ky * g.dilationHeight();
            for (int kx = 0; kx < g.kernelWidth(); kx++) {
                int column = outColumn * g.strideWidth() - g.padLeft() + kx * g.dilationWidth();
                if (row >= 0 && row < x.dimension(0) && column >= 0 && column < x.dimension(1)) {
                    visit.accept((row * x.dimension(1) + column) * x.dimension(2) + channel);
                }
            }
        }
    }
}
