package dev.tern.importers.onnx;

import static dev.tern.importers.onnx.NaiveArray.random;
import static dev.tern.importers.onnx.OnnxModels.decimal;
import static dev.tern.importers.onnx.OnnxModels.integer;
import static dev.tern.importers.onnx.OnnxModels.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.importers.onnx.NaiveArray.Window;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers of PyTorch as its first exporter wrote them, operator set 6 mostly, weights listed as inputs, too: what the
 * ONNX suite calls pytorch-converted and pytorch-operator, with numbers of our own, beside naive arithmetic.
 */
class TorchSuiteTest {
    private static final double CLOSE = 1e-5;
    /** Each case by its name. */
    private static final Map<String, Case> CASES = new LinkedHashMap<>();

    /** A graph, and what it gives. */
    private record Case(OnnxModels model, List<float[]> inputs, NaiveArray wanted) {
    }

    static {
        elements();
        rows();
        matrices();
        norms();
        convolutions();
        transposedConvolutions();
        pools();
        movements();
        operators();
    }

    // Building

    private static OnnxModels model(int opset, NaiveArray... inputs) {
        OnnxModels model = new OnnxModels(opset);
        for (int i = 0; i < inputs.length; i++) {
            model.input("x" + i, inputs[i].longs());
        }
        return model;
    }

    /** Weights are inputs with values. */
    private static OnnxModels weights(OnnxModels model, String name, NaiveArray values) {
        return model.input(name, values.longs())
                .floats(name, Arrays.stream(values.longs()).boxed().toList(), values.floats());
    }

    private static void add(String name, OnnxModels model, NaiveArray wanted, NaiveArray... inputs) {
        assertThat(CASES.put(name, new Case(model.output("y", wanted.longs()),
                Arrays.stream(inputs).map(NaiveArray::floats).toList(), wanted))).isNull();
    }

    private static AttributeProto ints(String name, int... values) {
        return OnnxModels.integers(name, Arrays.stream(values).mapToObj(Long::valueOf).toArray(Long[]::new));
    }

    private static int[] twice(int[] pads) {
        int[] both = Arrays.copyOf(pads, 2 * pads.length);
        System.arraycopy(pads, 0, both, pads.length, pads.length);
        return both;
    }

    // Cases

    private static void element(String name, String operator, DoubleUnaryOperator function,
            AttributeProto... attributes) {
        NaiveArray x = random(name.hashCode(), 3, 2, 5);
        add(name, model(6, x).node(operator, "x0", "y", attributes), x.map(function), x);
    }

    private static void elements() {
        element("ReLU", "Relu", x -> Math.max(x, 0));
        element("LeakyReLU", "LeakyRelu", x -> x < 0 ? 0.01 * x : x, decimal("alpha", 0.01f));
        element("LeakyReLU_with_negval", "LeakyRelu", x -> x < 0 ? 0.5 * x : x, decimal("alpha", 0.5f));
        element("ELU", "Elu", x -> x < 0 ? 2 * Math.expm1(x) : x, decimal("alpha", 2));
        element("SELU", "Selu", TorchSuiteTest::selu);
        element("Sigmoid", "Sigmoid", x -> 1 / (1 + Math.exp(-x)));
        element("Tanh", "Tanh", Math::tanh);
        element("Softplus", "Softplus", x -> Math.log1p(Math.exp(x)));
        element("Softsign", "Softsign", x -> x / (1 + Math.abs(x)));
        element("operator_exp", "Exp", Math::exp);
        element("operator_clip", "Clip", x -> Math.clamp(x, -0.5, 0.5), decimal("min", -0.5f), decimal("max", 0.5f));
        element("operator_selu", "Selu", TorchSuiteTest::selu);
        for (int rank = 1; rank <= 3; rank++) {
            NaiveArray x = random(rank, Arrays.copyOf(new int[]{2, 3, 4, 5, 2}, rank + 2));
            for (int slopes : new int[]{1, 3}) {
                NaiveArray slope = random(5, slopes);
                add("PReLU_" + rank + "d" + (slopes > 1 ? "_multiparam" : ""),
                        weights(model(6, x), "s", slope).node("PRelu", "x0 s", "y"),
                        x.channels(slope, (v, s) -> v < 0 ? s * v : v), x);
            }
        }
        NaiveArray positive = random(3, 3, 4).map(Math::abs);
        add("operator_sqrt", model(6, positive).node("Sqrt", "x0", "y"), positive.map(Math::sqrt), positive);
        NaiveArray x = random(8, 2, 6);
        add("PoissonNLLLoss_no_reduce", model(6, x).floats("t", List.of(2L, 6L), random(9, 2, 6).floats())
                .node("Exp", "x0", "e").node("Mul", "t x0", "m").node("Sub", "e m", "y"),
                x.map(Math::exp).with(x.with(random(9, 2, 6), (a, b) -> a * b), (a, b) -> a - b), x);
    }

    private static double selu(double x) {
        return 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x);
    }

    private static void rows() {
        NaiveArray x = random(1, 4, 6);
        add("Softmax", model(6, x).node("Softmax", "x0", "y", integer("axis", 1)), x.softmax(1), x);
        add("LogSoftmax", model(6, x).node("LogSoftmax", "x0", "y", integer("axis", 1)), x.logSoftmax(1), x);
        add("Softmin", model(6, x).node("Neg", "x0", "n").node("Softmax", "n", "y", integer("axis", 1)),
                x.map(v -> -v).softmax(1), x);
        NaiveArray cube = random(2, 2, 3, 4, 5);
        for (String kind : List.of("Softmax", "LogSoftmax")) {
            UnaryOperator<NaiveArray> last = v -> kind.equals("Softmax") ? v.softmax(3) : v.logSoftmax(3);
            String name = kind.equals("Softmax") ? "softmax" : "log_softmax";
            add(name + "_lastdim", model(6, cube).node(kind, "x0", "y", integer("axis", 3)), last.apply(cube), cube);
            add(name + "_dim3", model(6, cube).node("Transpose", "x0", "t", ints("perm", 0, 1, 3, 2))
                    .node(kind, "t", "s", integer("axis", 3)).node("Transpose", "s", "y", ints("perm", 0, 1, 3, 2)),
                    last.apply(cube.transpose(0, 1, 3, 2)).transpose(0, 1, 3, 2), cube);
        }
        gates("GLU", random(3, 5, 6), 1);
        gates("GLU_dim", random(4, 3, 6, 2), 1);
        NaiveArray y = random(5, 1, 2, 3, 4);
        for (boolean keep : new boolean[]{false, true}) {
            String more = keep ? "_keepdim" : "";
            add("operator_reduced_sum" + more, model(6, y).node("ReduceSum", "x0", "y", ints("axes", 2),
                    integer("keepdims", keep ? 1 : 0)), y.reduce(2, keep, false), y);
            add("operator_reduced_mean" + more, model(6, y).node("ReduceMean", "x0", "y", ints("axes", 2),
                    integer("keepdims", keep ? 1 : 0)), y.reduce(2, keep, true), y);
        }
    }

    private static void gates(String name, NaiveArray x, int axis) {
        int half = x.shape()[axis] / 2;
        add(name, model(6, x).node("Split", "x0", "a b", integer("axis", axis), ints("split", half, half))
                .node("Sigmoid", "b", "s").node("Mul", "a s", "y"),
                x.slice(axis, 0, half).with(x.slice(axis, half, 2 * half), (a, b) -> a / (1 + Math.exp(-b))), x);
    }

    private static void matrices() {
        NaiveArray x = random(1, 4, 10);
        NaiveArray w = random(2, 8, 10);
        NaiveArray b = random(3, 8);
        add("Linear", weights(weights(model(6, x), "w", w), "b", b).node("Gemm", "x0 w b", "y", decimal("alpha", 1),
                decimal("beta", 1), integer("broadcast", 1), integer("transB", 1)),
                x.times(w.transpose(1, 0)).with(b, Double::sum), x);
        add("Linear_no_bias", weights(model(6, x), "w", w).node("Transpose", "w", "t", ints("perm", 1, 0))
                .node("MatMul", "x0 t", "y"), x.times(w.transpose(1, 0)), x);
        NaiveArray m = random(4, 10, 5);
        NaiveArray c = random(5, 5);
        add("operator_addmm", weights(weights(model(6, x), "m", m), "c", c)
                .node("Gemm", "x0 m c", "g", integer("broadcast", 1), decimal("alpha", -2), decimal("beta", 3))
                .node("Gemm", "x0 m g", "y", decimal("alpha", 1), decimal("beta", 1)),
                x.times(m).map(v -> -2 * v).with(c, (a, s) -> a + 3 * s).with(x.times(m), Double::sum), x);
        add("operator_mm", weights(model(6, x), "m", m).floats("zero", List.of(1L), 0)
                .node("Gemm", "x0 m zero", "y", decimal("beta", 0), integer("broadcast", 1)), x.times(m), x);
        // Of two tensors that are computed.
        add("operator_mm_of_inputs", model(6, x, m).node("MatMul", "x0 x1", "y"), x.times(m), x, m);
    }

    private static void norms() {
        int[][] shapes = {{4, 5, 3}, {2, 3, 6, 6}, {2, 3, 4, 4, 4}};
        for (int rank = 1; rank <= 3; rank++) {
            NaiveArray x = random(rank, shapes[rank - 1]);
            int channels = x.shape()[1];
            NaiveArray gamma = random(11, channels);
            NaiveArray beta = random(12, channels);
            NaiveArray mean = random(13, channels);
            NaiveArray variance = random(14, channels).map(v -> (float) (v * v + 0.5));
            for (boolean momentum : rank == 1 ? new boolean[]{false} : new boolean[]{false, true}) {
                OnnxModels model = model(6, x);
                weights(weights(weights(weights(model, "g", gamma), "b", beta), "m", mean), "v", variance);
                add("BatchNorm" + rank + "d" + (rank == 1 ? "_3d_input" : "") + (momentum ? "_momentum" : "")
                        + "_eval",
                        model.node("BatchNormalization", "x0 g b m v", "y", integer("is_test", 1), decimal("epsilon",
                                1e-3f), decimal("momentum", momentum ? 0.8f : 0.9f),
                                ints("consumed_inputs", 0, 0, 0, 1, 1)),
                        x.batchNorm(gamma, beta, mean, variance, 1e-3), x);
            }
        }
        NaiveArray x = random(4, 1, 3, 4, 5);
        NaiveArray flat = x.reshape(3, 20);
        NaiveArray centred = flat.with(flat.reduce(1, true, true), (v, m) -> v - m);
        NaiveArray variance = centred.map(v -> v * v).reduce(1, true, true);
        add("operator_symbolic_override", weights(weights(model(6, x), "s", random(5, 3)), "b", random(6, 3))
                .node("InstanceNormalization", "x0 s b", "y", decimal("epsilon", 1e-5f)),
                centred.with(variance, (v, q) -> v / Math.sqrt(q + 1e-5f)).reshape(1, 3, 4, 5)
                        .channels(random(5, 3), (v, s) -> v * s).channels(random(6, 3), Double::sum),
                x);
    }

    private static void conv(String name, NaiveArray x, int[] weights, Window window, int groups, boolean bias) {
        NaiveArray w = random(name.hashCode(), weights);
        NaiveArray b = random(2, weights[0]);
        OnnxModels model = weights(model(6, x), "w", w);
        NaiveArray wanted = x.conv(w, window, groups);
        if (bias) {
            weights(model, "b", b);
        }
        add(name, model.node("Conv", bias ? "x0 w b" : "x0 w", "y", ints("kernel_shape", window.kernel()),
                ints("strides", window.strides()), ints("pads", twice(window.pads())),
                ints("dilations", window.dilations()), integer("group", groups)),
                bias ? wanted.channels(b, Double::sum) : wanted, x);
    }

    private static void convolutions() {
        NaiveArray line = random(1, 2, 4, 10);
        conv("Conv1d", line, new int[]{5, 4, 3}, Window.of(1, 3, 1, 0, 1), 1, true);
        conv("Conv1d_dilated", line, new int[]{5, 4, 3}, Window.of(1, 3, 1, 0, 2), 1, true);
        conv("Conv1d_groups", line, new int[]{6, 2, 3}, Window.of(1, 3, 1, 0, 1), 2, true);
        conv("Conv1d_pad1", line, new int[]{5, 4, 3}, Window.of(1, 3, 1, 1, 1), 1, true);
        conv("Conv1d_pad2", line, new int[]{5, 4, 5}, Window.of(1, 5, 1, 2, 1), 1, true);
        conv("Conv1d_stride", line, new int[]{5, 4, 3}, Window.of(1, 3, 2, 0, 1), 1, true);
        NaiveArray point = random(2, 1, 4, 1);
        conv("Conv1d_pad1size1", point, new int[]{5, 4, 3}, Window.of(1, 3, 1, 1, 1), 1, true);
        conv("Conv1d_pad2size1", point, new int[]{5, 4, 5}, Window.of(1, 5, 1, 2, 1), 1, true);
        NaiveArray x = random(3, 2, 3, 7, 5);
        Window plain = new Window(new int[]{3, 2}, new int[]{1, 1}, new int[]{0, 0}, new int[]{1, 1});
        conv("Conv2d", x, new int[]{4, 3, 3, 2}, plain, 1, true);
        conv("Conv2d_no_bias", x, new int[]{4, 3, 3, 2}, plain, 1, false);
        conv("Conv2d_padding", x, new int[]{4, 3, 3, 3}, new Window(new int[]{3, 3}, new int[]{2, 2}, new int[]{1, 1},
                new int[]{1, 1}), 1, true);
        conv("Conv2d_strided", x, new int[]{4, 3, 3, 3}, Window.of(2, 3, 2, 0, 1), 1, true);
        conv("Conv2d_dilated", x, new int[]{4, 3, 3, 2}, new Window(new int[]{3, 2}, new int[]{1, 1}, new int[]{1, 1},
                new int[]{2, 2}), 1, true);
        NaiveArray four = random(4, 2, 4, 6, 5);
        conv("Conv2d_groups", four, new int[]{6, 2, 3, 2}, plain, 2, true);
        conv("Conv2d_groups_thnn", four, new int[]{6, 2, 3, 2}, plain, 2, false);
        conv("Conv2d_depthwise", four, new int[]{4, 1, 3, 3}, Window.of(2, 3, 1, 0, 1), 4, true);
        conv("Conv2d_depthwise_padded", four, new int[]{4, 1, 3, 3}, Window.of(2, 3, 1, 1, 1), 4, true);
        conv("Conv2d_depthwise_strided", four, new int[]{4, 1, 3, 3}, Window.of(2, 3, 2, 0, 1), 4, true);
        conv("Conv2d_depthwise_with_multiplier", four, new int[]{8, 1, 3, 3}, Window.of(2, 3, 1, 0, 1), 4, true);
        conv("operator_conv", random(5, 3, 4, 9, 8), new int[]{3, 4, 3, 3}, Window.of(2, 3, 1, 0, 1), 1, true);
    }

    private static void transposed(String name, NaiveArray x, Window window, int more, boolean bias) {
        NaiveArray w = random(name.hashCode(), 3, 4, 3, 3);
        NaiveArray b = random(1, 4);
        NaiveArray wanted = x.convTranspose(w, window, more);
        OnnxModels model = weights(model(6, x), "w", w);
        if (bias) {
            weights(model, "b", b);
        }
        add(name, model.node("ConvTranspose", bias ? "x0 w b" : "x0 w", "y", ints("kernel_shape", 3, 3),
                ints("strides", window.strides()), ints("pads", twice(window.pads())), ints("dilations", 1, 1),
                integer("group", 1), ints("output_padding", more, more)),
                bias ? wanted.channels(b, Double::sum) : wanted, x);
    }

    private static void transposedConvolutions() {
        NaiveArray x = random(1, 1, 3, 7, 6);
        Window window = new Window(new int[]{3, 3}, new int[]{3, 2}, new int[]{1, 1}, new int[]{1, 1});
        transposed("ConvTranspose2d", x, window, 1, true);
        transposed("ConvTranspose2d_no_bias", x, window, 1, false);
        transposed("operator_convtranspose", x, Window.of(2, 3, 3, 0, 1), 0, true);
    }

    private static void pool(String name, boolean max, NaiveArray x, Window window) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(ints("kernel_shape", window.kernel()), ints(
                "strides", window.strides()), ints("pads", twice(window.pads()))));
        boolean dilated = window.dilations()[0] > 1;
        if (dilated) {
            attributes.add(ints("dilations", window.dilations()));
        }
        add(name, model(dilated ? 10 : 6, x).node(max ? "MaxPool" : "AveragePool", "x0", "y",
                attributes.toArray(AttributeProto[]::new)), max ? x.maxPool(window) : x.averagePool(window), x);
    }

    private static void pools() {
        int[][] shapes = {{2, 3, 8}, {2, 3, 6, 6}, {1, 2, 4, 4, 4}};
        for (int rank = 1; rank <= 3; rank++) {
            NaiveArray x = random(rank, shapes[rank - 1]);
            for (boolean max : new boolean[]{false, true}) {
                String name = (max ? "MaxPool" : "AvgPool") + rank + "d";
                pool(name, max, x, Window.of(rank, 2, 2, 0, 1));
                pool(name + "_stride", max, x, Window.of(rank, 2, 1, 0, 1));
            }
        }
        pool("AvgPool3d_stride1_pad0", false, random(4, 1, 2, 3, 3, 3), Window.of(3, 3, 1, 0, 1));
        pool("MaxPool1d_stride_padding_dilation", true, random(5, 2, 3, 9), Window.of(1, 3, 2, 1, 2));
        pool("MaxPool2d_stride_padding_dilation", true, random(6, 1, 3, 7, 7), Window.of(2, 3, 2, 1, 2));
        pool("MaxPool3d_stride_padding", true, random(7, 1, 2, 5, 5, 5), Window.of(3, 3, 2, 1, 1));
        pool("operator_maxpool", true, random(8, 3, 4, 10), Window.of(1, 3, 2, 0, 1));
    }

    private static void padded(String name, String mode, float value, int... sides) {
        NaiveArray x = random(name.hashCode(), 1, 2, 4, 4);
        add(name, model(6, x).node("Pad", "x0", "y", text("mode", mode), decimal("value", value),
                ints("pads", 0, 0, sides[0], sides[2], 0, 0, sides[1], sides[3])),
                x.pad(mode, value, sides[0], sides[1], sides[2], sides[3]), x);
    }

    private static void movements() {
        padded("ConstantPad2d", "constant", 2, 3, 0, 1, 2);
        padded("ZeroPad2d", "constant", 0, 3, 4, 1, 2);
        padded("ReflectionPad2d", "reflect", 0, 2, 3, 1, 2);
        padded("ReplicationPad2d", "edge", 0, 3, 4, 1, 2);
        padded("operator_pad", "reflect", 0, 0, 1, 2, 3);
        NaiveArray x = random(1, 1, 9, 2, 2);
        add("PixelShuffle", model(6, x).longs("a", 1, 1, 3, 3, 2, 2).longs("b", 1, 1, 6, 6).node("Reshape", "x0 a", "r")
                .node("Transpose", "r", "t", ints("perm", 0, 1, 4, 2, 5, 3)).node("Reshape", "t b", "y"),
                x.reshape(1, 1, 3, 3, 2, 2).transpose(0, 1, 4, 2, 5, 3).reshape(1, 1, 6, 6), x);
        NaiveArray m = random(2, 1, 3, 4);
        add("operator_permute2", model(6, random(3, 1, 2, 3, 4)).node("Transpose", "x0", "y", ints("perm", 0, 3, 1,
                2)), random(3, 1, 2, 3, 4).transpose(0, 3, 1, 2), random(3, 1, 2, 3, 4));
        add("operator_flatten", model(6, random(4, 1, 2, 3, 4)).node("Flatten", "x0", "y", integer("axis", 1)),
                random(4, 1, 2, 3, 4).reshape(1, 24), random(4, 1, 2, 3, 4));
        add("operator_view", model(6, m).longs("s", 1, 12).node("Reshape", "x0 s", "y"), m.reshape(1, 12), m);
        add("operator_index", model(6, m).node("Slice", "x0", "s", ints("axes", 1), ints("starts", 1), ints("ends", 2))
                .node("Squeeze", "s", "y", ints("axes", 1)), m.slice(1, 1, 2).reshape(1, 4), m);
        add("operator_chunk", model(6, m).node("Split", "x0", "a b", integer("axis", 2), ints("split", 2, 2))
                .node("Sub", "a b", "y"), m.slice(2, 0, 2).with(m.slice(2, 2, 4), (a, b) -> a - b), m);
        add("operator_concat2", model(6, m, m).node("Concat", "x0 x1", "y", integer("axis", 1)),
                NaiveArray.of(new int[]{1, 6, 4}, i -> m.at(0, i[1] % 3, i[2])), m, m);
        add("operator_repeat", model(6, m).longs("r", 1, 2, 3).node("Tile", "x0 r", "y"),
                NaiveArray.of(new int[]{1, 6, 12}, i -> m.at(0, i[1] % 3, i[2] % 4)), m);
        NaiveArray two = random(6, 2);
        add("operator_repeat_dim_overflow", model(6, two).longs("s", 1, 1, 2).longs("r", 3, 4, 2)
                .node("Reshape", "x0 s", "e").node("Tile", "e r", "y"),
                NaiveArray.of(new int[]{3, 4, 4}, i -> two.at(i[2] % 2)), two);
    }

    private static void pair(String name, String operator, DoubleBinaryOperator function, int[] second,
            AttributeProto... attributes) {
        NaiveArray x = random(1, 2, 3);
        NaiveArray z = random(2, second);
        add(name, model(6, x, z).node(operator, "x0 x1", "y", attributes), x.with(z, function), x, z);
    }

    private static void operators() {
        pair("operator_add_broadcast", "Add", Double::sum, new int[]{3}, integer("broadcast", 1));
        pair("operator_add_size1_broadcast", "Add", Double::sum, new int[]{2, 1}, integer("broadcast", 1),
                integer("axis", 0));
        pair("operator_add_size1_right_broadcast", "Add", Double::sum, new int[]{3}, integer("broadcast", 1));
        pair("operator_add_size1_singleton_broadcast", "Add", Double::sum, new int[]{1, 3}, integer("broadcast", 1),
                integer("axis", 0));
        pair("operator_max", "Max", Math::max, new int[]{2, 3});
        pair("operator_min", "Min", Math::min, new int[]{2, 3});
        NaiveArray x = random(1, 2, 3);
        add("operator_addconstant", model(6, x).floats("one", List.of(), 1).node("Add", "x0 one", "y", integer(
                "broadcast", 1)), x.map(v -> v + 1), x);
        NaiveArray z = random(2, 2, 3);
        NaiveArray inner = x.with(z, Double::sum).with(x, (a, b) -> a * b);
        OnnxModels basic = model(6, x, z).node("Add", "x0 x1", "a").node("Mul", "x0 a", "m").node("Tanh", "m", "t")
                .node("Sigmoid", "t", "s").node("Neg", "s", "y");
        add("operator_basic", basic, inner.map(v -> -1 / (1 + Math.exp(-Math.tanh(v)))), x, z);
        add("operator_params", weights(model(6, x), "x1", z).node("Add", "x0 x1", "a").node("Mul", "x0 a", "m")
                .node("Tanh", "m", "t").node("Sigmoid", "t", "s").node("Neg", "s", "y"),
                inner.map(v -> -1 / (1 + Math.exp(-Math.tanh(v)))), x);
        add("operator_non_float_params", model(6, x).longs("p", 2, 2, 2, 2, 2, 2).longs("s", 2, 3)
                .node("Reshape", "p s", "r").node("Cast", "r", "f", integer("to", 1)).node("Mul", "x0 f", "m")
                .node("Add", "x0 m", "y"), x.map(v -> 3 * v), x);
        NaiveArray base = random(3, 2, 3).map(Math::abs);
        add("operator_pow", model(6, base).floats("e", List.of(2L, 3L), random(4, 2, 3).floats()).node("Abs", "x0", "b")
                .node("Pow", "b e", "y"), base.with(random(4, 2, 3), Math::pow), base);
        add("operator_pow_of_inputs", model(6, base, z).node("Abs", "x0", "b").node("Pow", "b x1", "y"),
                base.with(z, Math::pow), base, z);
        add("operator_pow_of_a_number", model(6, z).floats("two", List.of(), 2).node("Pow", "two x0", "y"),
                z.map(v -> Math.pow(2, v)), z);
    }

    static List<String> names() {
        return List.copyOf(CASES.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAsItsLayers(String name) {
        Case each = CASES.get(name);
        float[] found = ImportedOnnx.of(each.model).run(each.inputs);
        assertThat(found).hasSameSizeAs(each.wanted.values());
        for (int i = 0; i < found.length; i++) {
            double wanted = each.wanted.values()[i];
            assertThat(Math.abs(found[i] - wanted)).as("element " + i + ": " + found[i] + ", not " + wanted)
                    .isLessThanOrEqualTo(CLOSE * Math.max(1, Math.abs(wanted)));
        }
    }

    /** nn.Embedding: entries of a table that integers name. */
    @Test
    void embeddings() {
        OnnxModels model = new OnnxModels(6).input(OnnxModels.info("x", 7, 2, 3)).output("y", 2, 3, 2)
                .floats("w", List.of(4L, 2L), 0, 1, 10, 11, 20, 21, 30, 31).node("Gather", "w x", "y");
        ImportedOnnx imported = ImportedOnnx.of(model);
        float[] found = new float[12];
        imported.session().run(new Object[]{new int[]{3, 0, 2, 1, 1, 3}}, new Object[]{found});
        assertThat(found).containsExactly(30, 31, 0, 1, 20, 21, 10, 11, 10, 11, 30, 31);
    }

    /** Windows over three axes are named, with what to do. */
    @Test
    void convolutionsOverThreeAxesAreRefused() {
        Diagnostics diagnostics = new Diagnostics();
        ImportedOnnx.read(new OnnxModels(6).input("x", 1, 1, 4, 4, 4).output("y", 1, 1, 3, 3, 3)
                .floats("w", List.of(1L, 1L, 2L, 2L, 2L), new float[8])
                .node("Conv", "x w", "y", ints("kernel_shape", 2, 2, 2)).build(), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).contains(
                "`y` (Conv): convolutions over 3 axes are not supported; over 1 and 2 are", "help: export windows over "
                        + "pictures (Conv2d, MaxPool2d)");
    }

    /** A base of either sign has no power by logarithms. */
    @Test
    void powersOfAnySignAreRefused() {
        Diagnostics diagnostics = new Diagnostics();
        ImportedOnnx.read(new OnnxModels(6).input("x", 1, 2).input("p", 1, 2).output("y", 1, 2)
                .node("Pow", "x p", "y").build(), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).contains("where the base may be below zero",
                "help: ");
    }
}
