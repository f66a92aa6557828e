package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;

/**
 * Activations rounded to codes on a grid whose range [low, high] is a parameter. The gradient of the range is that of a
 * learned step inside it (LSQ, Esser et al. 2020) and of a clipping level where a value saturates (PACT, Choi et al.
 * 2018), over the root of the number of values that share it, as LSQ has it. A range of nothing but zeros takes that of
 * the first batch trained on: three deviations about the mean, no further than the values go.
 */
final class LearnedRange implements Quantizing {
    private final Signal input;
    private final Signal range;
    private final Signal codes;
    private final Signal scale;
    private final Grid grid;
    private Steps steps;
    private boolean on = true;

    /** @param scale gets the one that the range asks for */
    LearnedRange(Signal input, Signal range, Signal codes, Signal scale, Grid grid) {
        this.input = input;
        this.range = range;
        this.codes = codes;
        this.scale = scale;
        this.grid = grid;
    }

    @Override
    public void quantize(boolean switchedOn) {
        on = switchedOn;
    }

    @Override
    public void forward(Mode mode) {
        if (!on) {
            System.arraycopy(input.value, 0, codes.value, 0, input.value.length);
            scale.value[0] = 1f;
            return;
        }
        if (mode == Mode.TRAINING && range.value[0] == 0 && range.value[1] == 0) {
            Spread spread = Spread.of(input.value, 0, input.value.length);
            range.value[0] = Math.min(spread.low(), 0);
            range.value[1] = Math.max(spread.high(), 0);
        }
        steps = Steps.of(grid, range.value[0], range.value[1]);
        scale.value[0] = steps.round(input.value, codes.value, 0, input.value.length);
    }

    @Override
    public void backward() {
        if (!on) {
            for (int i = 0; i < input.gradient.length; i++) {
                input.gradient[i] += codes.gradient[i];
            }
            return;
        }
        float least = steps.leastValue();
        float greatest = steps.greatestValue();
        double inside = 0;
        double above = 0;
        double below = 0;
        for (int i = 0; i < codes.gradient.length; i++) {
            float x = input.value[i];
            float dy = codes.gradient[i] / steps.scale();
            if (x > greatest) {
                above += dy;
            } else if (x < least) {
                below += dy;
            } else {
                inside += dy * (double) (codes.value[i] * steps.scale() - x);
                if (input.isDifferentiable()) {
                    input.gradient[i] += dy;
                }
            }
        }
        if (range.isDifferentiable()) {
            passToRange(inside, above, below);
        }
    }

    /**
     * {@code inside} is the sum of dy (y - x): a step that grows by a share of itself moves the rounded values by that
     * share of their rounding errors.
     */
    private void passToRange(double inside, double above, double below) {
        double damping = 1 / Math.sqrt((double) input.size * grid.highest());
        float low = range.value[0];
        float high = range.value[1];
        switch (grid.rule()) {
            case MINMAX, GIVEN -> {
                double width = Math.max(high, 0) - Math.min(low, 0);
                double relative = width > 0 ? inside / width : 0;
                range.gradient[0] += low < 0 ? (float) ((below - relative) * damping) : 0f;
                range.gradient[1] += high > 0 ? (float) ((above + relative) * damping) : 0f;
            }
            case ABSMAX -> {
                boolean byHigh = Math.abs(high) >= Math.abs(low);
                double greatest = Math.max(Math.max(Math.abs(low), Math.abs(high)), 1e-5);
                double slope = above + (inside + below * steps.leastValue()) / greatest;
                range.gradient[byHigh ? 1 : 0] += (float) ((byHigh ? slope : -slope) * damping);
            }
        }
    }
}
