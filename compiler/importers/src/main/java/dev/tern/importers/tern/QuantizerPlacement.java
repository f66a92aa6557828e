package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.WeightCodes;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Placed.Quantizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Quantizers: they wait for the layer that reads them. */
final class QuantizerPlacement {
    /** The codes of a u8 input as numbers. */
    static final String BYTES = "static(8, scale: 1, unsigned: true)";
    private static final int MOST_BITS = 8;
    private static final int WIDE_BITS = 16;
    private static final int MOST_LEVELS = 255;
    private static final int FEW_LEVELS = 15;

    private final Site site;

    QuantizerPlacement(Site site) {
        this.site = site;
    }

    Placed place(ForeignNode node, NetworkOp.Quantizer op) {
        ForeignValue x = node.x();
        return switch (op) {
            case NetworkOp.Binarize(float scale) -> site.real(x).with(new Quantizer("sign", scale));
            case NetworkOp.Ternarize(float threshold) ->
                site.real(x).with(new Quantizer("ternary(" + NumberTexts.of(threshold) + ")", 1));
            case NetworkOp.DynamicQuantize dynamic -> dynamic(x, dynamic);
            case NetworkOp.Quantize grid -> grid.rounding() == NetworkOp.Quantize.Rounding.HALF_EVEN && !otherTies(grid)
                    ? site.real(x).with(new Quantizer(fixed(grid), 1))
                    : rounded(x, grid);
            case NetworkOp.Thresholds thresholds -> thresholds(node, thresholds);
            case NetworkOp.StepQuantize step -> stepped(node, step);
        };
    }

    /**
     * Behind an odd zero point halves go to the other neighbour. With few codes their thresholds say so; with many it
     * is left, as a product on codes is worth more than the halves.
     */
    private static boolean otherTies(NetworkOp.Quantize grid) {
        return grid.zeroFirst() && grid.zeros()[0] % 2 != 0 && grid.highest() - grid.lowest() <= FEW_LEVELS;
    }

    /** {@code dynamic(4, absmax)}; what is unsigned must be seen to be so. */
    private Placed dynamic(ForeignValue x, NetworkOp.DynamicQuantize op) {
        Placed placed = op.perRow() ? site.withLast(x, x.rank() - 1, false) : site.real(x);
        boolean absmax = op.rule() == NetworkOp.DynamicQuantize.Rule.ABSMAX;
        if (op.unsigned() && !site.neverNegative(placed.call())) {
            placed = placed.by(site.apply("relu", placed.call()));
        }
        return placed.with(new Quantizer("dynamic(" + op.bits() + (absmax ? ", absmax" : "")
                + (op.perRow() ? ", per: row" : "") + ")", 1));
    }

    /** {@code tdq(4, step: t)}, t being the input that names the scale. */
    private Placed stepped(ForeignNode node, NetworkOp.StepQuantize op) {
        Placed x = site.real(node.x());
        if (op.unsigned() && !site.neverNegative(x.call())) {
            x = x.by(site.apply("relu", x.call()));
        }
        String step = site.program().get(site.real(node.inputs().get(1)).call()).arguments().getFirst();
        Constant table = node.inputs().get(2).require("the table of scales");
        return x.with(new Quantizer("tdq(" + op.bits() + ", step: " + step
                + (op.levels() == op.whole() ? ")" : ", levels: " + op.levels() + ")"), 1,
                Map.of("steps", new Numbers.Floats(table.shape(), table.floats()))));
    }

    /** {@code static(4, scale: 0.1)}. */
    private static String fixed(NetworkOp.Quantize grid) {
        requireOneScale(grid);
        boolean unsigned = grid.lowest() == 0;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(grid.highest()) + (unsigned ? 0 : 1);
        boolean whole = grid.highest() + 1 == 1L << bits - (unsigned ? 0 : 1);
        boolean narrow = !unsigned && grid.lowest() == -grid.highest();
        if (!whole || !unsigned && !narrow && grid.lowest() != -grid.highest() - 1) {
            throw new ImportProblemException("codes " + grid.lowest() + " to " + grid.highest()
                    + " are not those of a number of bits");
        }
        if (bits > MOST_BITS && bits != WIDE_BITS) {
            throw new ImportProblemException("activations of " + bits
                    + " bits are not supported; those of up to 8 bits and of 16 are");
        }
        StringBuilder scheme = new StringBuilder("static(").append(bits).append(", scale: ")
                .append(NumberTexts.of(grid.scales()[0]));
        if (grid.zeros()[0] != 0) {
            scheme.append(", zero: ").append(grid.zeros()[0]);
        }
        return scheme.append(unsigned ? ", unsigned: true" : "").append(narrow ? ", narrow: true" : "").append(')')
                .toString();
    }

    private static void requireOneScale(NetworkOp.Quantize grid) {
        if (grid.scales().length > 1 || grid.zeros().length > 1) {
            throw new ImportProblemException("activations with a scale for each channel are not supported");
        }
        if (grid.scales()[0] < 0) {
            throw new ImportProblemException("activations with the scale " + grid.scales()[0] + " are not supported");
        }
    }

    /** One threshold that parts -1 and 1 is a sign, moved there; several are as many signs, added. */
    private Placed thresholds(ForeignNode node, NetworkOp.Thresholds op) {
        return counted(node.x(), op, node.inputs().get(1).require("the thresholds"));
    }

    /** Rounding of another kind: the numbers at which the code rises are thresholds. */
    private Placed rounded(ForeignValue x, NetworkOp.Quantize grid) {
        requireOneScale(grid);
        long levels = grid.highest() - grid.lowest();
        if (levels > MOST_LEVELS) {
            throw new ImportProblemException("activations rounded by " + grid.rounding().toString().toLowerCase(
                    Locale.ROOT) + " are supported up to 8 bits");
        }
        float[] thresholds = new float[(int) levels];
        for (int i = 0; i < levels; i++) {
            thresholds[i] = leastOf(grid, grid.lowest() + i + 1);
        }
        float scale = grid.scales()[0];
        return counted(x, new NetworkOp.Thresholds(scale, scale * (grid.lowest() - grid.zeros()[0]),
                Math.max(0, x.rank() - 1)), new Constant.Floats(List.of(1, (int) levels), thresholds));
    }

    /** The least number that has at least a code, found by halving among all floats. */
    private static float leastOf(NetworkOp.Quantize grid, long code) {
        int low = ordered(-Float.MAX_VALUE);
        int high = ordered(Float.MAX_VALUE);
        while (low < high) {
            int middle = (int) Math.floorDiv((long) low + high, 2L);
            if (WeightCodes.code(number(middle), grid) >= code) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return number(low);
    }

    /** Integers in the order of the floats. */
    private static int ordered(float value) {
        int bits = Float.floatToIntBits(value);
        return bits >= 0 ? bits : Integer.MIN_VALUE - bits;
    }

    private static float number(int ordered) {
        return Float.intBitsToFloat(ordered >= 0 ? ordered : Integer.MIN_VALUE - ordered);
    }

    private Placed counted(ForeignValue x, NetworkOp.Thresholds op, Constant thresholds) {
        Placed placed = site.withLast(x, op.axis(), false);
        int levels = thresholds.shape().get(1);
        if (levels < 1 || levels > MOST_LEVELS) {
            throw new ImportProblemException(levels + " thresholds a channel are not supported");
        }
        if (levels == 1 && op.bias() == -op.scale() / 2 && op.scale() > 0) {
            return placed.by(moved(placed, x, op, thresholds, 0)).with(new Quantizer("sign", op.scale() / 2));
        }
        int sum = site.apply("quantize", moved(placed, x, op, thresholds, 0), "sign");
        for (int level = 1; level < levels; level++) {
            sum = site.call("+", sum, site.apply("quantize", moved(placed, x, op, thresholds, level), "sign"));
        }
        int count = site.times(site.plus(sum, levels), 0.5f);
        Placed result = placed.by(site.plus(site.times(count, op.scale()), op.bias()));
        return codes(op, levels).map(scheme -> result.with(new Quantizer(scheme, 1))).orElse(result);
    }

    /** The scheme whose codes the results are, so that a layer that reads them computes on codes. */
    private static Optional<String> codes(NetworkOp.Thresholds op, int levels) {
        float lowest = op.bias() / op.scale();
        if (!(op.scale() > 0) || lowest != Math.rint(lowest) || Math.abs(lowest) > MOST_LEVELS) {
            return Optional.empty();
        }
        boolean unsigned = lowest >= 0;
        int highest = (int) lowest + levels;
        int bits = 1;
        while (unsigned ? highest >= 1 << bits : highest >= 1 << bits - 1 || lowest < -(1 << bits - 1)) {
            bits++;
        }
        return bits > MOST_BITS
                ? Optional.empty()
                : Optional.of("static(" + bits + ", scale: " + NumberTexts.of(op.scale())
                        + (unsigned ? ", unsigned: true)" : ")"));
    }

    /** The input less the thresholds of one level. */
    private int moved(Placed placed, ForeignValue x, NetworkOp.Thresholds op, Constant thresholds, int level) {
        int levels = thresholds.shape().get(1);
        float[] all = thresholds.floats();
        float[] values = new float[all.length / levels];
        for (int i = 0; i < values.length; i++) {
            values[i] = -all[i * levels + level];
        }
        Constant summand = new Constant.Floats(List.of(values.length), values);
        if (summand.uniform()) {
            return site.plus(placed.call(), values[0]);
        }
        Numbers perChannel = site.perChannel(summand, placed, x.size(op.axis()));
        return site.apply("bias", placed.call(), List.of(), Map.of("bias", perChannel),
                site.program().get(placed.call()).shape());
    }
}
