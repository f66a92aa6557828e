package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Optional;

/**
 * One element of an epilogue: a function of the value of each channel of a row, or a store of it. Constants have one
 * element, or one per channel. A value is f32 or int (accumulator or code); the verifier knows which where.
 */
public sealed interface Step {
    /** The same step with every id that it names looked up, in the order of its record. */
    Step map(KernelIds ids);

    /** The int to f32, rounded to nearest even. */
    record ToFloat() implements Step {
        @Override
        public ToFloat map(KernelIds ids) {
            return this;
        }
    }

    /** The code less a zero point, an int. */
    record SubtractZero(ZeroSource zero) implements Step {
        @Override
        public SubtractZero map(KernelIds ids) {
            return new SubtractZero(zero.map(ids));
        }
    }

    /** {@code constant[c] * v}. */
    record Multiply(ConstantId factors) implements Step {
        @Override
        public Multiply map(KernelIds ids) {
            return new Multiply(ids.constant(factors));
        }
    }

    /**
     * {@code (scale * weightScale[c]) * v}, or {@code scale * v}: a scale known only at run time.
     *
     * @param scale F32 Plain of one element, or one per row
     */
    record Rescale(BufferId scale, boolean perRow, Optional<ConstantId> weightScale) implements Step {
        @Override
        public Rescale map(KernelIds ids) {
            return new Rescale(ids.read(scale), perRow, weightScale.map(ids::constant));
        }
    }

    /** {@code scale[c] * v + shift[c]}, two roundings. */
    record Affine(ConstantId scale, ConstantId shift) implements Step {
        @Override
        public Affine map(KernelIds ids) {
            return new Affine(ids.constant(scale), ids.constant(shift));
        }
    }

    /** A sum that a {@link FoldKind#SUM} left, divided in double and rounded once: {@code (float) (sum / count)}. */
    record Mean(int count) implements Step {
        @Override
        public Mean map(KernelIds ids) {
            return this;
        }
    }

    /** {@code v op constant[c]}, or {@code constant[c] op v}. */
    record WithConstant(BinaryFunction function, ConstantId constants, boolean constantFirst) implements Step {
        @Override
        public WithConstant map(KernelIds ids) {
            return new WithConstant(function, ids.constant(constants), constantFirst);
        }
    }

    /** {@code v op other}, or {@code other op v}. @param other F32 Plain of what {@code spread} says */
    record WithBuffer(BinaryFunction function, BufferId other, boolean otherFirst, Spread spread) implements Step {
        @Override
        public WithBuffer map(KernelIds ids) {
            return new WithBuffer(function, ids.read(other), otherFirst, spread);
        }
    }

    /**
     * {@code v op (scale * (float) (code - zero))}, or the other way round, with the code at the value's row and
     * channel.
     *
     * @param codes I8 Plain [rows, channels]
     * @param code their type
     */
    record WithCodes(BinaryFunction function, BufferId codes, ElementType.Code code, int zero, float scale,
            boolean codesFirst) implements Step {
        @Override
        public WithCodes map(KernelIds ids) {
            return new WithCodes(function, ids.read(codes), code, zero, scale, codesFirst);
        }
    }

    /** Which element of another buffer meets a value at row and channel. */
    enum Spread {
        /** {@code other[row][channel]}. */
        NONE,
        /** {@code other[channel]}, the same for all rows. */
        OVER_ROWS,
        /** {@code other[row]}, the same for all channels. */
        OVER_CHANNELS
    }

    /** {@code function(v)}, by the function's formula. */
    record Activation(ElementFunction function) implements Step {
        @Override
        public Activation map(KernelIds ids) {
            return this;
        }
    }

    /** {@code v < low ? low : v > high ? high : v}. */
    record Clip(float low, float high) implements Step {
        @Override
        public Clip map(KernelIds ids) {
            return this;
        }
    }

    /** {@code v >= 0 ? v : slope[c] * v}. */
    record PRelu(ConstantId slope) implements Step {
        @Override
        public PRelu map(KernelIds ids) {
            return new PRelu(ids.constant(slope));
        }
    }

    /**
     * {@code base + step * #{j : directions[c] * v >= thresholds[c][j]}}.
     *
     * @param thresholds Ints or Floats (as v is) [channels or 1][levels], or [levels][channels]
     * @param byLevel whether a level's thresholds lie together
     * @param directions Ints [channels or 1], +1 or -1; absent when all are +1
     */
    record Threshold(ConstantId thresholds, int levels, Optional<ConstantId> directions, int base, int step,
            ElementType.Code code, boolean byLevel) implements Step {
        /** The same thresholds, those of a level together. */
        public Threshold byLevel(ConstantId newThresholds, Optional<ConstantId> newDirections) {
            return new Threshold(newThresholds, levels, newDirections, base, step, code, true);
        }

        @Override
        public Threshold map(KernelIds ids) {
            return new Threshold(ids.constant(thresholds), levels, directions.map(ids::constant), base, step, code,
                    byLevel);
        }
    }

    /**
     * {@code clamp(rint(v / scale) + zero, lowest, highest)} with the grid's lowest and highest code: the quotient is
     * f32, rounded to the nearest int, ties to even.
     */
    record Quantize(ScaleSource scale, ZeroSource zero, Grid grid) implements Step {
        @Override
        public Quantize map(KernelIds ids) {
            return new Quantize(scale.map(ids), zero.map(ids), grid);
        }
    }

    /**
     * {@code (float) (code - zero)} of the code that {@link Quantize} makes: what a product of codes multiplies.
     *
     * @param scale of the range of all values, so that none is a NaN where it is above 0 and finite
     */
    record QuantizeToReal(ScaleSource.Measured scale, ZeroSource zero, Grid grid) implements Step {
        @Override
        public QuantizeToReal map(KernelIds ids) {
            return new QuantizeToReal(scale.map(ids), zero.map(ids), grid);
        }
    }

    /**
     * An int or a code to a code, or to an int of another scale, by integers alone, see {@link
     * dev.tern.compiler.graph.Requantization#code}: of {@code v + bias[c]}, the sum wrapping around.
     *
     * @param bias Ints [channels or 1]
     * @param mantissas Ints [channels or 1], of the factors
     * @param shifts Ints [as many], of the factors
     * @param result a code, or an int
     */
    record Requantize(Optional<ConstantId> bias, ConstantId mantissas, ConstantId shifts,
            FixedPoint.Rounding rounding, ValueKind result, int zero, int lowest, int highest) implements Step {
        @Override
        public Requantize map(KernelIds ids) {
            return new Requantize(bias.map(ids::constant), ids.constant(mantissas), ids.constant(shifts), rounding,
                    result, zero, lowest, highest);
        }
    }

    /**
     * {@code table[v - first]}.
     *
     * @param table Ints, an entry for each code from the first on
     * @param entries what the entries are: ints or codes
     */
    record LookUp(ConstantId table, int first, ValueKind entries) implements Step {
        @Override
        public LookUp map(KernelIds ids) {
            return new LookUp(ids.constant(table), first, entries);
        }
    }

    /**
     * {@code v + table[other[row][channel] - first]}, or times that.
     *
     * @param other I8 Plain [rows][channels]
     * @param of the type of its codes
     * @param table Ints, an entry for each code from the first on
     */
    record WithLookUp(boolean product, BufferId other, ElementType.Code of, ConstantId table, int first)
            implements
                Step {
        @Override
        public WithLookUp map(KernelIds ids) {
            return new WithLookUp(product, ids.read(other), of, ids.constant(table), first);
        }
    }

    /**
     * {@code (v << left) + (other[row][channel] << otherLeft) + offset}, of ints or codes: codes on one scale, or on
     * scales that differ by a power of two, added as integers.
     *
     * @param other I8 Plain [rows][channels]
     * @param of the type of its codes
     * @param offset what the zero points of both take away
     */
    record AddShifted(BufferId other, ElementType.Code of, int left, int otherLeft, int offset) implements Step {
        @Override
        public AddShifted map(KernelIds ids) {
            return new AddShifted(ids.read(other), of, left, otherLeft, offset);
        }
    }

    /** {@code clamp(v + zero, lowest, highest)}: an integer on the scale of the code that it becomes. */
    record Saturate(ElementType.Code code, int zero, int lowest, int highest) implements Step {
        @Override
        public Saturate map(KernelIds ids) {
            return this;
        }
    }

    /** {@code v + other[row][channel]}, both ints. @param other I32 Plain [rows][channels] */
    record AddInts(BufferId other) implements Step {
        @Override
        public AddInts map(KernelIds ids) {
            return new AddInts(ids.read(other));
        }
    }

    /** {@code v >= 0 ? 1 : -1}; -0 gives 1, a NaN -1. */
    record Sign() implements Step {
        @Override
        public Sign map(KernelIds ids) {
            return this;
        }
    }

    /** {@code v > threshold ? 1 : v < -threshold ? -1 : 0}. */
    record Ternarize(float threshold) implements Step {
        @Override
        public Ternarize map(KernelIds ids) {
            return this;
        }
    }

    /** Where a quantizer's scale is found. */
    sealed interface ScaleSource {
        /** The same with every id looked up. */
        ScaleSource map(KernelIds ids);

        record Fixed(float value) implements ScaleSource {
            @Override
            public Fixed map(KernelIds ids) {
                return this;
            }
        }

        record Measured(BufferId buffer, boolean perRow) implements ScaleSource {
            @Override
            public Measured map(KernelIds ids) {
                return new Measured(ids.read(buffer), perRow);
            }
        }
    }

    /** Where a quantizer's zero point is found. */
    sealed interface ZeroSource {
        /** The same with every id looked up. */
        ZeroSource map(KernelIds ids);

        record Fixed(int value) implements ZeroSource {
            @Override
            public Fixed map(KernelIds ids) {
                return this;
            }
        }

        record Measured(BufferId buffer, boolean perRow) implements ZeroSource {
            @Override
            public Measured map(KernelIds ids) {
                return new Measured(ids.read(buffer), perRow);
            }
        }
    }

    /** The value goes on unchanged and is also written to a buffer. */
    sealed interface Store extends Step {
        BufferId output();
    }

    /**
     * To a Plain buffer: f32 to F32, int to I32, code to I8; element = row * rowStride + channelOffset + channel.
     */
    record StorePlain(BufferId output, int rowStride, int channelOffset) implements Store {
        @Override
        public StorePlain map(KernelIds ids) {
            return new StorePlain(ids.write(output), rowStride, channelOffset);
        }
    }

    /**
     * Codes to bit planes. When {@code flattened} the output is one row in which this row's channels start at bit
     * row * channels, and the kernel clears the output before its first row; else it has a row for each row.
     */
    record StorePlanes(BufferId output, boolean flattened) implements Store {
        @Override
        public StorePlanes map(KernelIds ids) {
            return new StorePlanes(ids.write(output), flattened);
        }
    }

    /**
     * Values of all rows, f32 or ints, gathered channel by channel: along the channels, so that nothing has to be
     * combined across lanes. The kernel sets the output to where the fold starts before its first row.
     *
     * @param output for SUM I64 Plain [channels], the bits of doubles; for INT_SUM I32 Plain [channels]; for RANGE F32
     * Plain [2 x channels]: the lowest
     *        of each channel, then the highest
     */
    record Fold(FoldKind kind, BufferId output) implements Store {
        @Override
        public Fold map(KernelIds ids) {
            return new Fold(kind, ids.write(output));
        }
    }

    /**
     * The greatest of each {@code rows} rows' values, of which none is below 0, as bits: a NaN is greater than any
     * number. They find the range of all: some numbers, whose greatest is that of their rows and whose others are 0 or
     * more.
     *
     * @param rows none of which is computed at the same time as one of another number
     * @param output F32 Plain [rows of the producer / rows, rounded up][some]
     */
    record Peaks(BufferId output, int rows) implements Store {
        @Override
        public Peaks map(KernelIds ids) {
            return new Peaks(ids.write(output), rows);
        }
    }

    /** What a {@link Fold} keeps of each channel. */
    enum FoldKind {
        /** The sum in double from +0, in the order of the rows. */
        SUM,
        /** The sum of ints. */
        INT_SUM,
        /**
         * The lowest and the highest as {@link Math#min(float, float)} and {@link Math#max(float, float)} find them.
         */
        RANGE
    }
}
