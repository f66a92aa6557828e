package dev.tern.importers.tflite;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.FactorRounding;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.QuantizedBinary;
import dev.tern.importers.network.WeightCodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * Operators on codes of eight and 16 bits, by the integer arithmetic of TFLite's kernels. Each gives the reals of its
 * codes; where an operator is not here, or not with such operands, it is computed on reals and its result rounded to a
 * code.
 */
final class TfliteQuantizedOperators {
    /** A mean's factor is this much above 1 / n, so that halves go away from zero; see {@link #mean}. */
    private static final double ABOVE = 1 + 0x1p-22;
    private static final int LARGEST_MEAN = 4096;
    /** Of sums of 16 bits the factor's excess would decide more than halves from 64 on. */
    private static final int LARGEST_WIDE_MEAN = 63;
    private static final Map<String, Quantized> OPERATORS = new TreeMap<>();

    /** An operator on codes. */
    @FunctionalInterface
    interface Quantized {
        /** @return the result's reals, or empty where such operands are not computed on codes */
        Optional<ForeignValue> value(TfliteNode node);
    }

    static {
        OPERATORS.put("CONV_2D", node -> convolution(node, node.in(1), FloatProducts.convolution(node), 3));
        OPERATORS.put("DEPTHWISE_CONV_2D", node -> convolution(node,
                FloatProducts.depthwiseWeights(node, node.in(1)), FloatProducts.depthwiseConvolution(node), 4));
        OPERATORS.put("FULLY_CONNECTED", TfliteQuantizedOperators::fullyConnected);
        OPERATORS.put("ADD", node -> binary(node, QuantizedBinary.Kind.ADD));
        OPERATORS.put("SUB", node -> binary(node, QuantizedBinary.Kind.SUBTRACT));
        OPERATORS.put("MUL", node -> binary(node, QuantizedBinary.Kind.MULTIPLY));
        OPERATORS.put("AVERAGE_POOL_2D", TfliteQuantizedOperators::averagePool);
        OPERATORS.put("QUANTIZE", node -> rescaled(node, FusedActivation.NONE));
        OPERATORS.put("RELU", node -> rescaled(node, FusedActivation.RELU));
        OPERATORS.put("RELU6", node -> rescaled(node, FusedActivation.RELU6));
        OPERATORS.put("RELU_N1_TO_1", node -> rescaled(node, FusedActivation.RELU_N1_TO_1));
        OPERATORS.put("LEAKY_RELU", node -> table(node, () -> FixedPoints.leaky(in(node), out(node), node.f32(0, 0),
                node.rounding())));
        function("LOGISTIC", x -> 1 / (1 + StrictMath.exp(-x)));
        function("TANH", StrictMath::tanh);
        function("EXP", StrictMath::exp);
        function("ELU", x -> x < 0 ? StrictMath.expm1(x) : x);
        function("HARD_SWISH", x -> x * Math.clamp(x / 6 + 0.5, 0, 1));
        function("ABS", Math::abs);
        function("SQRT", Math::sqrt);
        function("RSQRT", x -> 1 / Math.sqrt(x));
        function("LOG", StrictMath::log);
    }

    private TfliteQuantizedOperators() {
    }

    private static void function(String name, DoubleUnaryOperator function) {
        OPERATORS.put(name, node -> table(node, () -> FixedPoints.function(in(node), out(node), function)));
    }

    static Optional<Quantized> find(String name) {
        return Optional.ofNullable(OPERATORS.get(name));
    }

    // Grids

    private static CodeGrid in(TfliteNode node) {
        return Codings.grid(node.tensor(0));
    }

    private static CodeGrid out(TfliteNode node) {
        return Codings.grid(node.result());
    }

    /** A range of codes. */
    private record Range(int lowest, int highest) {
        /** What a fused activation leaves of the codes. */
        static Range of(FusedActivation activation, CodeGrid grid) {
            return switch (activation) {
                case NONE -> new Range(grid.lowest(), grid.highest());
                case RELU -> new Range(Math.max(grid.lowest(), grid.zero()), grid.highest());
                case RELU6 -> between(grid, 0, 6);
                case RELU_N1_TO_1 -> between(grid, -1, 1);
                case TANH, SIGN_BIT -> throw new ImportProblemException("the fused activation " + activation
                        + " of codes is not supported");
            };
        }

        private static Range between(CodeGrid grid, float low, float high) {
            return new Range(code(grid, low), code(grid, high));
        }

        private static int code(CodeGrid grid, float value) {
            float scaled = value / grid.scale();
            return grid.clamp(Math.signum(scaled) * Math.floor(Math.abs(scaled) + 0.5) + grid.zero());
        }
    }

    // Products

    private static Optional<ForeignValue> convolution(TfliteNode node, ForeignValue weights, NetworkOp.Conv conv,
            int activation) {
        return channelScales(weights).filter(coded -> fits(node, coded)).map(coded -> {
            ForeignValue product = node.add(conv, Codings.reals(node.network(), node.in(0)), node.constant(coded));
            return requantized(node, product, node.activation(activation));
        });
    }

    /** Whether 32 bits hold all sums, with the bias. */
    private static boolean fits(TfliteNode node, Constant.Coded weights) {
        if (!in(node).wide()) {
            return true;
        }
        long bias = node.find(2).isEmpty()
                ? 0
                : Arrays.stream(node.codes(2).integers()).map(Math::absExact).max().orElse(0);
        return WeightCodes.greatestSum(weights) * -in(node).lowest() + bias <= Integer.MAX_VALUE;
    }

    /**
     * Coded weights with a scale for each output channel, though one should do for all: their products with the input's
     * scale are then not rounded to f32, as convolutions have it.
     */
    private static Optional<Constant.Coded> channelScales(ForeignValue weights) {
        if (!(weights.constant().orElse(null) instanceof Constant.Coded coded)) {
            return Optional.empty();
        }
        if (coded.scales().length > 1 || coded.shape().getFirst() == 1) {
            return Optional.of(coded);
        }
        float[] scales = new float[coded.shape().getFirst()];
        Arrays.fill(scales, coded.scales()[0]);
        return Optional.of(new Constant.Coded(coded.shape(), coded.codes(), coded.bits(), coded.narrow(), scales, 0));
    }

    private static Optional<ForeignValue> fullyConnected(TfliteNode node) {
        ForeignValue columns = FloatProducts.columns(node);
        boolean fits = columns.known() && node.in(1).constant().orElse(null) instanceof Constant.Coded coded
                && fits(node, coded);
        if (!fits || !(columns.constant().orElse(null) instanceof Constant.Coded)) {
            return Optional.empty();
        }
        ForeignValue x = FloatProducts.rows(node);
        ForeignValue product = node.add(new NetworkOp.MatMul(), Codings.reals(node.network(), x), columns);
        return Optional.of(requantized(node, product, node.activation(0)));
    }

    private static ForeignValue requantized(TfliteNode node, ForeignValue product, FusedActivation activation) {
        CodeGrid to = out(node);
        Range range = Range.of(activation, to);
        List<ForeignValue> operands = new ArrayList<>(List.of(product));
        if (node.find(2).isPresent()) {
            operands.add(node.constant(node.codes(2)));
        }
        return node.add(new NetworkOp.Requantize(to, range.lowest(), range.highest(), productRounding(node),
                product.rank() - 1), operands);
    }

    /** Sums of 64 bits, which products by 16 bits have but with a bias of 32, are multiplied by short factors. */
    private static FactorRounding productRounding(TfliteNode node) {
        boolean shortSums = node.find(2).isPresent() && node.tensor(2).type() == TfliteType.INT32.ordinal();
        return in(node).wide() && !shortSums ? FactorRounding.SHORT : rounding(node);
    }

    private static FactorRounding rounding(TfliteNode node) {
        return node.single() ? FactorRounding.SINGLE : FactorRounding.DOUBLE;
    }

    // Elements

    private static Optional<ForeignValue> binary(TfliteNode node, QuantizedBinary.Kind kind) {
        ForeignValue left = node.in(0);
        ForeignValue right = node.in(1);
        if (left.known() || right.known() || !left.shape().equals(right.shape())) {
            return Optional.empty();
        }
        CodeGrid to = out(node);
        if (in(node).wide() != to.wide() || Codings.grid(node.tensor(1)).wide() != to.wide()) {
            return Optional.empty();
        }
        Range range = Range.of(node.activation(0), to);
        return Optional.of(node.add(new QuantizedBinary(kind, in(node), Codings.grid(node.tensor(1)), to,
                range.lowest(), range.highest(), node.single()), Codings.reals(node.network(), left),
                Codings.reals(node.network(), right)));
    }

    private static Optional<ForeignValue> rescaled(TfliteNode node, FusedActivation activation) {
        Range range = Range.of(activation, out(node));
        if (in(node).wide()) {
            return Optional.of(node.add(new NetworkOp.Regrid(in(node), out(node), range.lowest(), range.highest(),
                    rounding(node)), Codings.reals(node.network(), node.in(0))));
        }
        if (out(node).wide()) {
            return Optional.empty();
        }
        return table(node, () -> FixedPoints.rescaled(in(node), out(node), range.lowest(), range.highest(),
                node.rounding()));
    }

    private static Optional<ForeignValue> table(TfliteNode node, Supplier<List<Integer>> table) {
        return node.in(0).known() || in(node).wide() || out(node).wide()
                ? Optional.empty()
                : Optional.of(node.add(new NetworkOp.CodeTable(in(node), out(node), table.get()),
                        Codings.reals(node.network(), node.in(0))));
    }

    // Means

    private static Optional<ForeignValue> averagePool(TfliteNode node) {
        NetworkOp.Pool pool = FloatProducts.pooling(node, NetworkOp.Pool.Kind.AVERAGE);
        ForeignWindow window = pool.window();
        int taps = window.kernel().get(0) * window.kernel().get(1);
        boolean alike = in(node).equals(out(node));
        int most = in(node).wide() ? LARGEST_WIDE_MEAN : LARGEST_MEAN;
        return window.padded() || taps > most || !alike || node.in(0).size(3) < 2
                ? Optional.empty()
                : Optional.of(mean(node, window, taps, Range.of(node.activation(5), out(node))));
    }

    /**
     * Sums of the codes as they are stored, divided by their number with halves away from zero: a depthwise convolution
     * with weights of 1, on codes that are given the zero point 0 for it, times a factor so little above 1 / n that it
     * decides nothing but halves.
     */
    private static ForeignValue mean(TfliteNode node, ForeignWindow window, int taps, Range range) {
        CodeGrid grid = in(node);
        CodeGrid plain = new CodeGrid(grid.kind(), grid.scale(), 0);
        List<Integer> same = grid.zero() == 0
                ? List.of()
                : Extents.range(grid.highest() - grid.lowest() + 1).stream().map(i -> i + grid.lowest()).toList();
        ForeignValue x = Codings.reals(node.network(), node.in(0));
        ForeignValue codes = grid.zero() == 0 ? x : node.add(new NetworkOp.CodeTable(grid, plain, same), x);
        int channels = x.size(3);
        List<Integer> shape = List.of(channels, window.kernel().get(0), window.kernel().get(1), 1);
        node.network().countComputed(Extents.elements(shape));
        int[] ones = new int[channels * taps];
        Arrays.fill(ones, 1);
        float[] scales = new float[channels];
        Arrays.fill(scales, (float) (ABOVE / taps));
        ForeignValue weights = node.constant(new Constant.Coded(shape, ones, 2, true, scales, 0));
        ForeignValue sums = node.add(new NetworkOp.Conv(window, channels, Layout.CHANNELS_LAST), codes, weights);
        ForeignValue means = node.add(new NetworkOp.Requantize(plain, range.lowest(), range.highest(),
                FactorRounding.SINGLE, 3), sums);
        return grid.zero() == 0 ? means : node.add(new NetworkOp.CodeTable(plain, grid, same), means);
    }
}
