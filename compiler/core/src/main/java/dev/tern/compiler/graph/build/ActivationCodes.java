package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.Optional;

/** Quantizers as they are written into a graph. */
public final class ActivationCodes {
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
        return new Codes(codes, Optional.empty(), Optional.empty(), Optional.of(scale));
    }

    /** On a grid of known scale and zero point. */
    public Codes fixed(ValueId x, Grid grid, float scale, int zero) {
        Codes stored = stored(x, scale, zero);
        return new Codes(out.add(new Operation.Quantize(x, stored.scale().orElseThrow(), stored.zero(), grid)),
                stored.scale(), stored.zero());
    }

    /** Codes that are there already, an input's for instance, and what they stand for. */
    public Codes stored(ValueId codes, float scale, int zero) {
        return new Codes(codes, Optional.of(out.constant(Tensor.scalar(scale))),
                zero == 0 ? Optional.empty() : Optional.of(out.constant(Tensor.scalar(zero))));
    }

    /** Codes as reals; reals as they are. */
    public ValueId reals(Codes codes) {
        if (out.type(codes.id()).element() instanceof ElementType.F32) {
            return codes.id();
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
