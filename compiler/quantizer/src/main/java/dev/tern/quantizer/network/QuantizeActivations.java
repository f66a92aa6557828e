package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;
import dev.tern.quantizer.network.ActivationQuantizer.Dynamic;
import dev.tern.quantizer.network.ActivationQuantizer.Fixed;
import dev.tern.quantizer.network.ActivationQuantizer.Sign;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;
import dev.tern.quantizer.network.ActivationQuantizer.Ternary;
import java.util.Arrays;

/**
 * Activations rounded to codes less their zero point, and the scale that these are multiplied by later. The gradient
 * passes straight through where the quantizer does not saturate and is 0 where it does (Bengio et al. 2013; for sign,
 * {@code |x| <= 1}, Hubara et al. 2016).
 *
 * <p>Where the range is measured, the least and the greatest value get the range's gradient beside their own: a range
 * that grows by a share of itself moves what was rounded by that share of the rounding errors (as LSQ has it, Esser et
 * al. 2020). Without it nothing holds outliers back, and all others are left fewer and fewer codes.
 */
final class QuantizeActivations implements Quantizing {
    private final Signal input;
    private final Signal codes;
    private final Signal scale;
    private final ActivationQuantizer quantizer;
    private final float passFrom;
    private final float passTo;
    private boolean on = true;
    private SignGradient signGradient = SignGradient.CLIP;

    /** @param scale one number for each example, or for each row of its last axis; 1 for codes without a scale */
    QuantizeActivations(Signal input, Signal codes, Signal scale, ActivationQuantizer quantizer) {
        this.input = input;
        this.codes = codes;
        this.scale = scale;
        this.quantizer = quantizer;
        this.passFrom = switch (quantizer) {
            case Sign(),Ternary(_) -> -1f;
            case Fixed(Steps steps) -> steps.leastValue();
            case Dynamic(_, _) -> Float.NEGATIVE_INFINITY;
        };
        this.passTo = switch (quantizer) {
            case Sign(),Ternary(_) -> 1f;
            case Fixed(Steps steps) -> steps.greatestValue();
            case Dynamic(_, _) -> Float.POSITIVE_INFINITY;
        };
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
        float[] x = input.value;
        int length = x.length / scale.value.length;
        for (int group = 0; group < scale.value.length; group++) {
            int from = group * length;
            int to = from + length;
            scale.value[group] = switch (quantizer) {
                case Sign() -> signs(x, codes.value);
                case Ternary(float t) -> ternary(x, codes.value, t);
                case Fixed(Steps steps) -> steps.round(x, codes.value, from, to);
                case Dynamic dynamic -> measure(from, to, dynamic).round(x, codes.value, from, to);
            };
        }
    }

    /** {@code x >= 0 ? 1 : -1}, without a branch, which could not be foretold. */
    private static float signs(float[] x, float[] codes) {
        for (int i = 0; i < codes.length; i++) {
            float sign = Math.signum(x[i]);
            codes[i] = sign + (1 - Math.abs(sign));
        }
        return 1;
    }

    /** {@code x > t ? 1 : x < -t ? -1 : 0}. */
    private static float ternary(float[] x, float[] codes, float t) {
        for (int i = 0; i < codes.length; i++) {
            codes[i] = Math.signum(Math.max(x[i] - t, 0)) + Math.signum(Math.min(x[i] + t, 0));
        }
        return 1;
    }

    /** What stands for the gradient of the sign from now on. */
    void signGradient(SignGradient gradient) {
        signGradient = gradient;
    }

    /** In the place of signs the function whose gradient they borrow. */
    private void passOn() {
        boolean signs = quantizer instanceof Sign || quantizer instanceof Ternary;
        for (int i = 0; i < input.value.length; i++) {
            float x = input.value[i];
            codes.value[i] = signs ? Math.min(Math.max(x, -1), 1) : x;
        }
        Arrays.fill(scale.value, 1f);
    }

    private Steps measure(int from, int to, Dynamic dynamic) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            low = Math.min(low, input.value[i]);
            high = Math.max(high, input.value[i]);
        }
        return Steps.of(dynamic.grid(), low, high);
    }

    @Override
    public void backward() {
        if (!input.isDifferentiable()) {
            return;
        }
        if (on && quantizer instanceof Sign) {
            signGradient.pass(input.value, codes.gradient, input.gradient);
            return;
        }
        boolean all = quantizer instanceof Dynamic || !on && quantizer instanceof Fixed;
        int length = input.value.length / scale.value.length;
        for (int group = 0; group < scale.value.length; group++) {
            float inverse = 1 / scale.value[group];
            int from = group * length;
            if (all) {
                passAll(input.gradient, codes.gradient, inverse, from, from + length);
                if (on && quantizer instanceof Dynamic(Grid grid, _)) {
                    passToRange(grid, scale.value[group], from, from + length);
                }
            } else {
                passInside(input.value, input.gradient, codes.gradient, inverse, from, from + length);
            }
        }
    }

    private static void passAll(float[] dx, float[] dy, float inverse, int from, int to) {
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * inverse;
        }
    }

    /**
     * The gradient of a measured range, to the values that it is the range of. A code less its zero point times the
     * scale is the real that it stands for, up to the zero point's rounding.
     */
    private void passToRange(Grid grid, float scale, int from, int to) {
        float[] x = input.value;
        double sum = 0;
        int least = from;
        int greatest = from;
        for (int i = from; i < to; i++) {
            sum += codes.gradient[i] * ((double) codes.value[i] - x[i] / scale);
            least = x[i] < x[least] ? i : least;
            greatest = x[i] > x[greatest] ? i : greatest;
        }
        switch (grid.rule()) {
            case MINMAX, GIVEN -> {
                double width = Math.max(x[greatest], 0) - Math.min(x[least], 0);
                double relative = width > 0 ? sum / width : 0;
                if (x[least] < 0) {
                    input.gradient[least] -= (float) relative;
                }
                if (x[greatest] > 0) {
                    input.gradient[greatest] += (float) relative;
                }
            }
            case ABSMAX -> {
                int outermost = Math.abs(x[greatest]) >= Math.abs(x[least]) ? greatest : least;
                if (Math.abs(x[outermost]) > 1e-5f) {
                    input.gradient[outermost] += (float) (sum / x[outermost]);
                }
            }
        }
    }

    /** Where the value is within {@code passFrom..passTo}. */
    private void passInside(float[] x, float[] dx, float[] dy, float inverse, int from, int to) {
        float low = passFrom;
        float high = passTo;
        for (int i = from; i < to; i++) {
            float clipped = Math.min(Math.max(x[i], low), high);
            dx[i] += dy[i] * inverse * Line.same(x[i], clipped);
        }
    }
}
