package dev.tern.importers.tflite;

import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.importers.network.CodeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;

/** Tables of what TFLite's kernels make of each code. */
final class FixedPoints {
    private FixedPoints() {
    }

    /** To other codes, as QUANTIZE between codes does, and RELU: times a fixed-point factor, held to a range. */
    static List<Integer> rescaled(CodeGrid from, CodeGrid to, int lowest, int highest, FixedPoint.Rounding rounding) {
        FixedPoint factor = FixedPoint.of((double) from.scale() / to.scale());
        return table(from, code -> Math.max(lowest, Math.min(highest,
                factor.times(code - from.zero(), rounding) + to.zero())));
    }

    /** As LEAKY_RELU does: codes below the zero point by another factor. */
    static List<Integer> leaky(CodeGrid from, CodeGrid to, float slope, FixedPoint.Rounding rounding) {
        FixedPoint above = FixedPoint.of((double) from.scale() / to.scale());
        double below = (double) from.scale() * slope / to.scale();
        FixedPoint magnitude = FixedPoint.of(Math.abs(below));
        return table(from, code -> {
            int value = code - from.zero();
            int scaled = value >= 0
                    ? above.times(value, rounding)
                    : magnitude.times(below < 0 ? -value : value, rounding);
            return to.clamp((double) scaled + to.zero());
        });
    }

    /** A function of reals at every code, in f32 as TFLite fills its look-up tables, halves away from zero. */
    static List<Integer> function(CodeGrid from, CodeGrid to, DoubleUnaryOperator function) {
        float inverse = 1 / to.scale();
        return table(from, code -> {
            float x = from.scale() * (code - from.zero());
            float scaled = (float) function.applyAsDouble(x) * inverse;
            return to.clamp(Math.signum(scaled) * Math.floor(Math.abs(scaled) + 0.5) + to.zero());
        });
    }

    private static List<Integer> table(CodeGrid from, IntUnaryOperator function) {
        List<Integer> table = new ArrayList<>();
        for (int code = from.lowest(); code <= from.highest(); code++) {
            table.add(function.applyAsInt(code));
        }
        return table;
    }
}
