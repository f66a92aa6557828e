package dev.tern.importers.network;

import java.util.List;

/** Weights as codes: what quantizers make of constants, and how codes survive what a file does to them afterwards. */
public final class WeightCodes {
    /** Wider codes stay f32. */
    private static final int MOST_BITS = 8;

    private WeightCodes() {
    }

    /** The codes of floats on a grid, their zero point taken off. */
    static Constant quantized(NetworkOp.Quantize grid, Constant x) {
        float[] values = x.floats();
        int inner = grid.scales().length == 1 ? 1 : Extents.strides(x.shape())[grid.axis()];
        long[] codes = new long[values.length];
        for (int i = 0; i < codes.length; i++) {
            int of = i / inner % Math.max(grid.scales().length, 1);
            long zero = grid.zeros()[grid.zeros().length == 1 ? 0 : of];
            codes[i] = code(values[i], grid.scales()[of], zero, grid) - zero;
        }
        int bits = 64 - Long.numberOfLeadingZeros(grid.highest() - grid.lowest());
        boolean narrow = grid.lowest() == -grid.highest();
        return coded(x.shape(), codes, bits, narrow, grid.scales(), grid.axis());
    }

    /** The code of a number on a grid with one scale, its zero point in it; never falls as the number rises. */
    public static long code(float value, NetworkOp.Quantize grid) {
        return code(value, grid.scales()[0], grid.zeros()[0], grid);
    }

    private static long code(float value, float scale, long zero, NetworkOp.Quantize grid) {
        // QONNX clamps before it rounds, ONNX after: with whole bounds that is the same.
        double scaled = value / scale + (grid.zeroFirst() ? zero : 0);
        double rounded = switch (grid.rounding()) {
            case HALF_EVEN -> Math.rint(scaled + 0.0);
            case HALF_AWAY -> Math.signum(scaled) * Math.floor(Math.abs(scaled) + 0.5);
            case HALF_TOWARDS -> Math.signum(scaled) * Math.ceil(Math.abs(scaled) - 0.5);
            case FLOOR -> Math.floor(scaled);
            case CEIL -> Math.ceil(scaled);
            case AWAY -> Math.signum(scaled) * Math.ceil(Math.abs(scaled));
            case TOWARDS -> Math.signum(scaled) * Math.floor(Math.abs(scaled));
        };
        return (long) Math.max(grid.lowest(), Math.min(grid.highest(), grid.zeroFirst() ? rounded : rounded + zero));
    }

    /** The signs of floats. */
    static Constant binarized(Constant x, float scale) {
        float[] values = x.floats();
        int[] codes = new int[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = values[i] >= 0 ? 1 : -1;
        }
        return scale >= 0
                ? new Constant.Coded(x.shape(), codes, 1, true, new float[]{scale}, 0)
                : negated(new Constant.Coded(x.shape(), codes, 1, true, new float[]{scale}, 0));
    }

    /**
     * Integers that stand for reals. Negative scales are made positive. Codes of more than eight bits become floats.
     *
     * @param codes without their zero points
     */
    public static Constant coded(List<Integer> shape, long[] codes, int bits, boolean narrow, float[] scales,
            int axis) {
        long least = 0;
        long greatest = 0;
        for (long code : codes) {
            least = Math.min(least, code);
            greatest = Math.max(greatest, code);
        }
        int needed = bits;
        while (needed < 64 && (least < -1L << needed - 1 || greatest > (1L << needed - 1) - 1) && needed != 1) {
            needed++;
        }
        boolean bipolar = bits == 1 && least == -1;
        if (bits == 1 && !bipolar) {
            needed = 2;
        }
        int[] narrowed = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            narrowed[i] = (int) codes[i];
        }
        if (needed > MOST_BITS) {
            int inner = scales.length == 1 ? 1 : Extents.strides(shape)[axis];
            float[] values = new float[codes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = codes[i] * scales[i / inner % scales.length];
            }
            return new Constant.Floats(shape, values);
        }
        return positive(new Constant.Coded(shape, narrowed, needed, narrow && needed == bits, scales, axis));
    }

    /** Codes that are signs, or signs and zeros, need one or two bits, whatever a file stores them in. */
    public static int fewest(long[] codes, int stored) {
        boolean zero = false;
        for (long code : codes) {
            if (code < -1 || code > 1) {
                return stored;
            }
            zero |= code == 0;
        }
        return zero ? 2 : 1;
    }

    /** Scales below zero turn the codes of their channels around. */
    private static Constant positive(Constant.Coded coded) {
        boolean negative = false;
        for (float scale : coded.scales()) {
            negative |= scale < 0;
        }
        return negative ? negated(coded) : coded;
    }

    private static Constant negated(Constant.Coded coded) {
        int inner = coded.scales().length == 1 ? 1 : Extents.strides(coded.shape())[coded.axis()];
        int[] codes = coded.codes().clone();
        float[] scales = coded.scales().clone();
        int lowest = coded.bits() == 1 ? -1 : -(1 << coded.bits() - 1);
        int bits = coded.bits();
        for (int i = 0; i < codes.length; i++) {
            if (scales[i / inner % scales.length] < 0) {
                // The least code has no counterpart above zero.
                bits = codes[i] == lowest && coded.bits() > 1 ? coded.bits() + 1 : bits;
                codes[i] = -codes[i];
            }
        }
        if (bits > MOST_BITS) {
            return new Constant.Floats(coded.shape(), coded.floats());
        }
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Math.abs(scales[i]);
        }
        return new Constant.Coded(coded.shape(), codes, bits, coded.narrow(), scales, coded.axis());
    }

    /**
     * Floats that are codes in truth, as compilers for low bits write them: all of one magnitude or zero, or whole
     * numbers of up to eight bits. Others come back as they are.
     */
    public static Constant recognized(Constant weights) {
        if (!(weights instanceof Constant.Floats(List<Integer> shape, float[] values)) || values.length == 0) {
            return weights;
        }
        float magnitude = 0;
        boolean one = true;
        boolean whole = true;
        boolean zero = false;
        for (float value : values) {
            float size = Math.abs(value);
            zero |= size == 0;
            one &= size == 0 || magnitude == 0 || size == magnitude;
            magnitude = size == 0 ? magnitude : size;
            whole &= value == Math.rint(value) && size <= Byte.MAX_VALUE;
        }
        if (magnitude == 0 || !one && !whole) {
            return weights;
        }
        long[] codes = new long[values.length];
        long widest = 1;
        for (int i = 0; i < codes.length; i++) {
            codes[i] = one ? (long) Math.signum(values[i]) : (long) values[i];
            widest = Math.max(widest, Math.abs(codes[i]));
        }
        int bits = !one ? Long.SIZE - Long.numberOfLeadingZeros(widest) + 1 : zero ? 2 : 1;
        return coded(shape, codes, bits, true, new float[]{one ? magnitude : 1}, 0);
    }

    /** Codes times a number other than zero. */
    public static Constant scaled(Constant.Coded coded, float factor) {
        float[] scales = coded.scales().clone();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= factor;
        }
        return positive(new Constant.Coded(coded.shape(), coded.codes(), coded.bits(), coded.narrow(), scales,
                coded.axis()));
    }

    /** The same codes under another shape; with scales of an axis, which must stay an axis. */
    static Constant reshaped(Constant.Coded coded, List<Integer> shape) {
        if (coded.scales().length == 1) {
            return new Constant.Coded(shape, coded.codes(), coded.bits(), coded.narrow(), coded.scales(), 0);
        }
        int[] from = Extents.strides(coded.shape());
        int[] to = Extents.strides(shape);
        for (int axis = 0; axis < shape.size(); axis++) {
            if (shape.get(axis).equals(coded.shape().get(coded.axis())) && to[axis] == from[coded.axis()]) {
                return new Constant.Coded(shape, coded.codes(), coded.bits(), coded.narrow(), coded.scales(), axis);
            }
        }
        return new Constant.Floats(shape, coded.floats());
    }

    /** Weights whose codes, with their zero points in them, are held to some. @param zeros one, or as many as scales */
    public static Constant held(Constant.Coded weights, long[] zeros, long lowest, long highest) {
        int inner = weights.scales().length == 1 ? 1 : Extents.strides(weights.shape())[weights.axis()];
        long[] codes = new long[weights.codes().length];
        for (int i = 0; i < codes.length; i++) {
            long zero = zeros[zeros.length == 1 ? 0 : i / inner % zeros.length];
            codes[i] = Math.max(lowest, Math.min(highest, weights.codes()[i] + zero)) - zero;
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, highest - lowest));
        return coded(weights.shape(), codes, Math.min(weights.bits(), Math.max(2, bits)), lowest == -highest,
                weights.scales(), weights.axis());
    }

    /** The greatest sum of magnitudes of an output's codes; outputs come first. */
    public static long greatestSum(Constant.Coded weights) {
        int each = weights.codes().length / Math.max(1, weights.shape().getFirst());
        long greatest = 0;
        long sum = 0;
        for (int i = 0; i < weights.codes().length; i++) {
            sum = (i % each == 0 ? 0 : sum) + Math.abs(weights.codes()[i]);
            greatest = Math.max(greatest, sum);
        }
        return greatest;
    }
}
