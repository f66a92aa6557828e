package dev.tern.quantizer.network;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Moves parameters against their gradients, within their limits. */
public final class Optimizer {
    private final List<TrainedParameter> parameters;
    private final Map<String, float[]> state = new TreeMap<>();
    private final Rule rule;
    private final float weightDecay;
    private int steps;

    /** How a gradient becomes a step. */
    public sealed interface Rule {
        /** Adam (Kingma and Ba 2015). */
        record Adam() implements Rule {
        }

        /**
         * Adam whose rate is a share of each tensor's root mean square, as Adafactor has it (Shazeer and Stern 2018).
         * For networks that were trained elsewhere: with batch normalization folded into weights, and inputs of any
         * unit, tensors differ in size by hundreds of times.
         */
        record RelativeAdam() implements Rule {
        }

        /** Stochastic gradient descent with Nesterov's momentum. @param momentum 0..1, what is kept at each step */
        record Sgd(float momentum) implements Rule {
        }
    }

    /**
     * Starts with moments of 0.
     *
     * @param parameters those without a gradient are left alone
     * @param chosen by path, which of them are moved
     * @param weightDecay the share that the rate takes off weights (not off vectors) at each step, apart from the
     *     gradient (Loshchilov and Hutter 2019); not off latent binary weights, whose magnitude means nothing
     */
    public Optimizer(List<TrainedParameter> parameters, Predicate<String> chosen, Rule rule, float weightDecay) {
        this.parameters = parameters.stream().filter(p -> p.signal().isDifferentiable() && chosen.test(p.path()))
                .toList();
        this.rule = rule;
        this.weightDecay = weightDecay;
        for (TrainedParameter parameter : this.parameters) {
            for (String moment : moments()) {
                state.put(moment + " " + parameter.path(), new float[parameter.signal().value.length]);
            }
        }
    }

    private List<String> moments() {
        return switch (rule) {
            case Rule.Adam(),Rule.RelativeAdam() -> List.of("first", "second");
            case Rule.Sgd(_) -> List.of("velocity");
        };
    }

    /** The moments by name, the arrays themselves: what a checkpoint keeps beside {@link #steps()}. */
    public Map<String, float[]> state() {
        return state;
    }

    /** Steps taken so far. */
    public int steps() {
        return steps;
    }

    /** Goes on as after so many steps; {@link #state()} is to be filled with the moments of that time. */
    public void resume(int stepsTaken) {
        steps = stepsTaken;
    }

    /** Moves every chosen parameter. @param rate the learning rate */
    public void step(float rate) {
        steps++;
        for (TrainedParameter parameter : parameters) {
            boolean decays = parameter.signal().shape.rank() > 1 && parameter.limit() == Float.MAX_VALUE;
            float kept = decays ? 1 - rate * weightDecay : 1;
            switch (rule) {
                case Rule.Adam() -> adam(parameter, rate, kept);
                case Rule.RelativeAdam() -> adam(parameter, rate * size(parameter.signal().value), kept);
                case Rule.Sgd(float momentum) -> sgd(parameter, rate, kept, momentum);
            }
        }
    }

    /** The root mean square, but no less than would let zeros move. */
    private static float size(float[] values) {
        final double least = 1e-3;
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return (float) Math.max(least, Math.sqrt(sum / values.length));
    }

    private void adam(TrainedParameter parameter, float rate, float kept) {
        final float firstDecay = 0.9f;
        final float secondDecay = 0.999f;
        final float epsilon = 1e-8f;
        float firstCorrection = (float) (1 / (1 - Math.pow(firstDecay, steps)));
        float secondCorrection = (float) (1 / (1 - Math.pow(secondDecay, steps)));
        float[] first = state.get("first " + parameter.path());
        float[] second = state.get("second " + parameter.path());
        float[] w = parameter.signal().value;
        float[] g = parameter.signal().gradient;
        float limit = parameter.limit();
        for (int i = 0; i < w.length; i++) {
            first[i] = firstDecay * first[i] + (1 - firstDecay) * g[i];
            second[i] = secondDecay * second[i] + (1 - secondDecay) * g[i] * g[i];
            float deviation = (float) Math.sqrt(second[i] * secondCorrection) + epsilon;
            float next = w[i] * kept - rate * (first[i] * firstCorrection / deviation);
            w[i] = Math.min(Math.max(next, -limit), limit);
        }
    }

    private void sgd(TrainedParameter parameter, float rate, float kept, float momentum) {
        float[] velocity = state.get("velocity " + parameter.path());
        float[] w = parameter.signal().value;
        float[] g = parameter.signal().gradient;
        float limit = parameter.limit();
        for (int i = 0; i < w.length; i++) {
            velocity[i] = momentum * velocity[i] + g[i];
            float next = w[i] * kept - rate * (g[i] + momentum * velocity[i]);
            w[i] = Math.min(Math.max(next, -limit), limit);
        }
    }
}
