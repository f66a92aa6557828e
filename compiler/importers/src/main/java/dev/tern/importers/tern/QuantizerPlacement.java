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

/** Quantizers: they wait for the layer that reads them. */
final class QuantizerPlacement {
    private static final int MOST_BITS = 8;

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

    /** One threshold that parts -1 and 1 is a sign, moved there. */
    private Placed thresholds(Node node, NetworkOp.Thresholds op) {
        Constant thresholds = node.inputs().get(1).require("the thresholds");
        Value x = node.x();
        if (thresholds.shape().get(1) != 1 || op.bias() != -op.scale() / 2) {
            throw new ImportProblemException("several thresholds a channel are not supported");
        }
        Placed placed = site.withLast(x, op.axis(), false);
        int call = placed.call();
        if (!thresholds.uniform()) {
            Numbers.Floats moved = (Numbers.Floats) site.perChannel(negated(thresholds), placed, x.size(op.axis()));
            call = site.apply("bias", call, List.of(), Map.of("bias", moved), site.program().get(call).shape());
        } else if (thresholds.floats()[0] != 0) {
            call = site.plus(call, -thresholds.floats()[0]);
        }
        return placed.by(call).with(new Quantizer("sign", op.scale() / 2));
    }

    private static Constant negated(Constant constant) {
        float[] values = constant.floats().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = -values[i];
        }
        return new Constant.Floats(constant.shape(), values);
    }
}
