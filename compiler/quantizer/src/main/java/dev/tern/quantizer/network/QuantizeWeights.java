package dev.tern.quantizer.network;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import java.util.Arrays;

/**
 * Weights [out, ...] rounded to codes, and the scales that these are multiplied by later; the gradient of the reals
 * that they stand for passes straight through to the latent weights (BinaryConnect, Courbariaux et al. 2015; Ternary
 * Weight Networks, Li et al. 2016).
 */
final class QuantizeWeights implements Quantizing {
    private final Signal latent;
    private final Signal codes;
    private final Signal scale;
    private final WeightScheme scheme;
    private final Part part;
    private final int groupLength;
    private boolean on = true;

    /**
     * @param scale one number for all, or one for each output channel
     * @param scheme with a scale per channel, per tensor or none
     * @param part which weights are not 0: those of one sign have a scale of their own
     */
    QuantizeWeights(Signal latent, Signal codes, Signal scale, WeightScheme scheme, Part part) {
        this.latent = latent;
        this.codes = codes;
        this.scale = scale;
        this.scheme = scheme;
        this.part = part;
        boolean together = scheme.scale() instanceof ScaleGranularity.PerTensor;
        this.groupLength = together ? latent.size : latent.size / latent.shape.dimension(0);
    }

    @Override
    public void quantize(boolean switchedOn) {
        on = switchedOn;
    }

    @Override
    public void forward(Mode mode) {
        if (!on) {
            passOn();
            return;
        }
        switch (scheme) {
            case WeightScheme.Binary(_) -> threshold(_ -> -1f);
            case WeightScheme.Ternary(TernaryRule.Twn(), _) -> {
                sign();
                double[] sums = MagnitudeSums.of(codes.value, latent.value, groupLength);
                threshold(group -> (float) (0.7 * (sums[group] / groupLength)));
            }
            case WeightScheme.Ternary(TernaryRule.Threshold(float v), _) ->
                threshold(group -> (float) ((double) v * greatestMagnitude(group)));
            case WeightScheme.Ternary(TernaryRule.Ttq(float p), _) ->
                threshold(group -> (float) ((double) p * greatestMagnitude(group)));
            case WeightScheme.Ternary(TernaryRule.AbsMean(), _) -> {
                sign();
                double[] sums = MagnitudeSums.of(codes.value, latent.value, groupLength);
                round(group -> Math.max((float) (sums[group] / groupLength), 1e-5f), 1);
            }
            case WeightScheme.Integer(int bits, _) -> {
                int highest = (1 << bits - 1) - 1;
                round(group -> {
                    float greatest = greatestMagnitude(group);
                    return greatest == 0 ? 1f : greatest / highest;
                }, highest);
            }
            case WeightScheme.Asymmetric(int bits, _) -> shift(new Grid(new ElementType.Code(bits, false),
                    Grid.Rule.MINMAX));
            case WeightScheme.Floating() -> {
                System.arraycopy(latent.value, 0, codes.value, 0, latent.size);
                Arrays.fill(scale.value, 1f);
            }
        }
    }

    private void passOn() {
        for (int i = 0; i < latent.size; i++) {
            codes.value[i] = belongs(latent.value[i]) ? latent.value[i] : 0f;
        }
        Arrays.fill(scale.value, 1f);
    }

    private boolean unscaled() {
        return scheme.scale() instanceof ScaleGranularity.None;
    }

    /** A number for each group of weights. */
    private interface OfGroup {
        float of(int group);
    }

    /** The sign of every weight, +1 for 0: without branches, which could not be foretold. */
    private void sign() {
        float[] w = latent.value;
        float[] c = codes.value;
        for (int i = 0; i < c.length; i++) {
            float sign = Math.signum(w[i]);
            c[i] = sign + (1 - Math.abs(sign));
        }
    }

    /**
     * Code 0 up to a threshold, the sign above it; a threshold under 0 leaves no zeros. The scale is the mean of the
     * magnitudes above.
     */
    private void threshold(OfGroup thresholds) {
        float[] limits = new float[latent.size / groupLength];
        for (int group = 0; group < limits.length; group++) {
            limits[group] = thresholds.of(group);
        }
        sign();
        int[] counts = new int[limits.length];
        for (int group = 0; group < limits.length; group++) {
            cut(latent.value, codes.value, group * groupLength, (group + 1) * groupLength, limits[group]);
            keepPart(codes.value, group * groupLength, (group + 1) * groupLength);
            counts[group] = count(codes.value, group * groupLength, (group + 1) * groupLength);
        }
        double[] sums = MagnitudeSums.of(codes.value, latent.value, groupLength);
        for (int group = 0; group < limits.length; group++) {
            store(group, unscaled() ? 1f : counts[group] == 0 ? 0f : (float) (sums[group] / counts[group]));
        }
    }

    private void store(int group, float unit) {
        scale.value[scale.size == 1 ? 0 : group] = unit;
    }

    private static void cut(float[] w, float[] codes, int from, int to, float threshold) {
        for (int i = from; i < to; i++) {
            // A product of 0 may be -0, and a sum of it and 0 is 0.
            codes[i] = codes[i] * Math.signum(Math.max(Math.abs(w[i]) - threshold, 0)) + 0f;
        }
    }

    private void keepPart(float[] codes, int from, int to) {
        switch (part) {
            case ALL -> {
                // All are kept.
            }
            case POSITIVE -> {
                for (int i = from; i < to; i++) {
                    codes[i] = Math.max(codes[i], 0);
                }
            }
            case NEGATIVE -> {
                for (int i = from; i < to; i++) {
                    codes[i] = Math.min(codes[i], 0);
                }
            }
        }
    }

    private static int count(float[] codes, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += (int) Math.abs(codes[i]);
        }
        return count;
    }

    private void round(OfGroup divisors, int highest) {
        for (int group = 0; group * groupLength < latent.size; group++) {
            float divisor = unscaled() ? 1f : divisors.of(group);
            for (int i = group * groupLength; i < (group + 1) * groupLength; i++) {
                codes.value[i] = (float) Math.clamp(Math.rint(latent.value[i] / divisor), -highest, highest);
            }
            store(group, divisor);
        }
    }

    /** On the grid of their range, less the zero point. */
    private void shift(Grid grid) {
        for (int from = 0; from < latent.size; from += groupLength) {
            float lowest = latent.value[from];
            float highest = latent.value[from];
            for (int i = from + 1; i < from + groupLength; i++) {
                lowest = Math.min(lowest, latent.value[i]);
                highest = Math.max(highest, latent.value[i]);
            }
            float unit = RangeArithmetic.scale(grid, lowest, highest);
            int zero = RangeArithmetic.zero(grid, lowest, unit);
            for (int i = from; i < from + groupLength; i++) {
                codes.value[i] = RangeArithmetic.code(latent.value[i], unit, zero, grid) - zero;
            }
            store(from / groupLength, unit);
        }
    }

    private boolean belongs(float w) {
        return switch (part) {
            case ALL -> true;
            case POSITIVE -> w > 0;
            case NEGATIVE -> w <= 0;
        };
    }

    private float greatestMagnitude(int group) {
        float greatest = 0;
        for (int i = group * groupLength; i < (group + 1) * groupLength; i++) {
            greatest = Math.max(greatest, Math.abs(latent.value[i]));
        }
        return greatest;
    }

    @Override
    public void backward() {
        for (int group = 0; latent.isDifferentiable() && group * groupLength < latent.size; group++) {
            float unit = scale.value[scale.size == 1 ? 0 : group];
            float inverse = unit > 0 ? 1 / unit : 0;
            pass(latent.gradient, codes.gradient, inverse, group * groupLength, (group + 1) * groupLength);
        }
    }

    private void pass(float[] dw, float[] dc, float inverse, int from, int to) {
        if (part == Part.ALL) {
            for (int i = from; i < to; i++) {
                dw[i] += dc[i] * inverse;
            }
            return;
        }
        for (int i = from; i < to; i++) {
            dw[i] += belongs(latent.value[i]) ? dc[i] * inverse : 0;
        }
    }
}
