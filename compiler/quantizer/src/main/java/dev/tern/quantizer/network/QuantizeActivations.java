package dev.tern.quantizer.network;

import dev.tern.quantizer.network.ActivationQuantizer.Dynamic;
import dev.tern.quantizer.network.ActivationQuantizer.Fixed;
import dev.tern.quantizer.network.ActivationQuantizer.Sign;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;
import dev.tern.quantizer.network.ActivationQuantizer.Ternary;

/**
 * Activations rounded to the reals that their codes stand for. The gradient passes straight through where the
 * quantizer does not saturate and is 0 where it does (Bengio et al. 2013; for sign, |x| <= 1, Hubara et al. 2016).
 */
final class QuantizeActivations implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final ActivationQuantizer quantizer;
    private final float passFrom;
    private final float passTo;

    QuantizeActivations(Signal input, Signal output, ActivationQuantizer quantizer) {
        this.input = input;
        this.output = output;
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
    public void forward(Mode mode) {
        float[] x = input.value;
        switch (quantizer) {
            case Sign() -> {
                for (int i = 0; i < x.length; i++) {
                    output.value[i] = x[i] >= 0 ? 1f : -1f;
                }
            }
            case Ternary(float t) -> {
                for (int i = 0; i < x.length; i++) {
                    output.value[i] = x[i] > t ? 1f : x[i] < -t ? -1f : 0f;
                }
            }
            case Fixed(Steps steps) -> steps.round(x, output.value, 0, x.length);
            case Dynamic dynamic -> {
                int length = dynamic.perRow() ? input.channels() : input.size;
                for (int from = 0; from < x.length; from += length) {
                    measure(from, from + length, dynamic).round(x, output.value, from, from + length);
                }
            }
        }
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
        for (int i = 0; i < input.gradient.length; i++) {
            float x = input.value[i];
            input.gradient[i] += x >= passFrom && x <= passTo ? output.gradient[i] : 0f;
        }
    }
}
