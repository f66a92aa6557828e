package dev.tern.quantizer.network;

import java.util.List;

/** Adam (Kingma and Ba 2015) over the parameters that have gradients, with their limits kept. */
public final class Adam {
    private static final float FIRST_DECAY = 0.9f;
    private static final float SECOND_DECAY = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final List<Moments> moments;
    private int steps;

    /** Starts with moments of 0. */
    public Adam(List<TrainedParameter> parameters) {
        moments = parameters.stream().filter(p -> p.signal().isDifferentiable()).map(Moments::new).toList();
    }

    /** Moves every parameter against its gradient. @param rate the learning rate */
    public void step(float rate) {
        steps++;
        float firstCorrection = (float) (1 / (1 - Math.pow(FIRST_DECAY, steps)));
        float secondCorrection = (float) (1 / (1 - Math.pow(SECOND_DECAY, steps)));
        for (Moments each : moments) {
            each.step(rate, firstCorrection, secondCorrection);
        }
    }

    private static final class Moments {
        private final TrainedParameter parameter;
        private final float[] first;
        private final float[] second;

        Moments(TrainedParameter parameter) {
            this.parameter = parameter;
            this.first = new float[parameter.signal().value.length];
            this.second = new float[parameter.signal().value.length];
        }

        void step(float rate, float firstCorrection, float secondCorrection) {
            float[] w = parameter.signal().value;
            float[] g = parameter.signal().gradient;
            float limit = parameter.limit();
            for (int i = 0; i < w.length; i++) {
                first[i] = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * g[i];
                second[i] = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * g[i] * g[i];
                float deviation = (float) Math.sqrt(second[i] * secondCorrection) + EPSILON;
                float next = w[i] - rate * (first[i] * firstCorrection / deviation);
                w[i] = Math.min(Math.max(next, -limit), limit);
            }
        }
    }
}
