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
        for (int group = 0; group * groupLength < latent.size; group++) {
            float unit = quantize(group * groupLength, (group + 1) * groupLength);
            scale.value[scale.size == 1 ? 0 : group] = unit;
        }
    }

    private void passOn() {
        for (int i = 0; i < latent.size; i++) {
            codes.value[i] = belongs(latent.value[i]) ? latent.value[i] : 0f;
        }
        Arrays.fill(scale.value, 1f);
    }

    private float quantize(int from, int to) {
        return switch (scheme) {
            case WeightScheme.Binary(_) -> threshold(from, to, -1f);
            case WeightScheme.Ternary(TernaryRule.Twn(), _) ->
                threshold(from, to, (float) (0.7 * meanMagnitude(from, to)));
            case WeightScheme.Ternary(TernaryRule.Threshold(float v), _) ->
                threshold(from, to, (float) ((double) v * greatestMagnitude(from, to)));
            case WeightScheme.Ternary(TernaryRule.Ttq(float p), _) ->
                threshold(from, to, (float) ((double) p * greatestMagnitude(from, to)));
            case WeightScheme.Ternary(TernaryRule.AbsMean(), _) ->
                round(from, to, Math.max((float) meanMagnitude(from, to), 1e-5f), 1);
            case WeightScheme.Integer(int bits, _) -> {
                int highest = (1 << bits - 1) - 1;
                float greatest = greatestMagnitude(from, to);
                yield round(from, to, greatest == 0 ? 1f : greatest / highest, highest);
            }
            case WeightScheme.Asymmetric(int bits, _) -> shifted(from, to,
                    new Grid(new ElementType.Code(bits, false), Grid.Rule.MINMAX));
            case WeightScheme.Floating() -> {
                System.arraycopy(latent.value, from, codes.value, from, to - from);
                yield 1f;
            }
        };
    }

    private boolean unscaled() {
        return scheme.scale() instanceof ScaleGranularity.None;
    }

    /**
     * Code 0 up to a threshold, the sign above it; a threshold under 0 leaves no zeros. Without branches, which could
     * not be foretold. Returns the mean of the magnitudes above, the sum being that of {@code WeightArithmetic}: what
     * is added for the others is 0.
     */
    private float threshold(int from, int to, float threshold) {
        double sum = 0;
        int count = 0;
        for (int i = from; i < to; i++) {
            float w = latent.value[i];
            float magnitude = Math.abs(w);
            int beyond = magnitude > threshold ? 1 : 0;
            beyond &= part == Part.ALL || belongs(w) ? 1 : 0;
            sum += beyond * (double) magnitude;
            count += beyond;
            int negative = Float.floatToRawIntBits(w + 0f) >>> 31;
            codes.value[i] = beyond * (1 - 2 * negative);
        }
        return unscaled() ? 1f : count == 0 ? 0f : (float) (sum / count);
    }

    private float round(int from, int to, float wanted, int highest) {
        float divisor = unscaled() ? 1f : wanted;
        for (int i = from; i < to; i++) {
            codes.value[i] = (float) Math.clamp(Math.rint(latent.value[i] / divisor), -highest, highest);
        }
        return divisor;
    }

    /** On the grid of their range, less the zero point. */
    private float shifted(int from, int to, Grid grid) {
        float lowest = latent.value[from];
        float highest = latent.value[from];
        for (int i = from + 1; i < to; i++) {
            lowest = Math.min(lowest, latent.value[i]);
            highest = Math.max(highest, latent.value[i]);
        }
        float unit = RangeArithmetic.scale(grid, lowest, highest);
        int zero = RangeArithmetic.zero(grid, lowest, unit);
        for (int i = from; i < to; i++) {
            codes.value[i] = RangeArithmetic.code(latent.value[i], unit, zero, grid) - zero;
        }
        return unit;
    }

    private double meanMagnitude(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.abs(latent.value[i]);
        }
        return sum / (to - from);
    }

    private boolean belongs(float w) {
        return switch (part) {
            case ALL -> true;
            case POSITIVE -> w > 0;
            case NEGATIVE -> w <= 0;
        };
    }

    private float greatestMagnitude(int from, int to) {
        float greatest = 0;
        for (int i = from; i < to; i++) {
            greatest = Math.max(greatest, Math.abs(latent.value[i]));
        }
        return greatest;
    }

    @Override
    public void backward() {
        for (int group = 0; latent.isDifferentiable() && group * groupLength < latent.size; group++) {
            float unit = scale.value[scale.size == 1 ? 0 : group];
            float inverse = unit > 0 ? 1 / unit : 0;
            for (int i = group * groupLength; i < (group + 1) * groupLength; i++) {
                boolean passes = part == Part.ALL || belongs(latent.value[i]);
                latent.gradient[i] += passes ? codes.gradient[i] * inverse : 0;
            }
        }
    }
}
