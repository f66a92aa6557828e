package dev.tern.importers.network;

import java.util.List;

/**
 * What a node computes. Operands are the node's inputs; axes are those of the file, batch included, counted from 0.
 * Weights are [out, ...spatial, in / groups] whatever the file's layout is.
 */
public sealed interface NetworkOp {
    /** Where an op with spatial axes has its channels: axis 1, or the last. Axis 0 is the batch. */
    enum Layout {
        CHANNELS_FIRST, CHANNELS_LAST;

        public int channelAxis(int rank) {
            return this == CHANNELS_FIRST ? 1 : rank - 1;
        }

        /** The first spatial axis. */
        public int firstSpatial() {
            return this == CHANNELS_FIRST ? 2 : 1;
        }
    }

    // Functions of elements

    /** A function of each element; what {@code alpha} and {@code beta} are depends on the function. */
    record Unary(Function function, float alpha, float beta) implements NetworkOp {
        public Unary(Function function) {
            this(function, 0, 0);
        }

        /** The functions, with x the element. */
        public enum Function {
            RELU, SIGMOID, TANH, SILU, GELU_TANH, GELU_ERF,
            /** x held to alpha..beta, either of which may be infinite. */
            CLIP,
            /** x where it is at least 0, else alpha x. */
            LEAKY_RELU,
            /** x where it is above 0, else alpha (exp(x) - 1). */
            ELU,
            /** beta x where it is above 0, else beta alpha (exp(x) - 1). */
            SELU,
            /** x where it is above 0, else alpha (exp(x / alpha) - 1). */
            CELU,
            /** alpha x + beta held to 0..1. */
            HARD_SIGMOID,
            /** x times {@code x / 6 + 1 / 2} held to 0..1. */
            HARD_SWISH,
            /** x where it is above alpha, else 0. */
            THRESHOLDED_RELU,
            /** x + beta below -alpha, x - beta above alpha, else 0. */
            SHRINK,
            /** log(1 + exp(x)). */
            SOFTPLUS,
            /** x / (1 + abs x). */
            SOFTSIGN,
            /** x tanh(log(1 + exp(x))). */
            MISH, EXP, LOG, SQRT, RECIPROCAL, ABSOLUTE, NEGATE, FLOOR, CEIL,
            /** Halves to even. */
            ROUND, ERF,
            /** -1, 0 or 1. */
            SIGN, SIN, COS, NOT
        }
    }

    /** A function of two elements, with broadcasting. Comparisons and logic give truth values. */
    record Binary(Function function) implements NetworkOp {
        /** The functions. */
        public enum Function {
            ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MINIMUM, MAXIMUM,
            /** Remainder with the sign of the divisor. */
            MODULO, EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, XOR;

            public boolean truth() {
                return compareTo(EQUAL) >= 0;
            }
        }
    }

    /** The second where the first is true, else the third; broadcasting. */
    record Where() implements NetworkOp {
    }

    /** x where it is at least 0, else x times the slope, which is broadcast. */
    record PRelu() implements NetworkOp {
    }

    /** Another kind of element. */
    record Cast(ElementKind kind) implements NetworkOp {
    }

    // Products

    /** As numpy.matmul. */
    record MatMul() implements NetworkOp {
    }

    /**
     * Input, weights [out, ...kernel, in / groups], and optionally a bias [out].
     *
     * @param outside what the padding holds: 0, or of signs +1 or -1
     */
    record Conv(ForeignWindow window, int groups, Layout layout, int outside) implements NetworkOp {
        public Conv(ForeignWindow window, int groups, Layout layout) {
            this(window, groups, layout, 0);
        }
    }

    /**
     * Input, weights [out / groups, ...kernel, in], and optionally a bias [out]: the transpose of a convolution; the
     * padding is cut off the result.
     *
     * @param more how many places the result has besides, at the end of each spatial axis
     */
    record ConvTranspose(ForeignWindow window, int groups, List<Integer> more, Layout layout) implements NetworkOp {
        public ConvTranspose {
            more = List.copyOf(more);
        }
    }

    // Norms: operands after x are constants

    /** Input, gamma, beta, mean, variance. */
    record BatchNorm(int axis, double epsilon) implements NetworkOp {
    }

    /** Input, gamma, and for LAYER a beta, or none of them: each row from an axis on by its own moments, or length. */
    record RowNorm(Kind kind, int axis, double epsilon) implements NetworkOp {
        /** By mean and variance, by the root mean square alone, or by the length, which is at least epsilon. */
        public enum Kind {
            LAYER, RMS, LENGTH
        }
    }

    /** Input, gamma [channels], beta [channels]: each group of channels by its own moments; axis 1 has the channels. */
    record GroupNorm(int groups, double epsilon) implements NetworkOp {
    }

    // Reductions

    /** The greatest or the mean in each window. @param countPadding padding counts as zeros in a mean */
    record Pool(Kind kind, ForeignWindow window, boolean ceil, boolean countPadding, Layout layout)
            implements
                NetworkOp {
        /** What a window comes to. */
        public enum Kind {
            MAX, AVERAGE
        }
    }

    /** Over some axes, which become 1, or go. */
    record Reduce(Kind kind, List<Integer> axes, boolean keep) implements NetworkOp {
        public Reduce {
            axes = List.copyOf(axes);
        }

        /** What the elements come to. */
        public enum Kind {
            SUM, MEAN, MAX, MIN, PRODUCT, ABSOLUTE_SUM, SQUARE_SUM, SQUARE_SUM_ROOT, LOG_SUM, LOG_SUM_EXP
        }
    }

    /** Shares of 1 over an axis, or their logarithms. */
    record Softmax(int axis, boolean logarithm) implements NetworkOp {
    }

    /** The index of the first greatest element of an axis, which becomes 1, or goes. */
    record ArgMax(int axis, boolean keep) implements NetworkOp {
    }

    // Movement

    /** The same elements in the same order. */
    record Reshape(List<Integer> shape) implements NetworkOp {
        public Reshape {
            shape = List.copyOf(shape);
        }
    }

    /** Axis i of the result is axis order[i] of the input. */
    record Transpose(List<Integer> order) implements NetworkOp {
        public Transpose {
            order = List.copyOf(order);
        }
    }

    /** One after the other along an axis. */
    record Concat(int axis) implements NetworkOp {
    }

    /** Elements start, start + step, ... of an axis, so many of them; the step may be negative. */
    record Slice(int axis, int start, int count, int step) implements NetworkOp {
    }

    /** The entries of an axis that integers name; the second input holds them. */
    record Gather(int axis) implements NetworkOp {
    }

    /** So many elements of a value before and after along each axis. */
    record Pad(List<Integer> before, List<Integer> after, float value) implements NetworkOp {
        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** Stretched to a shape. */
    record Expand(List<Integer> shape) implements NetworkOp {
        public Expand {
            shape = List.copyOf(shape);
        }
    }

    /** Rows and columns (the spatial axes) so many times as many. */
    record Upsample(Kind kind, List<Integer> factors, Layout layout) implements NetworkOp {
        public Upsample {
            factors = List.copyOf(factors);
        }

        /** How those between are found; bilinear by half pixels. */
        public enum Kind {
            NEAREST, BILINEAR
        }
    }

    // Quantizers

    /** Reals in, reals on a grid out. */
    sealed interface Quantizer extends NetworkOp {
    }

    /**
     * scale * (clamp(round(x / scale) + zero, lowest, highest) - zero), with one scale and zero point or one for each
     * index of an axis. Of weights a scale may be below zero.
     *
     * @param lowest the least code, with the zero point in it
     * @param zeroFirst the zero point is added before rounding
     */
    record Quantize(float[] scales, long[] zeros, int axis, long lowest, long highest, Rounding rounding,
            boolean zeroFirst) implements Quantizer {
        /** The zero point is added behind rounding. */
        public Quantize(float[] scales, long[] zeros, int axis, long lowest, long highest, Rounding rounding) {
            this(scales, zeros, axis, lowest, highest, rounding, false);
        }

        public Quantize {
            if (scales.length == 0 || zeros.length == 0) {
                throw new ImportProblemException("a quantizer has no scale or zero point");
            }
            for (float scale : scales) {
                if (scale == 0 || !Float.isFinite(scale)) {
                    throw new ImportProblemException("a quantizer has the scale " + scale);
                }
            }
        }

        /** How halves, or everything, are rounded. */
        public enum Rounding {
            HALF_EVEN, HALF_AWAY, HALF_TOWARDS, FLOOR, CEIL, AWAY, TOWARDS
        }
    }

    /** scale where x is at least 0, else -scale. */
    record Binarize(float scale) implements Quantizer {
    }

    /** -1 below -threshold, 1 above it, else 0. */
    record Ternarize(float threshold) implements Quantizer {
    }

    /**
     * Codes by a range that is measured, and back.
     *
     * @param unsigned nothing that is quantized is below zero, so codes are unsigned and have no zero point
     * @param perRow a range for each row of the last axis
     */
    record DynamicQuantize(int bits, Rule rule, boolean unsigned, boolean perRow) implements Quantizer {
        /** How a range becomes a scale. */
        public enum Rule {
            /** ONNX's DynamicQuantizeLinear, at any width: unsigned codes with a zero point. */
            MINMAX,
            /** {@code max(greatest magnitude, 1e-5) / greatest code}; no zero point. */
            ABSMAX
        }
    }

    /**
     * Codes by the scale that a step, the second operand, has in a table, the third, and back; symmetric or unsigned.
     *
     * @param levels how many codes there are
     */
    record StepQuantize(int bits, int levels, boolean unsigned) implements Quantizer {
        /** How many codes the bits have. */
        public int whole() {
            return (1 << bits) - (unsigned ? 0 : 1);
        }
    }

    /** The scale that {@link DynamicQuantize} finds; of use only where products of codes are made real again. */
    record DynamicScale() implements NetworkOp {
    }

    /** The zero point that {@link DynamicQuantize} finds; of use only where products take it off again. */
    record DynamicZero() implements NetworkOp {
    }

    /**
     * {@code scale * (number of thresholds of its channel that are at most x) + bias}; the second input holds the
     * thresholds, [channels or 1, levels], ascending.
     *
     * @param axis of the channels
     */
    record Thresholds(float scale, float bias, int axis) implements Quantizer {
    }

    // Integers alone: reals on a grid in and out, computed on their codes

    /** How a product with a fixed-point factor is rounded: twice, once, or once with a factor of 15 bits. */
    enum FactorRounding {
        DOUBLE, SINGLE, SHORT
    }

    /**
     * A product of codes, with a bias on the accumulator's scale as an optional second input, as codes.
     *
     * @param lowest the least code that it gives
     * @param axis of the channels
     */
    record Requantize(CodeGrid to, int lowest, int highest, FactorRounding rounding, int axis)
            implements
                NetworkOp {
    }

    /** Codes of 16 bits on another grid. */
    record Regrid(CodeGrid from, CodeGrid to, int lowest, int highest, FactorRounding rounding)
            implements
                NetworkOp {
    }

    /** Two tensors of one shape on grids, to a third. */
    record QuantizedBinary(Kind kind, CodeGrid left, CodeGrid right, CodeGrid to, int lowest, int highest,
            boolean single) implements NetworkOp {
        /** The functions. */
        public enum Kind {
            ADD, SUBTRACT, MULTIPLY
        }
    }

    /** The entry of a table at each code; the first is that of the lowest. */
    record CodeTable(CodeGrid from, CodeGrid to, List<Integer> table) implements NetworkOp {
        public CodeTable {
            table = List.copyOf(table);
        }
    }
}
