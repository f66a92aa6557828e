package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Optional;

/** Quantizers as they are written into a graph. */
public final class ActivationCodes {
    /** 1.5 * 2^23: what is added, and taken off again, leaves no places behind the point, halves to even. */
    private static final float WHOLE = 0x1.8p23f;

    private final NodeSink out;

    public ActivationCodes(NodeSink out) {
        this.out = out;
    }

    /** +1 or -1. */
    public Codes sign(ValueId x) {
        return Codes.plain(out.add(new Operation.Sign(x)));
    }

    /** +1, 0 or -1. */
    public Codes ternary(ValueId x, float threshold) {
        return Codes.plain(out.add(new Operation.Ternarize(x, threshold)));
    }

    /**
     * On a grid whose scale is measured at each inference. Where x cannot be negative an ABSMAX grid should be
     * unsigned; a
     * MINMAX grid then needs no zero point.
     */
    public Codes measured(ValueId x, Grid grid, boolean perRow) {
        return ranged(x, out.add(new Operation.MeasureRange(x, perRow)), grid, out.nonNegative(x));
    }

    /** On a grid that a range asks for, f32 [2]: a parameter as calibration leaves it. */
    public Codes ranged(ValueId x, ValueId range, Grid grid) {
        return ranged(x, range, grid, false);
    }

    /** @param noZero the zero point is 0 because nothing is negative */
    private Codes ranged(ValueId x, ValueId range, Grid grid, boolean noZero) {
        ValueId scale = out.add(new Operation.RangeScale(range, grid));
        Optional<ValueId> zero = grid.rule() == Grid.Rule.ABSMAX || noZero
                ? Optional.empty()
                : Optional.of(out.add(new Operation.RangeZero(range, grid)));
        return new Codes(out.add(new Operation.Quantize(x, scale, zero, grid)), Optional.of(scale), zero);
    }

    /** On a grid whose scale is an entry of a table, f32 [n]: that of a time step. */
    public Codes stepped(ValueId x, Grid grid, ValueId step, ValueId table) {
        ValueId scale = out.add(new Operation.StepTable(step, table));
        return new Codes(out.add(new Operation.Quantize(x, scale, Optional.empty(), grid)), Optional.of(scale),
                Optional.empty());
    }

    /** On a grid for each channel, without a zero point, that its range asks for. @param ranges f32 [channels, 2] */
    public Codes perChannel(ValueId x, ValueId ranges, Grid grid) {
        ValueId scale = out.add(new Operation.RangeScale(ranges, grid));
        ValueId steps = out.add(new Operation.Elementwise(BinaryFunction.DIVIDE, x, scale));
        ValueId codes = out.add(new Operation.Quantize(steps, out.constant(Tensor.scalar(1f)), Optional.empty(), grid));
        return Codes.ofChannels(codes, scale);
    }

    /** On a grid of known scale and zero point. */
    public Codes fixed(ValueId x, Grid grid, float scale, int zero) {
        Codes stored = stored(x, scale, zero);
        return new Codes(out.add(new Operation.Quantize(x, stored.scale().orElseThrow(), stored.zero(), grid)),
                stored.scale(), stored.zero());
    }

    /**
     * On a grid of known scale and zero point whose codes have 16 bits, in two parts. Quotients are held to the codes
     * and
     * then rounded, which is the same as the codes at the ends are whole; what is subtracted and divided from there on
     * are whole numbers of 17 bits and halves, exact in f32.
     */
    public Codes twoParts(ValueId x, int lowest, int highest, float scale, int zero) {
        ValueId quotient = elementwise(BinaryFunction.DIVIDE, x, scale);
        ValueId held = out.add(new Operation.Clip(quotient, lowest - zero, highest - zero));
        ValueId codes = elementwise(BinaryFunction.ADD, elementwise(BinaryFunction.SUBTRACT, elementwise(
                BinaryFunction.ADD, held, WHOLE), WHOLE), zero);
        boolean signed = lowest < 0;
        int size = 1 << Codes.LOW_BITS;
        // Never half way between two: the upper part is the floor of a code by 256.
        ValueId upper = out.add(new Operation.Quantize(elementwise(BinaryFunction.SUBTRACT, codes, (size - 1) / 2f),
                real(size), Optional.empty(), new Grid(new ElementType.Code(Codes.LOW_BITS, signed), Grid.Rule.GIVEN)));
        ValueId rest = out.add(new Operation.Elementwise(BinaryFunction.SUBTRACT, codes,
                out.add(new Operation.Dequantize(upper, real(size), Optional.empty()))));
        ValueId lower = out.add(new Operation.Quantize(rest, real(1), Optional.empty(),
                new Grid(new ElementType.Code(Codes.LOW_BITS, false), Grid.Rule.GIVEN)));
        return new Codes(upper, Optional.of(real(scale)), whole(Math.floorDiv(zero, size)), Optional.empty(),
                Optional.of(new Codes.LowByte(lower, whole(Math.floorMod(zero, size)), zero)));
    }

    private ValueId elementwise(BinaryFunction function, ValueId x, float y) {
        return out.add(new Operation.Elementwise(function, x, real(y)));
    }

    private ValueId real(float value) {
        return out.constant(Tensor.scalar(value));
    }

    private Optional<ValueId> whole(int zero) {
        return zero == 0 ? Optional.empty() : Optional.of(out.constant(Tensor.scalar(zero)));
    }

    /** Codes of two parts as whole numbers in f32, less their zero point, with their scale. */
    public Codes inReals(Codes codes) {
        ValueId whole = out.add(new Operation.Rescale(integers(codes), Optional.empty(), Optional.empty()));
        return new Codes(whole, codes.scale(), Optional.empty());
    }

    /** Codes of two parts less their zero point, as integers. */
    public ValueId integers(Codes codes) {
        Codes.LowByte low = codes.low().orElseThrow();
        int size = 1 << Codes.LOW_BITS;
        return out.add(new Operation.CombineCodes(false, codes.id(), low.id(),
                new CodeTerm(Math.floorDiv(low.wholeZero(), size), Codes.LOW_BITS, 1, FixedPoint.Rounding.SINGLE),
                new CodeTerm(Math.floorMod(low.wholeZero(), size), 0, 1, FixedPoint.Rounding.SINGLE)));
    }

    public Codes stored(ValueId codes, float scale, int zero) {
        return new Codes(codes, Optional.of(out.constant(Tensor.scalar(scale))),
                zero == 0 ? Optional.empty() : Optional.of(out.constant(Tensor.scalar(zero))));
    }

    /** Codes as reals; reals as they are. */
    public ValueId reals(Codes codes) {
        if (out.type(codes.id()).element() instanceof ElementType.F32) {
            return codes.id();
        }
        if (codes.low().isPresent()) {
            return out.add(new Operation.Rescale(integers(codes), codes.scale(), Optional.empty()));
        }
        if (codes.channelScale().isPresent()) {
            ValueId steps = out.add(new Operation.Rescale(codes.id(), Optional.empty(), Optional.empty()));
            return out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, steps, codes.channelScale().get()));
        }
        return out.add(codes.scale().<Operation>map(
                scale -> new Operation.Dequantize(codes.id(), scale, codes.zero()))
                .orElseGet(() -> new Operation.Rescale(codes.id(), Optional.empty(), Optional.empty())));
    }
}
