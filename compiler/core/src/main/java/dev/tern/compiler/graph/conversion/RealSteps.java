package dev.tern.compiler.graph.conversion;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.Optional;

/**
 * What is done to a value element by element, per channel: {@code clamp(factors[c] * start + shifts[c], low, high)}.
 *
 * @param factors one for all, or one per channel
 * @param shifts as many
 */
record RealSteps(ValueId start, double[] factors, double[] shifts, double low, double high) {
    private static final float ROUNDING = 0x1p22f;

    /** The longest such chain that ends in a value. */
    static RealSteps of(ValueId end, IntegerValues values) {
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        ValueId at = end;
        while (true) {
            Operation operation = values.operation(at);
            double least;
            double greatest;
            if (operation instanceof Operation.Activation(ElementFunction function, ValueId x)
                    && function.equals(ElementFunction.RELU)) {
                least = 0;
                greatest = Double.POSITIVE_INFINITY;
                at = x;
            } else if (operation instanceof Operation.Clip clip) {
                least = clip.low();
                greatest = clip.high();
                at = clip.x();
            } else {
                break;
            }
            // What is clamped first is clamped again by the bounds so far.
            double newLow = Math.clamp(least, low, high);
            high = Math.clamp(greatest, low, high);
            low = newLow;
        }
        RealSteps steps = new RealSteps(at, new double[]{1}, new double[]{0}, low, high);
        Optional<RealSteps> before = steps.before(values);
        while (before.isPresent()) {
            steps = before.get();
            before = steps.before(values);
        }
        return steps;
    }

    /** The same with one more step, if what it starts with is one. */
    private Optional<RealSteps> before(IntegerValues values) {
        return switch (values.operation(start)) {
            case Operation.Affine(ValueId x, ValueId scale, ValueId shift) -> values.reals(scale)
                    .flatMap(a -> values.reals(shift).map(b -> after(x, a, b)));
            case Operation.Elementwise(BinaryFunction function, ValueId left, ValueId right) ->
                withConstant(function, left, right, values);
            case Operation.Rescale(ValueId x, Optional<ValueId> scale, Optional<ValueId> weights) when values
                    .isInteger(x) -> {
                Optional<float[]> a = scale.map(values::reals).orElse(Optional.of(new float[]{1}));
                Optional<float[]> w = weights.map(values::reals).orElse(Optional.of(new float[]{1}));
                yield a.filter(one -> one.length == 1).flatMap(one -> w.map(all -> {
                    RealSteps scaled = after(x, all, new float[]{0});
                    return scaled.after(x, one, new float[]{0});
                }));
            }
            default -> Optional.empty();
        };
    }

    private Optional<RealSteps> withConstant(BinaryFunction function, ValueId left, ValueId right,
            IntegerValues values) {
        Optional<float[]> constant = values.perChannel(right, start);
        ValueId x = left;
        if (constant.isEmpty() && function != BinaryFunction.SUBTRACT && function != BinaryFunction.DIVIDE) {
            constant = values.perChannel(left, start);
            x = right;
        }
        ValueId other = x;
        return constant.filter(_ -> values.alike(other, start)).filter(numbers -> !rounds(numbers)).flatMap(
                numbers -> switch (function) {
                    case ADD -> Optional.of(after(other, new float[]{1}, numbers));
                    case SUBTRACT -> Optional.of(after(other, new float[]{1}, map(numbers, v -> -v)));
                    case MULTIPLY -> Optional.of(after(other, numbers, new float[]{0}));
                    case DIVIDE -> Optional.of(after(other, map(numbers, v -> 1 / v), new float[]{0}));
                    default -> Optional.empty();
                });
    }

    /** What is so great leaves no places behind the point when it is added. */
    private static boolean rounds(float[] summands) {
        for (float summand : summands) {
            if (Math.abs(summand) >= ROUNDING) {
                return true;
            }
        }
        return false;
    }

    private interface OfNumber {
        float of(float value);
    }

    private static float[] map(float[] values, OfNumber function) {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.of(values[i]);
        }
        return result;
    }

    /** These steps after {@code a[c] * x + b[c]}. */
    private RealSteps after(ValueId x, float[] a, float[] b) {
        int count = Math.max(factors.length, Math.max(a.length, b.length));
        double[] newFactors = new double[count];
        double[] newShifts = new double[count];
        for (int c = 0; c < count; c++) {
            double factor = factors[factors.length == 1 ? 0 : c];
            newFactors[c] = factor * a[a.length == 1 ? 0 : c];
            newShifts[c] = factor * b[b.length == 1 ? 0 : c] + shifts[shifts.length == 1 ? 0 : c];
        }
        return new RealSteps(x, newFactors, newShifts, low, high);
    }

    /** Whether nothing is done. */
    boolean none() {
        return factors.length == 1 && factors[0] == 1 && shifts[0] == 0 && !bounded();
    }

    boolean bounded() {
        return low > Double.NEGATIVE_INFINITY || high < Double.POSITIVE_INFINITY;
    }
}
