package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.Quantize.Rounding;
import dev.tern.importers.network.NetworkOp.Unary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The operators of QONNX under all names that its domain has had. Source: qonnx.custom_op.general, versions 1 and 2.
 */
final class QonnxOperators {
    static final Set<String> DOMAINS = Set.of("qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general",
            "qonnx.custom_op.channels_last");

    private QonnxOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("Quant", (OnnxTranslator.Single) QonnxOperators::quant);
        operators.put("IntQuant", (OnnxTranslator.Single) QonnxOperators::quant);
        operators.put("BipolarQuant", (OnnxTranslator.Single) node -> node.add(
                new NetworkOp.Binarize(one(node.in(1), "the scale")), node.in(0)));
        operators.put("Trunc", (OnnxTranslator.Single) GridOperators::trunc);
        operators.put("MultiThreshold", (OnnxTranslator.Single) QonnxOperators::thresholds);
        operators.put("XnorPopcountMatMul", (OnnxTranslator.Single) QonnxOperators::xnorPopcount);
        operators.put("DebugMarker", (OnnxTranslator.Single) node -> node.in(0));
        operators.put("Conv", (OnnxTranslator.Single) QonnxOperators::channelsLastConv);
        operators.put("MaxPoolNHWC", (OnnxTranslator.Single) QonnxOperators::maxPoolLast);
        operators.put("MaxPool", (OnnxTranslator.Single) QonnxOperators::maxPoolLast);
        operators.put("BatchNormalization", (OnnxTranslator.Single) node -> node.add(
                new NetworkOp.BatchNorm(node.in(0).rank() - 1, node.decimal("epsilon", 1e-5f)), node.all()));
        operators.put("QuantAvgPool2d", (OnnxTranslator.Single) GridOperators::averagePool);
        operators.put("Im2Col", (OnnxTranslator.Single) PatchOperators::patches);
        operators.put("FloatQuant", (OnnxTranslator.Single) node -> {
            throw new ImportProblemException("FloatQuant rounds to small floats, which Tern does not have",
                    "quantize to integers (IntQuant), or leave the tensor float");
        });
    }

    static float one(ForeignValue value, String what) {
        Constant constant = value.require(what);
        if (!constant.uniform()) {
            throw new ImportProblemException(what + " differs from element to element, which is not supported here");
        }
        return constant.floats()[0];
    }

    static Rounding rounding(String mode) {
        return switch (mode.toUpperCase(Locale.ROOT)) {
            case "ROUND", "HALF_EVEN" -> Rounding.HALF_EVEN;
            case "CEIL" -> Rounding.CEIL;
            case "FLOOR" -> Rounding.FLOOR;
            case "UP" -> Rounding.AWAY;
            case "DOWN" -> Rounding.TOWARDS;
            case "HALF_UP" -> Rounding.HALF_AWAY;
            case "HALF_DOWN" -> Rounding.HALF_TOWARDS;
            default -> throw new ImportProblemException("there is no rounding mode `" + mode + "`");
        };
    }

    private static ForeignValue quant(OnnxNode node) {
        ForeignValue x = node.in(0);
        int bits = whole(one(node.in(3), "the number of bits"), "a number of bits");
        boolean signed = node.integer("signed", 1) != 0;
        boolean narrow = node.integer("narrow", 0) != 0;
        if (bits == 1 && signed) {
            return node.add(new NetworkOp.Binarize(one(node.in(1), "the scale")), x);
        }
        if (bits < 1 || bits > 32) {
            throw new ImportProblemException(bits + " bits are not possible");
        }
        Constant scale = node.in(1).require("the scale");
        Constant zero = node.in(2).require("the zero point");
        float[] scales = scale.uniform() ? new float[]{scale.floats()[0]} : scale.floats();
        long[] zeros = zero.uniform() ? new long[]{zero.integers()[0]} : zero.integers();
        int axis = scales.length == 1 ? 0 : axis(scale.shape(), x);
        Rounding rounding = rounding(node.text("rounding_mode", "ROUND"));
        if (scales.length == 1 && scales[0] < 0 && !x.known()) {
            // x / -s is -x / s, and what comes of it is multiplied by -s.
            ForeignValue grid = node.add(new NetworkOp.Quantize(new float[]{-scales[0]}, zeros, 0,
                    lowest(bits, signed, narrow), highest(bits, signed, narrow), rounding, true),
                    node.unary(Unary.Function.NEGATE, x));
            return node.unary(Unary.Function.NEGATE, grid);
        }
        return node.add(new NetworkOp.Quantize(scales, zeros, axis, lowest(bits, signed, narrow),
                highest(bits, signed, narrow), rounding, true), x);
    }

    static int whole(float value, String what) {
        if (value != Math.rint(value) || Math.abs(value) > 64) {
            throw new ImportProblemException(value + " is not " + what);
        }
        return (int) value;
    }

    static long lowest(int bits, boolean signed, boolean narrow) {
        return signed ? -(1L << bits - 1) + (narrow ? 1 : 0) : 0;
    }

    static long highest(int bits, boolean signed, boolean narrow) {
        return signed ? (1L << bits - 1) - 1 : (1L << bits) - (narrow ? 2 : 1);
    }

    /** The only axis of x along which scales differ. */
    private static int axis(List<Integer> scale, ForeignValue x) {
        int found = -1;
        for (int i = 0; i < scale.size(); i++) {
            if (scale.get(i) > 1) {
                if (found >= 0) {
                    throw new ImportProblemException("scales of shape " + scale + " differ along several axes");
                }
                found = x.rank() - scale.size() + i;
            }
        }
        return Extents.axis(found, x.rank());
    }

    /** Channels are the last axis where a value is neither [n, c] nor a picture, whatever the layout says. */
    private static ForeignValue thresholds(OnnxNode node) {
        ForeignValue x = node.in(0);
        boolean last = node.text("data_layout", "NCHW").endsWith("C") || x.rank() != 2 && x.rank() != 4;
        return node.add(new NetworkOp.Thresholds(node.decimal("out_scale", 1), node.decimal("out_bias", 0),
                last ? x.rank() - 1 : 1), x, node.in(1));
    }

    /** The number of equal bits: (K + dot) / 2, the operands' zeros being -1. */
    private static ForeignValue xnorPopcount(OnnxNode node) {
        ForeignValue product = node.add(new NetworkOp.MatMul(), signs(node, node.in(0)), signs(node, node.in(1)));
        ForeignValue sum = node.binary(Binary.Function.ADD, product, node.network().scalar(node.in(0).shape()
                .getLast()));
        return node.binary(Binary.Function.MULTIPLY, sum, node.network().scalar(0.5f));
    }

    private static ForeignValue signs(OnnxNode node, ForeignValue bits) {
        return node.add(new NetworkOp.Binarize(1),
                node.binary(Binary.Function.SUBTRACT, bits, node.network().scalar(0.5f)));
    }

    private static ForeignValue channelsLastConv(OnnxNode node) {
        // The weights are [out, kernel, in] already.
        return ProductOperators.conv(node, Layout.CHANNELS_LAST);
    }

    private static ForeignValue maxPoolLast(OnnxNode node) {
        List<Integer> kernel = node.integers("kernel_shape")
                .orElseThrow(() -> new ImportProblemException("`kernel_shape` is missing"));
        return node.add(new NetworkOp.Pool(NetworkOp.Pool.Kind.MAX,
                ProductOperators.window(node, node.in(0), kernel, Layout.CHANNELS_LAST),
                node.integer("ceil_mode", 0) != 0, false, Layout.CHANNELS_LAST), node.in(0));
    }
}
