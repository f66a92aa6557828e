package dev.tern.importers.onnx;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;

/** An array and what everyday operators make of it, in doubles, one element after the other. */
record NaiveArray(int[] shape, double[] values) {
    /** Numbers from a normal distribution that are f32. */
    static NaiveArray random(long seed, int... shape) {
        Random random = new Random(seed);
        double[] values = new double[size(shape)];
        Arrays.setAll(values, _ -> (float) random.nextGaussian());
        return new NaiveArray(shape, values);
    }

    private static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    float[] floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    long[] longs() {
        return LongStream.range(0, shape.length).map(i -> shape[(int) i]).toArray();
    }

    int[] index(int element) {
        int[] index = new int[shape.length];
        int rest = element;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }

    /** The element at an index, axes of 1 being stretched. */
    double at(int... index) {
        int place = 0;
        int missing = index.length - shape.length;
        for (int axis = 0; axis < shape.length; axis++) {
            place = place * shape[axis] + (shape[axis] == 1 ? 0 : index[axis + missing]);
        }
        return values[place];
    }

    /** An element of an array that is being made. */
    @FunctionalInterface
    interface Element {
        double at(int[] index);
    }

    static NaiveArray of(int[] shape, Element element) {
        NaiveArray made = new NaiveArray(shape, new double[size(shape)]);
        Arrays.setAll(made.values, i -> element.at(made.index(i)));
        return made;
    }

    // Elements

    NaiveArray map(DoubleUnaryOperator function) {
        return new NaiveArray(shape, Arrays.stream(values).map(function).toArray());
    }

    /** With another that stretches over this one. */
    NaiveArray with(NaiveArray other, DoubleBinaryOperator function) {
        return of(shape, index -> function.applyAsDouble(at(index), other.at(index)));
    }

    /** With numbers for each channel, axis 1. */
    NaiveArray channels(NaiveArray numbers, DoubleBinaryOperator function) {
        return of(shape, index -> function.applyAsDouble(at(index),
                numbers.values[numbers.values.length == 1 ? 0 : index[1]]));
    }

    // Movement

    NaiveArray reshape(int... to) {
        return new NaiveArray(to, values);
    }

    NaiveArray transpose(int... order) {
        return of(Arrays.stream(order).map(axis -> shape[axis]).toArray(), index -> {
            int[] from = new int[index.length];
            for (int axis = 0; axis < from.length; axis++) {
                from[order[axis]] = index[axis];
            }
            return at(from);
        });
    }

    NaiveArray slice(int axis, int start, int end) {
        int[] sizes = shape.clone();
        sizes[axis] = end - start;
        return of(sizes, index -> at(moved(index, axis, start)));
    }

    private static int[] moved(int[] index, int axis, int by) {
        int[] from = index.clone();
        from[axis] += by;
        return from;
    }

    /** So many places around the last two axes: before and after the rows, before and after the columns. */
    NaiveArray pad(String mode, double value, int top, int bottom, int left, int right) {
        int[] sizes = shape.clone();
        int rows = shape.length - 2;
        sizes[rows] += top + bottom;
        sizes[rows + 1] += left + right;
        return of(sizes, index -> {
            int[] from = index.clone();
            from[rows] = inside(mode, index[rows] - top, shape[rows]);
            from[rows + 1] = inside(mode, index[rows + 1] - left, shape[rows + 1]);
            return from[rows] < 0 || from[rows + 1] < 0 ? value : at(from);
        });
    }

    private static int inside(String mode, int place, int size) {
        if (place >= 0 && place < size) {
            return place;
        }
        return switch (mode) {
            case "reflect" -> place < 0 ? -place : 2 * size - 2 - place;
            case "edge" -> place < 0 ? 0 : size - 1;
            default -> -1;
        };
    }

    // Rows

    NaiveArray reduce(int axis, boolean keep, boolean mean) {
        int[] sizes = shape.clone();
        sizes[axis] = 1;
        NaiveArray sums = of(sizes, index -> {
            double sum = 0;
            for (int i = 0; i < shape[axis]; i++) {
                sum += at(moved(index, axis, i));
            }
            return mean ? sum / shape[axis] : sum;
        });
        return keep
                ? sums
                : sums.reshape(Arrays.stream(range(shape.length)).filter(a -> a != axis).map(a -> shape[a]).toArray());
    }

    private static int[] range(int count) {
        int[] range = new int[count];
        Arrays.setAll(range, i -> i);
        return range;
    }

    NaiveArray logSoftmax(int axis) {
        NaiveArray sums = map(Math::exp).reduce(axis, true, false);
        return with(sums, (x, sum) -> x - Math.log(sum));
    }

    NaiveArray softmax(int axis) {
        return logSoftmax(axis).map(Math::exp);
    }

    /** [.., k] by [k, n]. */
    NaiveArray times(NaiveArray matrix) {
        int[] sizes = shape.clone();
        sizes[shape.length - 1] = matrix.shape[1];
        return of(sizes, index -> {
            double sum = 0;
            int[] from = index.clone();
            for (int k = 0; k < matrix.shape[0]; k++) {
                from[from.length - 1] = k;
                sum += at(from) * matrix.at(k, index[index.length - 1]);
            }
            return sum;
        });
    }

    /** Axis 1 by its own numbers. */
    NaiveArray batchNorm(NaiveArray gamma, NaiveArray beta, NaiveArray mean, NaiveArray variance, double epsilon) {
        return channels(mean, (x, m) -> x - m).channels(variance, (x, v) -> x / Math.sqrt(v + epsilon))
                .channels(gamma, (x, g) -> x * g).channels(beta, Double::sum);
    }

    // Windows over [n, c, ...]

    /** A window over each of the axes behind the channels. */
    record Window(int[] kernel, int[] strides, int[] pads, int[] dilations) {
        static Window of(int rank, int kernel, int stride, int pad, int dilation) {
            return new Window(filled(rank, kernel), filled(rank, stride), filled(rank, pad), filled(rank, dilation));
        }

        private static int[] filled(int rank, int value) {
            int[] values = new int[rank];
            Arrays.fill(values, value);
            return values;
        }

        int taps() {
            return size(kernel);
        }

        int[] places(int[] sizes) {
            int[] places = sizes.clone();
            for (int i = 0; i < kernel.length; i++) {
                places[i + 2] = (sizes[i + 2] + 2 * pads[i] - (kernel[i] - 1) * dilations[i] - 1) / strides[i] + 1;
            }
            return places;
        }

        /** Where a tap of a place lies, or null outside. */
        int[] tap(int[] place, int tap, int[] sizes) {
            int[] at = place.clone();
            int rest = tap;
            for (int i = kernel.length - 1; i >= 0; i--) {
                at[i + 2] = place[i + 2] * strides[i] - pads[i] + rest % kernel[i] * dilations[i];
                rest /= kernel[i];
                if (at[i + 2] < 0 || at[i + 2] >= sizes[i + 2]) {
                    return null;
                }
            }
            return at;
        }
    }

    NaiveArray maxPool(Window window) {
        return of(window.places(shape), index -> {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int tap = 0; tap < window.taps(); tap++) {
                int[] at = window.tap(index, tap, shape);
                greatest = at == null ? greatest : Math.max(greatest, at(at));
            }
            return greatest;
        });
    }

    NaiveArray averagePool(Window window) {
        return of(window.places(shape), index -> {
            double sum = 0;
            for (int tap = 0; tap < window.taps(); tap++) {
                sum += at(window.tap(index, tap, shape));
            }
            return sum / window.taps();
        });
    }

    /** Weights [out, in / groups, ...kernel]. */
    NaiveArray conv(NaiveArray weights, Window window, int groups) {
        int[] sizes = window.places(shape);
        sizes[1] = weights.shape[0];
        int inputs = weights.shape[1];
        return of(sizes, index -> {
            double sum = 0;
            for (int i = 0; i < inputs * window.taps(); i++) {
                int[] at = window.tap(index, i % window.taps(), shape);
                if (at != null) {
                    at[1] = index[1] / (sizes[1] / groups) * inputs + i / window.taps();
                    sum += at(at) * weights.values[index[1] * inputs * window.taps() + i];
                }
            }
            return sum;
        });
    }

    /** Weights [in, out, ...kernel]: each place adds the kernel. */
    NaiveArray convTranspose(NaiveArray weights, Window window, int more) {
        int[] sizes = shape.clone();
        sizes[1] = weights.shape[1];
        for (int i = 0; i < window.kernel.length; i++) {
            sizes[i + 2] = (shape[i + 2] - 1) * window.strides[i] - 2 * window.pads[i]
                    + (window.kernel[i] - 1) * window.dilations[i] + 1 + more;
        }
        NaiveArray result = new NaiveArray(sizes, new double[size(sizes)]);
        for (int i = 0; i < values.length; i++) {
            int[] from = index(i);
            for (int out = 0; out < sizes[1]; out++) {
                for (int tap = 0; tap < window.taps(); tap++) {
                    int[] at = window.tap(from, tap, sizes);
                    if (at != null) {
                        int place = (from[0] * sizes[1] + out);
                        for (int axis = 2; axis < sizes.length; axis++) {
                            place = place * sizes[axis] + at[axis];
                        }
                        result.values[place] += values[i]
                                * weights.values[(from[1] * sizes[1] + out) * window.taps() + tap];
                    }
                }
            }
        }
        return result;
    }
}
