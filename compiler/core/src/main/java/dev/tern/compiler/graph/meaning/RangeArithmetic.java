package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.formula.Formula.abs;
import static dev.tern.compiler.graph.formula.Formula.max;
import static dev.tern.compiler.graph.formula.Formula.min;
import static dev.tern.compiler.graph.formula.Formula.minus;
import static dev.tern.compiler.graph.formula.Formula.negated;
import static dev.tern.compiler.graph.formula.Formula.of;
import static dev.tern.compiler.graph.formula.Formula.over;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.formula.Arithmetic;
import dev.tern.compiler.graph.formula.Formula;
import java.util.List;

/** The scale and the zero point that a range of reals asks for on a grid; every step in f32. */
public final class RangeArithmetic {
    private static final double SMALLEST_ABSMAX = 1e-5;
    private static final Formula LOW = new Formula.Variable(0);
    private static final Formula HIGH = new Formula.Variable(1);
    private static final Formula SCALE = new Formula.Variable(1);
    private static final Formula ZERO = of(0);
    private static final Formula MAGNITUDE = max(max(abs(LOW), abs(HIGH)), of(SMALLEST_ABSMAX));
    private static final Formula WIDTH = minus(max(HIGH, ZERO), min(LOW, ZERO));
    /** A range that holds nothing but 0, or vanishes in f32, takes any scale. */
    private static final Formula ONE_FOR_ZERO = new Formula.Choice(Formula.Comparison.EQUAL, Formula.X, ZERO, of(1),
            Formula.X);

    private RangeArithmetic() {
    }

    /**
     * Whether a range known at compile time can be told apart by the codes of a grid: its step, before 1 takes the
     * place of 0, is a finite number above 0. A range that holds nothing but 0 has no need of one.
     */
    public static boolean fits(Grid grid, float low, float high) {
        float step = step(grid, low, high);
        return Float.isFinite(step) && (step > 0 || low == 0 && high == 0);
    }

    /** The distance of neighbouring codes as the range alone would have it: 0 where it vanishes in f32. */
    public static float step(Grid grid, float low, float high) {
        return distance(grid, Arithmetic.F32, low, high);
    }

    /** The distance of neighbouring codes. */
    public static float scale(Grid grid, float low, float high) {
        return scale(grid, Arithmetic.F32, low, high);
    }

    /** The same in the terms of any arithmetic of f32. */
    public static <V> V scale(Grid grid, Arithmetic<V> arithmetic, V low, V high) {
        V step = distance(grid, arithmetic, low, high);
        return switch (grid.rule()) {
            case ABSMAX, GIVEN -> step;
            case MINMAX -> ONE_FOR_ZERO.in(arithmetic, List.of(arithmetic.kept(step)));
        };
    }

    private static <V> V distance(Grid grid, Arithmetic<V> arithmetic, V low, V high) {
        Formula distance = switch (grid.rule()) {
            case ABSMAX -> over(MAGNITUDE, of(grid.highest()));
            case MINMAX -> over(WIDTH, of((1 << grid.code().bits()) - 1));
            case GIVEN -> throw new IllegalArgumentException("no range gives the scale of " + grid);
        };
        return distance.in(arithmetic, List.of(low, high));
    }

    /** The code that stands for 0. @param scale that of the range */
    public static int zero(Grid grid, float low, float scale) {
        return Quantizers.saturate(unroundedZero(Arithmetic.F32, low, scale), 0, grid);
    }

    /** The real that is rounded, half to even, and saturated to make the zero point. */
    public static <V> V unroundedZero(Arithmetic<V> arithmetic, V low, V scale) {
        return over(negated(min(LOW, ZERO)), SCALE).in(arithmetic, List.of(low, scale));
    }

    /** The code of a real: {@code clamp(rint(x / scale) + zero)}. */
    public static int code(float x, float scale, int zero, Grid grid) {
        return Quantizers.saturate(x / scale, zero, grid);
    }
}
