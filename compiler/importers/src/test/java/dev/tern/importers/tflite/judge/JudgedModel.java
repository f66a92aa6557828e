package dev.tern.importers.tflite.judge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A TFLite file, run by definition, one element at a time: models of one subgraph, one input and one output, of
 * CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED, ADD, AVERAGE_POOL_2D, RESHAPE and SOFTMAX, in int8 (by integers alone,
 * but for the softmax, which is computed in double and rounded) or in f32 (in double); weights of int8 beside f32 are
 * the reals that they stand for.
 */
final class JudgedModel {
    private static final int F32 = 0;
    private static final int I32 = 2;
    private static final int I8 = 9;

    /** A tensor: its codes or numbers, and what they mean. */
    private static final class Tensor {
        private int[] shape;
        private int type;
        private float[] scales;
        private int zero;
        private int[] codes;
        private double[] reals;

        private int elements() {
            int product = 1;
            for (int dimension : shape) {
                product *= dimension;
            }
            return product;
        }

        /** The scale of an element, by its place along an axis. */
        private double scale(int element, int axis) {
            int inner = 1;
            for (int i = axis + 1; i < shape.length; i++) {
                inner *= shape[i];
            }
            return scales[element / inner % scales.length];
        }

        private Requantization from(double factor) {
            return Requantization.of(factor / scales[0]);
        }
    }

    private final FlatTable model;
    private final FlatTable graph;
    private final Tensor[] tensors;
    private boolean softmax;

    JudgedModel(Path file) throws IOException {
        model = FlatTable.root(Files.readAllBytes(file));
        graph = model.table(2, 0);
        tensors = new Tensor[graph.length(0)];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = tensor(graph.table(0, i));
        }
    }

    private Tensor tensor(FlatTable from) {
        Tensor tensor = new Tensor();
        tensor.shape = new int[from.length(0)];
        for (int i = 0; i < tensor.shape.length; i++) {
            tensor.shape[i] = from.i32At(0, i);
        }
        tensor.type = from.i8(1, F32);
        FlatTable quantization = from.table(4);
        if (quantization != null && quantization.length(2) > 0) {
            tensor.scales = new float[quantization.length(2)];
            for (int i = 0; i < tensor.scales.length; i++) {
                tensor.scales[i] = quantization.f32At(2, i);
            }
            tensor.zero = quantization.length(3) > 0 ? (int) quantization.i64At(3, 0) : 0;
        }
        byte[] data = model.table(4, from.i32(2, 0)).bytes(0);
        if (data.length > 0) {
            ByteBuffer numbers = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            tensor.codes = new int[tensor.elements()];
            tensor.reals = new double[tensor.elements()];
            for (int i = 0; i < tensor.codes.length; i++) {
                switch (tensor.type) {
                    case F32 -> tensor.reals[i] = numbers.getFloat(4 * i);
                    case I32 -> tensor.codes[i] = numbers.getInt(4 * i);
                    case I8 -> {
                        tensor.codes[i] = numbers.get(i);
                        tensor.reals[i] = tensor.scale(i, quantization.i32(6, 0)) * (tensor.codes[i] - tensor.zero);
                    }
                    default -> throw new IllegalArgumentException("type " + tensor.type);
                }
            }
        }
        return tensor;
    }

    private Tensor input() {
        return tensors[graph.i32At(1, 0)];
    }

    private Tensor output() {
        return tensors[graph.i32At(2, 0)];
    }

    int inputs() {
        return input().elements();
    }

    /** Whether inputs and outputs are codes. */
    boolean codes() {
        return input().type == I8;
    }

    /** Whether the output is that of a softmax, whose codes are known to one. */
    boolean endsInSoftmax() {
        return softmax;
    }

    int[] run(byte[] input) {
        input().codes = new int[input.length];
        for (int i = 0; i < input.length; i++) {
            input().codes[i] = input[i];
        }
        runNodes();
        return output().codes;
    }

    double[] run(float[] input) {
        input().reals = new double[input.length];
        for (int i = 0; i < input.length; i++) {
            input().reals[i] = input[i];
        }
        runNodes();
        return output().reals;
    }

    private void runNodes() {
        for (int i = 0; i < graph.length(3); i++) {
            FlatTable node = graph.table(3, i);
            FlatTable code = model.table(1, node.i32(0, 0));
            Tensor out = tensors[node.i32At(2, 0)];
            Tensor x = tensors[node.i32At(1, 0)];
            out.codes = new int[out.elements()];
            out.reals = new double[out.elements()];
            FlatTable options = node.table(4);
            softmax = false;
            switch (Math.max(code.i8(0, 0), code.i32(3, 0))) {
                case 0 -> add(x, tensors[node.i32At(1, 1)], out, options);
                case 1 -> averagePool(x, out, options);
                case 3 -> convolution(node, x, out, options, false);
                case 4 -> convolution(node, x, out, options, true);
                case 9 -> fullyConnected(node, x, out, options);
                case 22 -> {
                    out.codes = x.codes;
                    out.reals = x.reals;
                }
                case 25 -> softmax(x, out, options);
                default -> throw new IllegalArgumentException("operator " + code.i32(3, 0));
            }
        }
    }

    private static int activate(int code, int activation, Tensor out) {
        int least = switch (activation) {
            case 1, 3 -> Math.max(-128, out.zero);
            case 0 -> -128;
            default -> throw new IllegalArgumentException("activation " + activation);
        };
        int most = activation == 3
                ? Math.min(127, out.zero + (int) Math.round(6.0 / out.scales[0]))
                : 127;
        return Math.max(least, Math.min(most, code));
    }

    private static double activate(double real, int activation) {
        return switch (activation) {
            case 0 -> real;
            case 1 -> Math.max(0, real);
            case 3 -> Math.max(0, Math.min(6, real));
            default -> throw new IllegalArgumentException("activation " + activation);
        };
    }

    private static int before(int in, int out, int kernel, int stride, int dilation, boolean same) {
        return same ? Math.max(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - in) / 2 : 0;
    }

    private void convolution(FlatTable node, Tensor x, Tensor out, FlatTable options, boolean depthwise) {
        Tensor w = tensors[node.i32At(1, 1)];
        Tensor bias = node.length(1) > 2 && node.i32At(1, 2) >= 0 ? tensors[node.i32At(1, 2)] : null;
        boolean same = options.i8(0, 0) == 0;
        int strideX = options.i32(1, 1);
        int strideY = options.i32(2, 1);
        int activation = options.i8(depthwise ? 4 : 3, 0);
        int dilationX = options.i32(depthwise ? 5 : 4, 1);
        int dilationY = options.i32(depthwise ? 6 : 5, 1);
        int height = w.shape[1];
        int width = w.shape[2];
        int channels = x.shape[3];
        int filters = out.shape[3];
        int perFilter = depthwise ? 1 : w.shape[3];
        int ofGroup = depthwise ? filters / channels : filters / (channels / perFilter);
        int top = before(x.shape[1], out.shape[1], height, strideY, dilationY, same);
        int left = before(x.shape[2], out.shape[2], width, strideX, dilationX, same);
        boolean real = out.type == F32;
        for (int oc = 0; oc < filters; oc++) {
            int firstChannel = oc / ofGroup * perFilter;
            Requantization requantization = real
                    ? null
                    : out.from((double) x.scales[0] * w.scales[w.scales.length == 1 ? 0 : oc]);
            for (int oy = 0; oy < out.shape[1]; oy++) {
                for (int ox = 0; ox < out.shape[2]; ox++) {
                    int sum = bias == null || real ? 0 : bias.codes[oc];
                    double realSum = bias == null || !real ? 0 : bias.reals[oc];
                    for (int ky = 0; ky < height; ky++) {
                        int iy = oy * strideY - top + ky * dilationY;
                        for (int kx = 0; kx < width && iy >= 0 && iy < x.shape[1]; kx++) {
                            int ix = ox * strideX - left + kx * dilationX;
                            if (ix < 0 || ix >= x.shape[2]) {
                                continue;
                            }
                            for (int c = 0; c < perFilter; c++) {
                                int at = (iy * x.shape[2] + ix) * channels + firstChannel + c;
                                int weight = depthwise
                                        ? (ky * width + kx) * filters + oc
                                        : ((oc * height + ky) * width + kx) * perFilter + c;
                                if (real) {
                                    realSum += x.reals[at] * w.reals[weight];
                                } else {
                                    sum += (x.codes[at] - x.zero) * w.codes[weight];
                                }
                            }
                        }
                    }
                    int to = (oy * out.shape[2] + ox) * filters + oc;
                    if (real) {
                        out.reals[to] = activate(realSum, activation);
                    } else {
                        out.codes[to] = activate(requantization.apply(sum) + out.zero, activation, out);
                    }
                }
            }
        }
    }

    private void fullyConnected(FlatTable node, Tensor x, Tensor out, FlatTable options) {
        Tensor w = tensors[node.i32At(1, 1)];
        Tensor bias = node.length(1) > 2 && node.i32At(1, 2) >= 0 ? tensors[node.i32At(1, 2)] : null;
        int activation = options == null ? 0 : options.i8(0, 0);
        int columns = w.shape[1];
        for (int row = 0; row < w.shape[0]; row++) {
            if (out.type == F32) {
                double sum = bias == null ? 0 : bias.reals[row];
                for (int i = 0; i < columns; i++) {
                    sum += x.reals[i] * w.reals[row * columns + i];
                }
                out.reals[row] = activate(sum, activation);
                continue;
            }
            int sum = bias == null ? 0 : bias.codes[row];
            for (int i = 0; i < columns; i++) {
                sum += (x.codes[i] - x.zero) * (w.codes[row * columns + i] - w.zero);
            }
            double product = w.scales.length == 1
                    ? x.scales[0] * w.scales[0]
                    : (double) x.scales[0] * w.scales[row];
            out.codes[row] = activate(out.from(product).apply(sum) + out.zero, activation, out);
        }
    }

    private static void add(Tensor a, Tensor b, Tensor out, FlatTable options) {
        int activation = options == null ? 0 : options.i8(0, 0);
        if (out.type == F32) {
            for (int i = 0; i < out.reals.length; i++) {
                out.reals[i] = activate(a.reals[i] + b.reals[i], activation);
            }
            return;
        }
        double twice = 2.0 * Math.max(a.scales[0], b.scales[0]);
        Requantization ofA = Requantization.of(a.scales[0] / twice);
        Requantization ofB = Requantization.of(b.scales[0] / twice);
        Requantization ofSum = Requantization.of(twice / ((double) (1 << 20) * out.scales[0]));
        for (int i = 0; i < out.codes.length; i++) {
            int sum = ofA.apply((a.codes[i] - a.zero) << 20) + ofB.apply((b.codes[i] - b.zero) << 20);
            out.codes[i] = activate(ofSum.apply(sum) + out.zero, activation, out);
        }
    }

    private static void averagePool(Tensor x, Tensor out, FlatTable options) {
        boolean same = options.i8(0, 0) == 0;
        int strideX = options.i32(1, 1);
        int strideY = options.i32(2, 1);
        int width = options.i32(3, 1);
        int height = options.i32(4, 1);
        int top = before(x.shape[1], out.shape[1], height, strideY, 1, same);
        int left = before(x.shape[2], out.shape[2], width, strideX, 1, same);
        int channels = out.shape[3];
        for (int oy = 0; oy < out.shape[1]; oy++) {
            for (int ox = 0; ox < out.shape[2]; ox++) {
                for (int c = 0; c < channels; c++) {
                    int sum = 0;
                    double realSum = 0;
                    int count = 0;
                    for (int iy = Math.max(0, oy * strideY - top); iy < Math.min(x.shape[1],
                            oy * strideY - top + height); iy++) {
                        for (int ix = Math.max(0, ox * strideX - left); ix < Math.min(x.shape[2],
                                ox * strideX - left + width); ix++) {
                            int at = (iy * x.shape[2] + ix) * channels + c;
                            sum += out.type == F32 ? 0 : x.codes[at];
                            realSum += out.type == F32 ? x.reals[at] : 0;
                            count++;
                        }
                    }
                    int to = (oy * out.shape[2] + ox) * channels + c;
                    if (out.type == F32) {
                        out.reals[to] = activate(realSum / count, options.i8(5, 0));
                    } else {
                        int mean = sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
                        out.codes[to] = activate(mean, options.i8(5, 0), out);
                    }
                }
            }
        }
    }

    /** Over the last dimension. */
    private void softmax(Tensor x, Tensor out, FlatTable options) {
        softmax = true;
        double beta = options.f32(0, 0);
        int size = x.shape[x.shape.length - 1];
        for (int row = 0; row < out.elements() / size; row++) {
            double[] powers = new double[size];
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < size; i++) {
                powers[i] = beta * (out.type == F32
                        ? x.reals[row * size + i]
                        : (double) x.scales[0] * x.codes[row * size + i]);
                most = Math.max(most, powers[i]);
            }
            double sum = 0;
            for (int i = 0; i < size; i++) {
                powers[i] = Math.exp(powers[i] - most);
                sum += powers[i];
            }
            for (int i = 0; i < size; i++) {
                double share = powers[i] / sum;
                if (out.type == F32) {
                    out.reals[row * size + i] = share;
                } else {
                    long code = Math.round(share / out.scales[0]) + out.zero;
                    out.codes[row * size + i] = (int) Math.max(-128, Math.min(127, code));
                }
            }
        }
    }

    /** What a code of the output stands for, computed in f32. */
    float real(int code) {
        return output().scales[0] * (code - output().zero);
    }
}
