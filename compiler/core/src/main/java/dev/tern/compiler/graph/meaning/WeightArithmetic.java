package dev.tern.compiler.graph.meaning;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;

/**
 * Float weights [out, ...] to codes and scales. Means are sums in double, ascending, divided in double and rounded
 * once to f32; comparisons and the division by a scale are in f32.
 */
final class WeightArithmetic {
    private static final double TWN_FACTOR = 0.7;
    private static final float SMALLEST_ABSMEAN = 1e-5f;

    private WeightArithmetic() {
    }

    static Tensor.Integers codes(WeightScheme scheme, Part part, Tensor.Floats weights) {
        float[] w = weights.values();
        int[] codes = new int[w.length];
        for (Group group : Group.of(weights, scheme.scale())) {
            Coder coder = coder(scheme, group);
            for (int i = group.start; i < group.end; i++) {
                codes[i] = part(part, coder.code(w[i]));
            }
        }
        return new Tensor.Integers(weights.shape(), codes);
    }

    /** One scale per output channel, or a scalar. */
    static Tensor.Floats scale(WeightScheme scheme, Part part, Tensor.Floats weights) {
        if (scheme.scale() instanceof ScaleGranularity.None) {
            return Tensor.scalar(1f);
        }
        Group[] groups = Group.of(weights, scheme.scale());
        float[] scales = new float[groups.length];
        for (int g = 0; g < groups.length; g++) {
            scales[g] = scale(scheme, part, groups[g]);
        }
        boolean perChannel = scheme.scale() instanceof ScaleGranularity.PerChannel;
        return new Tensor.Floats(perChannel ? Shape.of(scales.length) : Shape.scalar(), scales);
    }

    private static int part(Part part, int code) {
        return switch (part) {
            case ALL -> code;
            case POSITIVE -> Math.max(code, 0);
            case NEGATIVE -> Math.min(code, 0);
        };
    }

    /** The code of one weight, its group's statistics being known. */
    private interface Coder {
        int code(float w);
    }

    private static Coder coder(WeightScheme scheme, Group group) {
        return switch (scheme) {
            case WeightScheme.Binary binary -> w -> w >= 0 ? 1 : -1;
            case WeightScheme.Ternary(TernaryRule.AbsMean rule, var scale) -> {
                float divisor = divisor(scheme, group);
                yield w -> nearest(w, divisor, 1);
            }
            case WeightScheme.Ternary ternary -> {
                float threshold = group.threshold(ternary.rule());
                yield w -> Math.abs(w) <= threshold ? 0 : w > 0 ? 1 : -1;
            }
            case WeightScheme.Integer integer -> {
                float divisor = divisor(scheme, group);
                yield w -> nearest(w, divisor, highest(integer));
            }
            case WeightScheme.Asymmetric asymmetric -> {
                Grid grid = grid(asymmetric);
                float divisor = scale(scheme, Part.ALL, group);
                int zero = RangeArithmetic.zero(grid, group.lowest(), divisor);
                yield w -> RangeArithmetic.code(w, divisor, zero, grid) - zero;
            }
            case WeightScheme.Floating floating -> throw new IllegalArgumentException("float weights have no codes");
        };
    }

    /** {@code clamp(rint(w / scale), -limit, limit)}. */
    private static int nearest(float w, float scale, int limit) {
        float quotient = w / scale;
        return (int) Math.max(-limit, Math.min(limit, Math.rint(quotient)));
    }

    /** What weights are divided by: the scale, or 1 where the scheme has none. */
    private static float divisor(WeightScheme scheme, Group group) {
        return scheme.scale() instanceof ScaleGranularity.None ? 1 : scale(scheme, Part.ALL, group);
    }

    private static float scale(WeightScheme scheme, Part part, Group group) {
        return switch (scheme) {
            case WeightScheme.Binary binary -> (float) group.meanMagnitude();
            case WeightScheme.Ternary(TernaryRule.AbsMean rule, var scale) ->
                Math.max((float) group.meanMagnitude(), SMALLEST_ABSMEAN);
            case WeightScheme.Ternary ternary -> group.meanBeyond(group.threshold(ternary.rule()), part);
            case WeightScheme.Integer integer -> {
                float greatest = group.greatestMagnitude();
                yield greatest == 0 ? 1 : greatest / highest(integer);
            }
            case WeightScheme.Asymmetric asymmetric ->
                RangeArithmetic.scale(grid(asymmetric), group.lowest(), group.highest());
            case WeightScheme.Floating floating -> throw new IllegalArgumentException("float weights have no scale");
        };
    }

    /** The greatest code of the narrow symmetric grid. */
    private static int highest(WeightScheme.Integer scheme) {
        return (1 << scheme.bits() - 1) - 1;
    }

    private static Grid grid(WeightScheme.Asymmetric scheme) {
        return new Grid(new ElementType.Code(scheme.bits(), false), Grid.Rule.MINMAX);
    }

    /** Weights start (inclusive) to end (exclusive) that share their statistics. */
    private record Group(float[] weights, int start, int end) {
        /** Output channels where scales are per channel or there are none, else the whole tensor. */
        static Group[] of(Tensor.Floats weights, ScaleGranularity scale) {
            int count = switch (scale) {
                case ScaleGranularity.PerChannel channel -> weights.shape().dimension(0);
                case ScaleGranularity.None none -> weights.shape().dimension(0);
                case ScaleGranularity.PerTensor tensor -> 1;
                case ScaleGranularity.Group group -> throw new IllegalArgumentException("scales of groups");
            };
            int size = weights.values().length / count;
            Group[] groups = new Group[count];
            for (int i = 0; i < count; i++) {
                groups[i] = new Group(weights.values(), i * size, (i + 1) * size);
            }
            return groups;
        }

        double meanMagnitude() {
            double sum = 0;
            for (int i = start; i < end; i++) {
                sum += Math.abs((double) weights[i]);
            }
            return sum / (end - start);
        }

        float greatestMagnitude() {
            float greatest = 0;
            for (int i = start; i < end; i++) {
                greatest = Math.max(greatest, Math.abs(weights[i]));
            }
            return greatest;
        }

        float lowest() {
            float lowest = weights[start];
            for (int i = start + 1; i < end; i++) {
                lowest = Math.min(lowest, weights[i]);
            }
            return lowest;
        }

        float highest() {
            float highest = weights[start];
            for (int i = start + 1; i < end; i++) {
                highest = Math.max(highest, weights[i]);
            }
            return highest;
        }

        float threshold(TernaryRule rule) {
            return switch (rule) {
                case TernaryRule.Twn twn -> (float) (TWN_FACTOR * meanMagnitude());
                case TernaryRule.Ttq(float p) -> (float) ((double) p * greatestMagnitude());
                case TernaryRule.Threshold(float v) -> (float) ((double) v * greatestMagnitude());
                case TernaryRule.AbsMean mean -> throw new IllegalArgumentException("absmean has no threshold");
            };
        }

        /** The mean magnitude of the weights of one sign (or both) beyond a threshold; 0 where there is none. */
        float meanBeyond(float threshold, Part part) {
            double sum = 0;
            int count = 0;
            for (int i = start; i < end; i++) {
                boolean wanted = switch (part) {
                    case ALL -> true;
                    case POSITIVE -> weights[i] > 0;
                    case NEGATIVE -> weights[i] < 0;
                };
                if (wanted && Math.abs(weights[i]) > threshold) {
                    sum += Math.abs((double) weights[i]);
                    count++;
                }
            }
            return count == 0 ? 0 : (float) (sum / count);
        }
    }
}
