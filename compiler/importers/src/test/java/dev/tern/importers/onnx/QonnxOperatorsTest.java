package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** QONNX's operators beside what their documentation says, element by element; exact. */
class QonnxOperatorsTest {
    private static final String DOMAIN = "qonnx.custom_op.general";
    private static final List<String> MODES = List.of("ROUND", "HALF_EVEN", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP",
            "HALF_DOWN");

    private static OnnxModels model(int version) {
        return new OnnxModels(13).domain(DOMAIN, version);
    }

    /** Every mode, where that does not make hundreds of thresholds. */
    private static List<String> modes(int bits) {
        return bits < 8 ? MODES : List.of("ROUND", "FLOOR");
    }

    private static DoubleUnaryOperator rounding(String mode) {
        return switch (mode) {
            case "ROUND", "HALF_EVEN" -> Math::rint;
            case "CEIL" -> Math::ceil;
            case "FLOOR" -> Math::floor;
            case "UP" -> v -> Math.signum(v) * Math.ceil(Math.abs(v));
            case "DOWN" -> v -> Math.signum(v) * Math.floor(Math.abs(v));
            case "HALF_UP" -> v -> Math.signum(v) * Math.floor(Math.abs(v) + 0.5);
            case "HALF_DOWN" -> v -> Math.signum(v) * Math.ceil(Math.abs(v) - 0.5);
            default -> throw new IllegalArgumentException(mode);
        };
    }

    /** Clamped first, then rounded. */
    private static float quant(float x, float scale, int zero, int bits, boolean signed, boolean narrow,
            String mode) {
        double least = signed ? -(1L << bits - 1) + (narrow ? 1 : 0) : 0;
        double greatest = signed ? (1L << bits - 1) - 1 : (1L << bits) - 1 - (narrow ? 1 : 0);
        double clamped = Math.max(least, Math.min(greatest, (double) x / scale + zero));
        return (float) ((rounding(mode).applyAsDouble(clamped) - zero) * scale);
    }

    /** Eighths, ties among them. */
    private static float[] eighths(int count, int seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (random.nextInt(161) - 80) / 8f;
        }
        return values;
    }

    private static float[] positive(float[] values) {
        for (int i = 0; i < values.length; i++) {
            // Zero and not minus zero, which a sum with zero is.
            values[i] += 0f;
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"4, true, false, 0, 0.5", "4, true, true, 0, 0.5", "3, false, false, 0, 0.25",
        "3, false, false, 2, 0.5", "8, true, false, 0, 0.5", "8, false, false, 128, 0.125", "4, true, true, 0, -0.5",
        "4, true, false, 0, -0.25", "3, false, false, 0, -0.5", "3, false, false, 3, -0.5"})
    void activationsAreQuantizedInEveryMode(int bits, boolean signed, boolean narrow, int zero, float scale) {
        float[] x = eighths(60, bits);
        for (String mode : modes(bits)) {
            OnnxModels model = model(1).input("x", 1, 60).output("y", 1, 60).floats("s", List.of(), scale)
                    .floats("z", List.of(), zero).floats("b", List.of(), bits)
                    .node(DOMAIN, bits == 4 ? "IntQuant" : "Quant", "x s z b", "y",
                            OnnxModels.integer("signed", signed ? 1 : 0), OnnxModels.integer("narrow", narrow ? 1 : 0),
                            OnnxModels.text("rounding_mode", mode));
            float[] wanted = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                wanted[i] = quant(x[i], scale, zero, bits, signed, narrow, mode);
            }
            assertThat(positive(ImportedOnnx.of(model).run(x))).as(mode).containsExactly(positive(wanted));
        }
    }

    /** Weights and activations both quantized, scales of the weights of either sign; the layer stays one on codes. */
    @ParameterizedTest
    @CsvSource({"false, 0.5", "true, 0.5", "false, -0.25"})
    void layersKeepTheirCodes(boolean narrow, float activationScale) {
        float[] weights = eighths(12, 7);
        float[] scales = {0.5f, -0.25f, 1};
        OnnxModels model = model(2).input("x", 1, 4).output("y", 1, 3).floats("w", List.of(4L, 3L), weights)
                .floats("s", List.of(1L, 3L), scales).floats("a", List.of(), activationScale)
                .floats("z", List.of(), 0).floats("b", List.of(), 4)
                .node(DOMAIN, "Quant", "w s z b", "v", OnnxModels.integer("signed", 1),
                        OnnxModels.integer("narrow", narrow ? 1 : 0))
                .node(DOMAIN, "Quant", "x a z b", "q", OnnxModels.integer("signed", 1),
                        OnnxModels.integer("narrow", 1))
                .node("MatMul", "q v", "y");
        ImportedOnnx imported = ImportedOnnx.of(model);
        assertThat(imported.body()).contains("weights: int(" + (narrow ? 4 : 5) + ")", "activations: static(4");
        float[] x = eighths(4, 9);
        float[] wanted = new float[3];
        for (int o = 0; o < 3; o++) {
            for (int i = 0; i < 4; i++) {
                wanted[o] += quant(x[i], activationScale, 0, 4, true, true, "ROUND")
                        * quant(weights[3 * i + o], scales[o], 0, 4, true, narrow, "ROUND");
            }
        }
        assertThat(imported.run(x)).containsExactly(wanted);
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 0.5f, -2})
    void signsTimesAScale(float scale) {
        float[] weights = {1, -1, -1, 1, 1, 1};
        OnnxModels model = model(1).input("x", 1, 3).output("y", 1, 2).floats("w", List.of(3L, 2L), weights)
                .floats("s", List.of(), scale).floats("one", List.of(), 1)
                .node(DOMAIN, "BipolarQuant", "w one", "v").node(DOMAIN, "BipolarQuant", "x s", "q")
                .node("MatMul", "q v", "y");
        ImportedOnnx imported = ImportedOnnx.of(model);
        assertThat(imported.body()).contains("weights: binary", "activations: sign");
        // Zero counts as +1.
        assertThat(imported.run(0, -3, 5)).containsExactly(scale * (1 + 1 + 1), scale * (-1 - 1 + 1));
    }

    /** Sums of a pool on a grid of 0.25, brought to fewer bits. */
    @ParameterizedTest
    @CsvSource({"8, 4, 0", "6, 3, 0", "8, 8, 0", "8, 4, 8", "10, 8, 0"})
    void truncVersion1(int inBits, int outBits, int zero) {
        float scale = 0.25f;
        for (String mode : List.of("FLOOR", "CEIL", "ROUND")) {
            OnnxModels model = model(1).input("x", 1, 80).output("y", 1, 80).floats("s", List.of(), scale)
                    .floats("z", List.of(), zero).floats("i", List.of(), inBits).floats("o", List.of(), outBits)
                    .node(DOMAIN, "Trunc", "x s z i o", "y", OnnxModels.text("rounding_mode", mode));
            float[] x = new float[80];
            float[] wanted = new float[80];
            double step = 1 << inBits - outBits;
            for (int i = 0; i < 80; i++) {
                int code = (i - 40) * (1 << inBits) / 100;
                x[i] = (code - zero) * scale;
                wanted[i] = (float) ((rounding(mode).applyAsDouble(Math.rint(x[i] / scale + zero) / step) - zero)
                        * scale);
            }
            assertThat(positive(ImportedOnnx.of(model).run(x))).as(mode).containsExactly(positive(wanted));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false, 4, 1", "true, true, 4, 1", "false, false, 4, 2", "false, false, 8, 0.5",
        "true, false, 3, 0.25"})
    void truncVersion2(boolean signed, boolean narrow, int bits, float outScale) {
        float scale = 0.25f;
        for (String mode : modes(bits)) {
            OnnxModels model = model(2).input("x", 1, 80).output("y", 1, 80).floats("s", List.of(), scale)
                    .floats("z", List.of(), 0).floats("i", List.of(), 8).floats("t", List.of(), outScale)
                    .floats("o", List.of(), bits).node(DOMAIN, "Trunc", "x s z i t o", "y",
                            OnnxModels.integer("signed", signed ? 1 : 0),
                            OnnxModels.integer("narrow", narrow ? 1 : 0), OnnxModels.text("rounding_mode", mode));
            float[] x = new float[80];
            float[] wanted = new float[80];
            for (int i = 0; i < 80; i++) {
                x[i] = (3 * i - 120) * scale;
                wanted[i] = quant(x[i], outScale, 0, bits, signed, narrow, mode);
            }
            assertThat(positive(ImportedOnnx.of(model).run(x))).as(mode).containsExactly(positive(wanted));
        }
    }

    private static float threshold(float x, float[] thresholds, int channel, int levels, float scale, float bias) {
        int count = 0;
        for (int i = 0; i < levels; i++) {
            count += x >= thresholds[channel * levels + i] ? 1 : 0;
        }
        return scale * count + bias;
    }

    /** Levels for each channel or for all, in both layouts, onto scales of either sign. */
    @ParameterizedTest
    @CsvSource({"NCHW, 2, 3, 1, 0", "NHWC, 2, 3, 1, 0", "NCHW, 1, 3, 0.5, -1", "NHWC, 2, 1, 2, -1",
        "NCHW, 2, 7, 1, -4", "NCHW, 2, 3, -0.5, 2", "NHWC, 2, 15, 0.25, 0"})
    void thresholdsAreCounted(String layout, int channels, int levels, float scale, float bias) {
        boolean last = layout.equals("NHWC");
        float[] thresholds = eighths(channels * levels, levels);
        Arrays.sort(thresholds, 0, levels);
        Arrays.sort(thresholds, (channels - 1) * levels, channels * levels);
        long[] shape = last ? new long[]{1, 3, 4, 2} : new long[]{1, 2, 3, 4};
        OnnxModels model = model(1).input("x", shape).output("y", shape)
                .floats("t", List.of((long) channels, (long) levels), thresholds)
                .node(DOMAIN, "MultiThreshold", "x t", "y", OnnxModels.text("out_dtype", "INT8"),
                        OnnxModels.text("data_layout", layout), OnnxModels.decimal("out_scale", scale),
                        OnnxModels.decimal("out_bias", bias));
        float[] x = eighths(24, 3);
        float[] wanted = new float[24];
        for (int i = 0; i < 24; i++) {
            int channel = channels == 1 ? 0 : last ? i % 2 : i / 12;
            wanted[i] = threshold(x[i], thresholds, channel, levels, scale, bias);
        }
        assertThat(positive(ImportedOnnx.of(model).run(x))).containsExactly(positive(wanted));
    }

    @Test
    void xnorCountsEqualBits() {
        float[] weights = {1, 0, 0, 1, 1, 1, 0, 0};
        OnnxModels model = new OnnxModels(11).domain("finn.custom_op.general", 1).input("x", 1, 4)
                .output("y", 1, 2).floats("w", List.of(4L, 2L), weights)
                .node("finn.custom_op.general", "XnorPopcountMatMul", "x w", "y");
        // The bits of the columns are 1, 0, 1, 0 and 0, 1, 1, 0.
        assertThat(ImportedOnnx.of(model).run(1, 1, 0, 0)).containsExactly(2, 2);
        assertThat(ImportedOnnx.of(model).run(1, 0, 1, 0)).containsExactly(4, 2);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 4, 4, 0, NCHW", "2, 1, 4, 2, 0, NHWC", "3, 3, 4, 4, 0, NCHW", "3, 1, 2, 8, 0, NHWC",
        "2, 2, 4, 3, 1, NCHW", "3, 2, 8, 8, 1, NHWC", "3, 3, 8, 8, 0, NCHW"})
    void averagePoolsShiftTheirSums(int kernel, int stride, int in, int out, int signed, String layout) {
        boolean last = layout.equals("NHWC");
        int places = (6 - kernel) / stride + 1;
        long[] shape = last ? new long[]{1, 6, 6, 2} : new long[]{1, 2, 6, 6};
        long[] result = last ? new long[]{1, places, places, 2} : new long[]{1, 2, places, places};
        OnnxModels model = model(1).input("x", shape).output("y", result).node(DOMAIN, "QuantAvgPool2d", "x", "y",
                OnnxModels.integer("kernel", kernel), OnnxModels.integer("stride", stride),
                OnnxModels.integer("ibits", in), OnnxModels.integer("obits", out),
                OnnxModels.integer("signed", signed), OnnxModels.text("data_layout", layout));
        Random random = new Random(kernel);
        float[] x = new float[72];
        for (int i = 0; i < 72; i++) {
            x[i] = random.nextInt(1 << in) - (signed == 1 ? 1 << in - 1 : 0);
        }
        int most = kernel * kernel * ((1 << in) - 1);
        int shift = Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(most) - out);
        float[] wanted = new float[2 * places * places];
        for (int channel = 0; channel < 2; channel++) {
            for (int place = 0; place < places * places; place++) {
                int sum = 0;
                for (int k = 0; k < kernel * kernel; k++) {
                    int at = (place / places * stride + k / kernel) * 6 + place % places * stride + k % kernel;
                    sum += (int) x[last ? 2 * at + channel : 36 * channel + at];
                }
                wanted[last ? 2 * place + channel : channel * places * places + place] = sum >> shift;
            }
        }
        assertThat(positive(ImportedOnnx.of(model).run(x))).containsExactly(positive(wanted));
    }

    private static AttributeProto[] patches(int kernel, int stride, int pad, int dilation, float outside) {
        return new AttributeProto[]{OnnxModels.integers("kernel_size", (long) kernel, 2L),
            OnnxModels.integers("stride", (long) stride, 1L),
            OnnxModels.integers("pad_amount", (long) pad, 0L, (long) pad, 1L),
            OnnxModels.integers("dilations", (long) dilation, 1L), OnnxModels.integer("pad_value", (long) outside),
            AttributeProto.newBuilder().setName("input_shape").setS(ByteString.copyFromUtf8("(1, 5, 4, 2)")).build()};
    }

    /** [1, 5, 4, 2] by windows of kernel x 2: rows of [kernel, 2, channels]. */
    private static List<float[]> rows(float[] x, int kernel, int stride, int pad, int dilation, float outside) {
        List<float[]> rows = new ArrayList<>();
        int places = (5 + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1;
        for (int place = 0; place < 4 * places; place++) {
            float[] row = new float[kernel * 2 * 2];
            for (int i = 0; i < row.length; i++) {
                int y = place / 4 * stride + i / 4 * dilation - pad;
                int column = place % 4 + i / 2 % 2;
                row[i] = y < 0 || y >= 5 || column >= 4 ? outside : x[(y * 4 + column) * 2 + i % 2];
            }
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 0, 1, 0", "3, 2, 1, 1, 0", "2, 1, 1, 2, 0", "2, 1, 1, 1, -1"})
    void patchesAndTheirProducts(int kernel, int stride, int pad, int dilation, float outside) {
        int places = (5 + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1;
        float[] weights = eighths(kernel * 4 * 3, 5);
        AttributeProto[] attributes = patches(kernel, stride, pad, dilation, outside);
        float[] x = eighths(40, kernel);
        List<float[]> rows = rows(x, kernel, stride, pad, dilation, outside);
        ImportedOnnx alone = ImportedOnnx.of(model(1).input("x", 1, 5, 4, 2).output("y", 1, places, 4, kernel * 4L)
                .node(DOMAIN, "Im2Col", "x", "y", attributes));
        float[] all = new float[rows.size() * kernel * 4];
        float[] wanted = new float[rows.size() * 3];
        for (int place = 0; place < rows.size(); place++) {
            System.arraycopy(rows.get(place), 0, all, place * kernel * 4, kernel * 4);
            for (int i = 0; i < kernel * 4; i++) {
                for (int o = 0; o < 3; o++) {
                    wanted[3 * place + o] += rows.get(place)[i] * weights[3 * i + o];
                }
            }
        }
        assertThat(positive(alone.run(x))).containsExactly(positive(all));
        ImportedOnnx product = ImportedOnnx.of(model(1).input("x", 1, 5, 4, 2).output("y", 1, places, 4, 3)
                .floats("w", List.of(kernel * 4L, 3L), weights).node(DOMAIN, "Im2Col", "x", "p", attributes)
                .node("MatMul", "p w", "y"));
        assertThat(product.body()).containsOnlyOnce("conv(3, " + kernel + "x2");
        assertThat(positive(product.run(x))).containsExactly(positive(wanted));
    }

    /** As FINN lowers a convolution: channels last around patches of codes and a product with codes. */
    @Test
    void loweredConvolutionsRunOnCodes() {
        OnnxModels model = new OnnxModels(11).domain("finn.custom_op.general", 1).input("x", 1, 2, 4, 4)
                .output("y", 1, 3, 3, 3).floats("t", List.of(1L, 3L), -1, 0, 1)
                .floats("w", List.of(8L, 3L), 1, -1, 0, 1, 1, 1, -1, -1, -1, 0, 0, 1, 1, 0, 0, -1, 1, 1, 0, -1, 1, 1,
                        0, 0)
                .node("finn.custom_op.general", "MultiThreshold", "x t", "q", OnnxModels.text("out_dtype", "UINT2"))
                .node("Transpose", "q", "l", OnnxModels.integers("perm", 0L, 2L, 3L, 1L))
                .node("finn.custom_op.general", "Im2Col", "l", "p", OnnxModels.integer("kernel_size", 2),
                        OnnxModels.integer("stride", 1), OnnxModels.text("input_shape", "(1, 4, 4, 2)"))
                .node("MatMul", "p w", "c").node("Transpose", "c", "y", OnnxModels.integers("perm", 0L, 3L, 1L, 2L));
        ImportedOnnx imported = ImportedOnnx.of(model);
        assertThat(imported.body()).contains(
                "conv(3, 2x2, pad: valid, weights: ternary(scale: none), activations: static(2")
                .containsOnlyOnce("transpose");
    }

    /** A batchnorm as torch.onnx writes it where it may not fuse it: (x - mean) / (variance + eps)^0.5 gamma + beta. */
    @Test
    void batchnormAsScalarArithmetic() {
        OnnxModels model = model(1).input("x", 1, 2, 2, 2).output("y", 1, 2, 2, 2)
                .floats("m", List.of(1L, 2L, 1L, 1L), 1, -2).floats("v", List.of(1L, 2L, 1L, 1L), 3, 15)
                .floats("eps", List.of(), 1).floats("half", List.of(), 0.5f)
                .floats("g", List.of(1L, 2L, 1L, 1L), 4, -2).floats("b", List.of(1L, 2L, 1L, 1L), 0.5f, 1)
                .node("Sub", "x m", "c").node("Add", "v eps", "ve").node("Pow", "ve half", "d")
                .node("Div", "c d", "n").node("Mul", "n g", "s").node("Add", "s b", "y");
        // (x - 1) / 2 * 4 + 0.5 and (x + 2) / 4 * -2 + 1.
        assertThat(ImportedOnnx.of(model).run(0, 1, 2, 3, 0, 1, 2, 3)).containsExactly(-1.5f, 0.5f, 2.5f, 4.5f, 0,
                -0.5f, -1, -1.5f);
    }

    /** A bias that Brevitas quantized on the accumulator's scale is the codes times that scale. */
    @Test
    void biasOnTheAccumulatorsScale() {
        OnnxModels model = model(2).input("x", 1, 2).output("y", 1, 1).floats("w", List.of(1L, 2L), 1.25f, -0.75f)
                .floats("ws", List.of(), 0.5f).floats("as", List.of(), 0.25f).floats("bs", List.of(), 0.125f)
                .floats("z", List.of(), 0).floats("four", List.of(), 4).floats("many", List.of(), 32)
                .floats("b", List.of(1L), 1.3f)
                .node(DOMAIN, "Quant", "x as z four", "q", OnnxModels.integer("signed", 1))
                .node(DOMAIN, "Quant", "w ws z four", "v", OnnxModels.integer("signed", 1))
                .node(DOMAIN, "Quant", "b bs z many", "c", OnnxModels.integer("signed", 1))
                .node("Gemm", "q v c", "y", OnnxModels.integer("transB", 1));
        // Weights 1 and -1 (ties to even), activations 0.75 and -1, the bias 1.25.
        assertThat(ImportedOnnx.of(model).run(0.7f, -1.1f)).containsExactly(0.75f + 1 + 1.25f);
    }

    /** Channels are the last axis of data and weights, under the names that FINN and QONNX have for it. */
    @ParameterizedTest
    @CsvSource({"qonnx.custom_op.channels_last, 1, 1, 0", "onnx.finn.channelslast, 1, 2, 1",
        "onnx.finn.channelslast, 2, 1, 1"})
    void convolutionsWithChannelsLast(String domain, int groups, int stride, int pad) {
        int inputs = 4 / groups;
        float[] weights = eighths(6 * 3 * 2 * inputs, 3);
        float[] bias = eighths(6, 4);
        float[] x = eighths(5 * 4 * 4, 5);
        int height = (5 + 2 * pad - 3) / stride + 1;
        int width = (4 - 2) / stride + 1;
        ImportedOnnx imported = ImportedOnnx.of(new OnnxModels(13).domain(domain, 1).input("x", 1, 5, 4, 4)
                .output("y", 1, height, width, 6).floats("w", List.of(6L, 3L, 2L, (long) inputs), weights)
                .floats("b", List.of(6L), bias)
                .node(domain, "Conv", "x w b", "y", OnnxModels.integers("kernel_shape", 3L, 2L),
                        OnnxModels.integers("strides", (long) stride, (long) stride),
                        OnnxModels.integers("pads", (long) pad, 0L, (long) pad, 0L),
                        OnnxModels.integer("group", groups)));
        float[] wanted = new float[height * width * 6];
        for (int i = 0; i < wanted.length; i++) {
            int out = i % 6;
            int column = i / 6 % width;
            int row = i / 6 / width;
            for (int tap = 0; tap < 3 * 2 * inputs; tap++) {
                int y = row * stride + tap / inputs / 2 - pad;
                int channel = out / (6 / groups) * inputs + tap % inputs;
                if (y >= 0 && y < 5) {
                    wanted[i] += x[(y * 4 + column * stride + tap / inputs % 2) * 4 + channel]
                            * weights[out * 6 * inputs + tap];
                }
            }
            wanted[i] += bias[out];
        }
        assertThat(imported.body()).doesNotContain("transpose");
        assertThat(imported.run(x)).containsExactly(wanted);
    }

    @ParameterizedTest
    @CsvSource({"finn.custom_op.general, MaxPoolNHWC, 2, 2, 0", "qonnx.custom_op.general, MaxPoolNHWC, 3, 1, 1",
        "onnx.finn.channelslast, MaxPool, 3, 2, 1"})
    void poolsWithChannelsLast(String domain, String operator, int kernel, int stride, int pad) {
        float[] x = eighths(6 * 4 * 3, kernel);
        int height = (6 + 2 * pad - kernel) / stride + 1;
        int width = (4 + 2 * pad - kernel) / stride + 1;
        ImportedOnnx imported = ImportedOnnx.of(new OnnxModels(13).domain(domain, 1).input("x", 1, 6, 4, 3)
                .output("y", 1, height, width, 3)
                .node(domain, operator, "x", "y", OnnxModels.integers("kernel_shape", (long) kernel, (long) kernel),
                        OnnxModels.integers("strides", (long) stride, (long) stride),
                        OnnxModels.integers("pads", (long) pad, (long) pad, (long) pad, (long) pad)));
        float[] wanted = new float[height * width * 3];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = Float.NEGATIVE_INFINITY;
            for (int tap = 0; tap < kernel * kernel; tap++) {
                int row = i / 3 / width * stride + tap / kernel - pad;
                int column = i / 3 % width * stride + tap % kernel - pad;
                if (row >= 0 && row < 6 && column >= 0 && column < 4) {
                    wanted[i] = Math.max(wanted[i], x[(row * 4 + column) * 3 + i % 3]);
                }
            }
        }
        assertThat(imported.body()).doesNotContain("transpose");
        assertThat(imported.run(x)).containsExactly(wanted);
    }
}
