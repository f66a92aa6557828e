package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;
import java.util.Arrays;

/**
 * Activations rounded to codes whose step is an entry of a table [n] at each example's time step, learned as LSQ learns
 * one (Esser et al. 2020). Entries of 0 take what suits the first batch trained on.
 */
final class LearnedSteps implements Quantizing {
    private final Signal input;
    private final Signal step;
    private final Signal table;
    private final Signal codes;
    private final Signal scale;
    private final Grid grid;
    private boolean on = true;
    private boolean calibrating;

    /** @param scale gets each example's entry of the table */
    LearnedSteps(Signal input, Signal step, Signal table, Signal codes, Signal scale, Grid grid) {
        this.input = input;
        this.step = step;
        this.table = table;
        this.codes = codes;
        this.scale = scale;
        this.grid = grid;
    }

    @Override
    public void quantize(boolean switchedOn) {
        on = switchedOn;
    }

    /**
     * From here on the table learns what loses least of the activations themselves, at each step as a part of what
     * there is, whatever the network's loss; or again what makes that loss small.
     */
    void calibrate(boolean switchedOn) {
        calibrating = switchedOn;
    }

    @Override
    public void forward(Mode mode) {
        if (!on) {
            System.arraycopy(input.value, 0, codes.value, 0, input.value.length);
            Arrays.fill(scale.value, 1f);
            return;
        }
        if (mode == Mode.TRAINING) {
            start();
        }
        for (int n = 0; n < input.batch; n++) {
            scale.value[n] = steps(n).round(input.value, codes.value, n * input.size, (n + 1) * input.size);
        }
    }

    private void start() {
        float suiting = 0;
        for (int i = 0; i < table.size; i++) {
            if (table.value[i] == 0) {
                suiting = suiting > 0
                        ? suiting
                        : Math.max(Spread.of(input.value, 0, input.value.length).magnitude(), 1e-5f) / grid.highest();
                table.value[i] = suiting;
            }
        }
    }

    private Steps steps(int example) {
        float scale = Math.max(table.value[(int) step.value[example]], Float.MIN_NORMAL);
        return new Steps(scale, 0, grid.lowest(), grid.highest());
    }

    @Override
    public void backward() {
        if (!on) {
            for (int i = 0; i < input.gradient.length; i++) {
                input.gradient[i] += codes.gradient[i];
            }
            return;
        }
        float damping = (float) (1 / Math.sqrt((double) input.size * grid.highest()));
        for (int n = 0; n < input.batch; n++) {
            Steps steps = steps(n);
            double slope = 0;
            double own = 0;
            double power = Float.MIN_NORMAL;
            for (int i = n * input.size; i < (n + 1) * input.size; i++) {
                float x = input.value[i];
                float dy = codes.gradient[i] / steps.scale();
                boolean inside = x >= steps.leastValue() && x <= steps.greatestValue();
                double byScale = codes.value[i] - (inside ? x / steps.scale() : 0);
                slope += dy * byScale;
                // The exact slope of the squared error: what rounds to 0 is wrong by as much at any scale near this
                // one.
                own += (codes.value[i] * steps.scale() - x) * codes.value[i];
                power += (double) x * x;
                if (inside && input.isDifferentiable()) {
                    input.gradient[i] += dy;
                }
            }
            if (table.isDifferentiable()) {
                table.gradient[(int) step.value[n]] += calibrating ? (float) (own / power) : (float) slope * damping;
            }
        }
    }
}
