package dev.tern.importers.onnx;

import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.Quantize.Rounding;
import dev.tern.importers.network.NetworkOp.Unary;
import java.util.List;

/** QONNX's operators that bring numbers of one grid to a coarser one. */
final class GridOperators {
    private static final int MOST_SHIFT = 30;

    private GridOperators() {
    }

    /**
     * From the grid of a scale to one that is 2^shift times as coarse.
     *
     * @param lowest the least code of the coarse grid that there may be
     */
    private record Coarser(float scale, int shift, long lowest, long highest, Rounding rounding) {
        Coarser {
            if (shift < 0 || shift > MOST_SHIFT || !(scale > 0)) {
                throw new ImportProblemException("Trunc to more bits, or of a scale below zero, is not supported");
            }
        }

        float coarse() {
            return scale * (1 << shift);
        }

        /** Of numbers on the fine grid; those between are first rounded to it, halves to even. */
        ForeignValue of(OnnxNode node, ForeignValue x) {
            if (shift == 0 || rounding == Rounding.HALF_EVEN) {
                return quantized(node, x, Rounding.HALF_EVEN);
            }
            return switch (rounding) {
                // Half a step of the fine grid keeps what is on it off the ties.
                case FLOOR -> quantized(node, moved(node, x, (scale - coarse()) / 2), Rounding.HALF_EVEN);
                case CEIL -> quantized(node, moved(node, x, (coarse() - scale) / 2), Rounding.HALF_EVEN);
                case HALF_EVEN, HALF_AWAY, HALF_TOWARDS, AWAY, TOWARDS -> quantized(node, x, rounding);
            };
        }

        private ForeignValue quantized(OnnxNode node, ForeignValue x, Rounding by) {
            if (by == Rounding.HALF_EVEN && highest - lowest > 255) {
                // More codes than eight bits have: those above zero, and those below.
                ForeignValue below = node.unary(Unary.Function.NEGATE, x);
                return node.binary(Binary.Function.ADD, grid(node, x, 0, highest, by),
                        node.unary(Unary.Function.NEGATE, grid(node, below, 0, -lowest - 1, by)));
            }
            return grid(node, x, lowest, highest, by);
        }

        private ForeignValue grid(OnnxNode node, ForeignValue x, long from, long to, Rounding by) {
            return node.add(new NetworkOp.Quantize(new float[]{coarse()}, new long[]{0}, 0, from, to, by), x);
        }
    }

    private static ForeignValue moved(OnnxNode node, ForeignValue x, float by) {
        return by == 0 ? x : node.binary(Binary.Function.ADD, x, node.network().scalar(by));
    }

    private static ForeignValue times(OnnxNode node, ForeignValue x, float by) {
        return by == 1 ? x : node.binary(Binary.Function.MULTIPLY, x, node.network().scalar(by));
    }

    /**
     * Version 1 ends in the number of bits and gives the result its input's scale; version 2 names the output's, and
     * may name its zero point.
     */
    static ForeignValue trunc(OnnxNode node) {
        float scale = QonnxOperators.one(node.in(1), "the scale");
        long zero = whole(node, 2, "a zero point");
        boolean second = node.inputCount() > 5;
        int bits = whole(node, node.inputCount() - 1, "a number of bits");
        float outScale = second ? QonnxOperators.one(node.in(4), "the scale") : scale;
        int shift = second
                ? (int) Math.rint(Math.log(outScale / scale) / Math.log(2))
                : whole(node, 3, "a number of bits") - bits;
        boolean signed = node.integer("signed", 1) != 0;
        boolean narrow = node.integer("narrow", 0) != 0;
        // Version 1 does not say whether its bits are signed, and has no ends.
        long lowest = second ? QonnxOperators.lowest(bits, signed, narrow) : -(1L << bits);
        long highest = second ? QonnxOperators.highest(bits, signed, narrow) : (1L << bits) - 1;
        Coarser coarser = new Coarser(scale, shift, lowest, highest,
                QonnxOperators.rounding(node.text("rounding_mode", "FLOOR")));
        ForeignValue result = times(node, coarser.of(node, moved(node, node.in(0), scale * zero)),
                outScale / coarser.coarse());
        return moved(node, result, -zero * (second ? outScale / (1 << shift) : scale));
    }

    private static int whole(OnnxNode node, int input, String what) {
        return QonnxOperators.whole(QonnxOperators.one(node.in(input), what), what);
    }

    /** The sum of each window, shifted right until it fits the bits of the output. */
    static ForeignValue averagePool(OnnxNode node) {
        int kernel = (int) node.integer("kernel", 1);
        int stride = (int) node.integer("stride", 1);
        int in = (int) node.integer("ibits", 4);
        int out = (int) node.integer("obits", 4);
        if (in < 1 || in > Short.SIZE || out < 1 || out > Short.SIZE || kernel < 1 || kernel > Short.MAX_VALUE) {
            throw new ImportProblemException("a pool of " + in + " bits to " + out + " bits is not supported");
        }
        boolean signed = node.integer("signed", 0) != 0;
        Layout layout = node.text("data_layout", "NCHW").endsWith("C") ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
        long places = (long) kernel * kernel;
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(places * ((1L << in) - 1)) - out);
        NetworkOp.Pool pool = new NetworkOp.Pool(NetworkOp.Pool.Kind.AVERAGE,
                new ForeignWindow(List.of(kernel, kernel), List.of(stride, stride), List.of(1, 1),
                        List.of(0, 0), List.of(0, 0)),
                false, false, layout);
        ForeignValue sum = times(node, node.add(pool, node.in(0)), places);
        long least = signed ? -places * (1L << in - 1) >> shift : 0;
        long greatest = places * ((1L << in - (signed ? 1 : 0)) - 1) >> shift;
        int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(Math.max(greatest, -least - 1))
                + (signed ? 1 : 0));
        Coarser coarser = new Coarser(1, shift, QonnxOperators.lowest(bits, signed, false),
                QonnxOperators.highest(bits, signed, false), Rounding.FLOOR);
        return times(node, coarser.of(node, sum), 1 / coarser.coarse());
    }
}
