package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.Quantize.Rounding;
import dev.tern.importers.network.Value;
import dev.tern.importers.network.Window;
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

    static void addTo(Map<String, Operator> operators) {
        operators.put("Quant", (Operator.Single) QonnxOperators::quant);
        operators.put("IntQuant", (Operator.Single) QonnxOperators::quant);
        operators.put("BipolarQuant", (Operator.Single) node -> node.add(
                new NetworkOp.Binarize(one(node.in(1), "the scale")), node.in(0)));
        operators.put("Trunc", (Operator.Single) QonnxOperators::trunc);
        operators.put("MultiThreshold", (Operator.Single) QonnxOperators::thresholds);
        operators.put("XnorPopcountMatMul", (Operator.Single) QonnxOperators::xnorPopcount);
        operators.put("DebugMarker", (Operator.Single) node -> node.in(0));
        operators.put("Conv", (Operator.Single) QonnxOperators::channelsLastConv);
        operators.put("MaxPoolNHWC", (Operator.Single) QonnxOperators::maxPoolLast);
        operators.put("MaxPool", (Operator.Single) QonnxOperators::maxPoolLast);
        operators.put("BatchNormalization", (Operator.Single) node -> node.add(
                new NetworkOp.BatchNorm(node.in(0).rank() - 1, node.decimal("epsilon", 1e-5f)), node.all()));
        operators.put("QuantAvgPool2d", (Operator.Single) QonnxOperators::averagePool);
        operators.put("FloatQuant", (Operator.Single) node -> {
            throw new ImportProblemException("FloatQuant rounds to small floats, which Tern does not have",
                    "quantize to integers (IntQuant), or leave the tensor float");
        });
    }

    private static float one(Value value, String what) {
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

    private static Value quant(OnnxNode node) {
        Value x = node.in(0);
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
        return node.add(new NetworkOp.Quantize(scales, zeros, axis, lowest(bits, signed, narrow),
                highest(bits, signed, narrow), rounding(node.text("rounding_mode", "ROUND"))), x);
    }

    private static int whole(float value, String what) {
        if (value != Math.rint(value) || Math.abs(value) > 64) {
            throw new ImportProblemException(value + " is not " + what);
        }
        return (int) value;
    }

    private static long lowest(int bits, boolean signed, boolean narrow) {
        return signed ? -(1L << bits - 1) + (narrow ? 1 : 0) : 0;
    }

    private static long highest(int bits, boolean signed, boolean narrow) {
        return signed ? (1L << bits - 1) - 1 : (1L << bits) - (narrow ? 2 : 1);
    }

    /** The only axis of x along which scales differ. */
    private static int axis(List<Integer> scale, Value x) {
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

    private static Value trunc(OnnxNode node) {
        Value x = node.in(0);
        float scale = one(node.in(1), "the scale");
        long zero = whole(one(node.in(2), "the zero point"), "a zero point");
        int inBits = whole(one(node.in(3), "the number of bits"), "a number of bits");
        boolean second = node.version() >= 2;
        int outBits = whole(one(node.in(second ? 5 : 4), "the number of bits"), "a number of bits");
        float outScale = second ? one(node.in(4), "the scale") : scale;
        int shift = second ? (int) Math.rint(Math.log(outScale / scale) / Math.log(2)) : inBits - outBits;
        boolean signed = node.integer("signed", 1) != 0;
        boolean narrow = node.integer("narrow", 0) != 0;
        if (zero != 0 || shift < 0 || shift > 30) {
            throw new ImportProblemException("Trunc with a zero point, or to more bits, is not supported");
        }
        // On the grid it is given on, then on the coarser one.
        long bound = 1L << Math.min(30, inBits);
        Rounding rounding = rounding(node.text("rounding_mode", "FLOOR"));
        // Half a step of the fine grid does as well where what follows is cut off.
        Value fine = rounding == Rounding.FLOOR
                ? node.binary(Binary.Function.ADD, x, node.network().scalar(scale / 2))
                : node.add(new NetworkOp.Quantize(new float[]{scale}, new long[]{0}, 0, -bound, bound,
                        Rounding.HALF_EVEN), x);
        long kept = 1L << Math.min(30, outBits);
        long low = second ? lowest(outBits, signed, narrow) : -kept;
        long high = second ? highest(outBits, signed, narrow) : kept - 1;
        float coarse = scale * (1 << shift);
        Value cut = node.add(new NetworkOp.Quantize(new float[]{coarse}, new long[]{0}, 0, low, high,
                rounding), fine);
        float factor = outScale / coarse;
        return factor == 1 ? cut : node.binary(Binary.Function.MULTIPLY, cut, node.network().scalar(factor));
    }

    private static Value thresholds(OnnxNode node) {
        Value x = node.in(0);
        boolean last = node.text("data_layout", "NCHW").endsWith("C") || x.rank() == 1;
        boolean bipolar = node.text("out_dtype", "").equals("BIPOLAR");
        float scale = node.decimal("out_scale", bipolar ? 2 : 1);
        float bias = node.decimal("out_bias", bipolar ? -1 : 0);
        return node.add(new NetworkOp.Thresholds(scale, bias, last ? x.rank() - 1 : 1), x, node.in(1));
    }

    /** The number of equal bits: (K + dot) / 2, the operands being -1 and +1. */
    private static Value xnorPopcount(OnnxNode node) {
        Value product = node.add(new NetworkOp.MatMul(), node.in(0), node.in(1));
        Value sum = node.binary(Binary.Function.ADD, product, node.network().scalar(node.in(0).shape().getLast()));
        return node.binary(Binary.Function.MULTIPLY, sum, node.network().scalar(0.5f));
    }

    private static Value channelsLastConv(OnnxNode node) {
        // The weights are [out, kernel, in] already.
        return ProductOperators.conv(node, Layout.CHANNELS_LAST);
    }

    private static Value maxPoolLast(OnnxNode node) {
        List<Integer> kernel = node.integers("kernel_shape")
                .orElseThrow(() -> new ImportProblemException("`kernel_shape` is missing"));
        return node.add(new NetworkOp.Pool(NetworkOp.Pool.Kind.MAX,
                ProductOperators.window(node, node.in(0), kernel, Layout.CHANNELS_LAST),
                node.integer("ceil_mode", 0) != 0, false, Layout.CHANNELS_LAST), node.in(0));
    }

    /** The sum of each window, shifted right until it fits the bits of the output. */
    private static Value averagePool(OnnxNode node) {
        int kernel = (int) node.integer("kernel", 1);
        int stride = (int) node.integer("stride", 1);
        int in = (int) node.integer("ibits", 4);
        int out = (int) node.integer("obits", 4);
        boolean signed = node.integer("signed", 0) != 0;
        Layout layout = node.text("data_layout", "NCHW").endsWith("C") ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
        long greatest = (long) kernel * kernel * ((1L << in) - 1);
        int shift = Math.max(0, 64 - Long.numberOfLeadingZeros(greatest) - out);
        NetworkOp.Pool pool = new NetworkOp.Pool(NetworkOp.Pool.Kind.AVERAGE,
                new Window(List.of(kernel, kernel), List.of(stride, stride), List.of(1, 1),
                        List.of(0, 0), List.of(0, 0)),
                false, false, layout);
        Value sum = node.binary(Binary.Function.MULTIPLY, node.add(pool, node.in(0)),
                node.network().scalar(kernel * kernel));
        Value cut = node.add(new NetworkOp.Quantize(new float[]{1 << shift}, new long[]{0}, 0, signed ? -greatest : 0,
                greatest, Rounding.FLOOR), sum);
        return node.binary(Binary.Function.MULTIPLY, cut, node.network().scalar(1f / (1 << shift)));
    }
}
