package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.Node;
import dev.tern.importers.network.Value;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Placed.Quantizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Quantizers: they wait for the layer that reads them. */
final class QuantizerPlacement {
    private static final int MOST_BITS = 8;
    private static final int MOST_LEVELS = 255;

    private final Site site;

    QuantizerPlacement(Site site) {
        this.site = site;
    }

    Placed place(Node node) {
        Value x = node.x();
        return switch (node.op()) {
            case NetworkOp.Binarize(float scale) -> site.real(x).with(new Quantizer("sign", scale));
            case NetworkOp.DynamicQuantize(int bits) ->
                site.real(x).with(new Quantizer("dynamic(" + bits + ")", 1));
            case NetworkOp.Quantize grid -> site.real(x).with(new Quantizer(fixed(grid), 1));
            case NetworkOp.Thresholds thresholds -> thresholds(node, thresholds);
            default -> throw new IllegalStateException(node.op() + " is no quantizer");
        };
    }

    /** {@code static(4, scale: 0.1)}. */
    private static String fixed(NetworkOp.Quantize grid) {
        if (grid.scales().length > 1 || grid.zeros().length > 1) {
            throw new ImportProblemException("activations with a scale for each channel are not supported");
        }
        if (grid.rounding() != NetworkOp.Quantize.Rounding.HALF_EVEN) {
            throw new ImportProblemException("activations rounded by " + grid.rounding().toString().toLowerCase(
                    Locale.ROOT) + " are not supported; to the nearest, halves to even, is");
        }
        boolean unsigned = grid.lowest() == 0;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(grid.highest()) + (unsigned ? 0 : 1);
        boolean whole = grid.highest() + 1 == 1L << bits - (unsigned ? 0 : 1);
        boolean narrow = !unsigned && grid.lowest() == -grid.highest();
        if (!whole || !unsigned && !narrow && grid.lowest() != -grid.highest() - 1) {
            throw new ImportProblemException("codes " + grid.lowest() + " to " + grid.highest()
                    + " are not those of a number of bits");
        }
        if (bits > MOST_BITS) {
            throw new ImportProblemException("activations of " + bits + " bits are not supported; up to 8 are");
        }
        StringBuilder scheme = new StringBuilder("static(").append(bits).append(", scale: ")
                .append(NumberTexts.of(grid.scales()[0]));
        if (grid.zeros()[0] != 0) {
            scheme.append(", zero: ").append(grid.zeros()[0]);
        }
        return scheme.append(unsigned ? ", unsigned: true" : "").append(narrow ? ", narrow: true" : "").append(')')
                .toString();
    }

    /** One threshold that parts -1 and 1 is a sign, moved there; several are as many signs, added. */
    private Placed thresholds(Node node, NetworkOp.Thresholds op) {
        Constant thresholds = node.inputs().get(1).require("the thresholds");
        Value x = node.x();
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
    private int moved(Placed placed, Value x, NetworkOp.Thresholds op, Constant thresholds, int level) {
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
