package dev.tern.importers.tflite;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operators of Larq's compute engine. Its packed tensors of signs (bit 0 is +1) are carried as the signs that they
 * are, with as many channels as there are.
 */
final class LarqOperators {
    private static final int WORD = Integer.SIZE;

    private static final int MOST_STEPS = 10;
    private static final int STRETCH = 24;

    private LarqOperators() {
    }

    static void addTo(Map<String, TfliteTranslator> operators) {
        operators.put("LceQuantize", (TfliteTranslator.Single) node -> node.add(new NetworkOp.Binarize(1), node.in(0)));
        operators.put("LceDequantize", (TfliteTranslator.Single) node -> node.in(0));
        operators.put("LceBMaxPool2d", (TfliteTranslator.Single) LarqOperators::pool);
        operators.put("LceBconv2d", (TfliteTranslator.Single) LarqOperators::conv);
    }

    private static ForeignValue pool(TfliteNode node) {
        FlexOptions options = new FlexOptions(node.customOptions());
        ForeignValue x = node.in(0);
        FloatProducts.requirePicture(x);
        ForeignWindow window = new ForeignWindow(List.of(options.whole("filter_height", 0), options.whole(
                "filter_width", 0)),
                List.of(options.whole("stride_height", 1), options.whole("stride_width", 1)), List.of(1, 1),
                List.of(0, 0), List.of(0, 0));
        return node.add(new NetworkOp.Pool(NetworkOp.Pool.Kind.MAX,
                FloatProducts.padded(x, window, options.whole("padding", 0)), false, false, Layout.CHANNELS_LAST), x);
    }

    private static ForeignValue conv(TfliteNode node) {
        FlexOptions options = new FlexOptions(node.customOptions());
        ForeignValue x = node.in(0);
        FloatProducts.requirePicture(x);
        Constant filter = node.in(1).require("the filter");
        int inputs = options.whole("channels_in", x.size(3));
        if (filter.shape().size() != 4 || inputs != x.size(3)) {
            throw new ImportProblemException("a filter of shape " + filter.shape() + " for " + inputs
                    + " channels does not go with an input of shape " + x.shape());
        }
        int words = Math.ceilDiv(inputs, WORD);
        int wordsEach = filter.shape().getLast();
        int groups = wordsEach < 1 ? 0 : words / wordsEach;
        if (groups < 1 || groups * wordsEach != words || groups > 1 && inputs % (groups * WORD) != 0) {
            throw new ImportProblemException(wordsEach + " words of a filter do not go with " + inputs + " channels");
        }
        List<Integer> shape = Extents.with(filter.shape(), 3, inputs / groups);
        node.network().countComputed(Extents.elements(shape));
        Constant weights = signs(filter, shape);
        ForeignWindow plain = new ForeignWindow(filter.shape().subList(1, 3),
                List.of(options.whole("stride_height", 1), options.whole("stride_width", 1)),
                List.of(options.whole("dilation_height_factor", 1), options.whole("dilation_width_factor", 1)),
                List.of(0, 0), List.of(0, 0));
        ForeignWindow window = FloatProducts.padded(x, plain, options.whole("padding", 0));
        int outside = window.padded() && options.whole("pad_values", 0) == 1 ? 1 : 0;
        ForeignValue dot = node.add(new NetworkOp.Conv(window, groups, Layout.CHANNELS_LAST, outside), x,
                node.constant(weights));
        int products = window.kernel().get(0) * window.kernel().get(1) * (inputs / groups);
        if (node.result().type() == TfliteType.INT32.ordinal()) {
            return packed(node, dot, products);
        }
        FusedActivation activation = FusedActivation.of(options.whole("fused_activation_function", 0));
        return node.result().type() == TfliteType.INT8.ordinal()
                ? coded(node, dot, products, activation)
                : scaled(node, dot, products, activation);
    }

    /** Bits as signs, 0 as +1; channel c is bit c mod 32 of word c / 32. */
    private static Constant signs(Constant filter, List<Integer> shape) {
        long[] words = filter.integers();
        int channels = shape.getLast();
        int[] codes = new int[Extents.elements(shape)];
        int wordsEach = filter.shape().getLast();
        for (int i = 0; i < codes.length; i++) {
            int channel = i % channels;
            long word = words[i / channels * wordsEach + channel / WORD];
            codes[i] = (word >> channel % WORD & 1) == 0 ? 1 : -1;
        }
        return new Constant.Coded(shape, codes, 1, true, new float[]{1}, 0);
    }

    /** Signs of channels: -1 where more than a threshold of bits differ, that is where the dot product is less. */
    private static ForeignValue packed(TfliteNode node, ForeignValue dot, int products) {
        long[] thresholds = node.in(4).require("the thresholds").integers();
        float[] summands = new float[dot.size(3)];
        for (int i = 0; i < summands.length; i++) {
            long differing = Math.max(-1, Math.min(products, thresholds[i]));
            summands[i] = 2 * differing - products;
        }
        ForeignValue moved = node.binary(Binary.Function.ADD, dot, perChannel(node, summands));
        return node.add(new NetworkOp.Binarize(1), moved);
    }

    private static ForeignValue perChannel(TfliteNode node, float[] values) {
        return node.constant(new Constant.Floats(List.of(values.length), values));
    }

    /**
     * Twice the bits that differ, K - dot, times -multiplier, plus bias + K * multiplier, the constants in double and
     * rounded once, as the kernel has it; the activation holds the dot product.
     */
    private static ForeignValue scaled(TfliteNode node, ForeignValue dot, int products, FusedActivation activation) {
        float[] multipliers = node.in(2).require("the multipliers").floats();
        float[] biases = node.in(3).require("the biases").floats();
        float[] factors = new float[dot.size(3)];
        float[] summands = new float[dot.size(3)];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = -multipliers[i];
            summands[i] = (float) (biases[i] + (double) products * multipliers[i]);
        }
        return linear(node, dot, products, activation, factors, summands);
    }

    private static ForeignValue linear(TfliteNode node, ForeignValue dot, int products, FusedActivation activation,
            float[] factors,
            float[] summands) {
        ForeignValue held = node.activated(dot, activation);
        ForeignValue differing = node.binary(Binary.Function.ADD,
                node.binary(Binary.Function.MULTIPLY, held, node.network().scalar(-1)),
                node.network().scalar(products));
        ForeignValue scaled = node.binary(Binary.Function.MULTIPLY, differing, perChannel(node, factors));
        return node.binary(Binary.Function.ADD, scaled, perChannel(node, summands));
    }

    /** The same on the result's grid: codes, halves away from zero, from constants divided by the scale in double. */
    private static ForeignValue coded(TfliteNode node, ForeignValue dot, int products, FusedActivation activation) {
        CodeGrid grid = Codings.grid(node.result());
        float[] multipliers = node.in(2).require("the multipliers").floats();
        float[] biases = node.in(3).require("the biases").floats();
        float[] factors = new float[dot.size(3)];
        float[] summands = new float[dot.size(3)];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (-(double) multipliers[i] / grid.scale());
            summands[i] = (float) ((biases[i] + (double) products * multipliers[i]) / grid.scale() + grid.zero());
            float stretched = stretch(factors[i], summands[i], products);
            factors[i] *= stretched;
            summands[i] *= stretched;
        }
        ForeignValue numbers = linear(node, dot, products, activation, factors, summands);
        CodeGrid plain = new CodeGrid(grid.kind(), 1, 0);
        ForeignValue codes = node.add(new NetworkOp.Quantize(new float[]{1}, new long[]{0}, 0, grid.lowest(), grid
                .highest(),
                NetworkOp.Quantize.Rounding.HALF_EVEN), numbers);
        List<Integer> same = Extents.range(grid.highest() - grid.lowest() + 1).stream()
                .map(i -> i + grid.lowest()).toList();
        ForeignValue result = node.add(new NetworkOp.CodeTable(plain, grid, same), codes);
        return node.network().coded(result, grid.kind(), Optional.of(Codings.coding(node.result())));
    }

    /**
     * By how much a channel's constants are stretched so that halves to even give what halves away from zero give
     * without it, for every number of bits that may differ: as good as nothing, which takes them off the halves.
     */
    private static float stretch(float factor, float summand, int products) {
        for (int bits = 0; bits < MOST_STEPS; bits++) {
            float stretched = bits == 0 ? 1 : 1 + Math.scalb(1f, bits - STRETCH);
            if (alike(factor, summand, stretched, products)) {
                return stretched;
            }
        }
        return 1;
    }

    private static boolean alike(float factor, float summand, float stretched, int products) {
        for (int twice = 0; twice <= 2 * products; twice++) {
            float wanted = twice * factor + summand;
            float found = twice * (factor * stretched) + summand * stretched;
            double away = Math.signum(wanted) * Math.floor(Math.abs((double) wanted) + 0.5);
            if (Math.clamp(away, -128, 127) != Math.clamp(Math.rint(found), -128, 127)) {
                return false;
            }
        }
        return true;
    }
}
