package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Gives a table of scales [n] its entries while a network is trained: s(t) = softplus(MLP(enc(t))), enc the cosines and
 * sines of t at geometric frequencies, the MLP of four layers with relu between them (Temporal Dynamic Quantization, So
 * et al. 2023). What is kept of it is the table: neighbouring steps learn from one another, and inference looks up.
 *
 * <p>The gradient of each entry is divided by its own running magnitude: where most of a sample is noise the loss is
 * small, and would else have no say in the scales of its steps.
 *
 * <p>Each step begins at what suits the activations of its own and the nearest steps in the first batch, the module
 * being fitted to these scales: a table that begins level would have far to go where ranges differ by the step. Where
 * the network is trained too, that is (mean + 3 sigma) / (highest code), or the greatest value if that is less, as a
 * learned static range has it: what is cut off the weights make up for, and steps are the finer. Where weights stay as
 * they are, it is that of 2 to 16 sigma which loses least: the authors take 3 where values have both signs and 16 where
 * they cannot be negative, but after a relu that leaves few values 3 cuts most of them off, and 16 is far too wide
 * where it leaves many.
 */
final class TemporalModule implements TrainedLayer {
    private static final int ENCODED = 64;
    private static final int HIDDEN = 64;
    private static final int LAYERS = 4;
    private static final double SLOWEST = 10_000;
    private static final double FEWEST_DEVIATIONS = 2;
    private static final double MOST_DEVIATIONS = 16;
    private static final double BETWEEN_DEVIATIONS = 0.25;
    /** Of all steps, how far away on either side those are that count as near. */
    private static final int NEAR = 16;
    private static final int FITTINGS = 400;
    private static final float FITTING_RATE = 0.003f;
    private static final double SMALLEST = 1e-5;
    private static final float KEPT = 0.99f;

    private final String path;
    private final Signal input;
    private final Signal step;
    private final Signal table;
    private final Grid grid;
    private final List<TrainedLayer> layers = new ArrayList<>();
    private final List<Signal> signals = new ArrayList<>();
    private final List<TrainedParameter> parameters = new ArrayList<>();
    private final Signal lastBias;
    private final Signal result;
    /** The running mean of the square of each entry's gradient. */
    private final float[] power;
    private boolean started;
    private boolean calibrating;

    /**
     * @param path of the table
     * @param input what is quantized by it
     * @param step of each example
     * @param grid of its codes
     */
    TemporalModule(String path, Signal input, Signal step, Signal table, Grid grid, long seed) {
        this.path = path;
        this.input = input;
        this.step = step;
        this.table = table;
        this.grid = grid;
        this.power = new float[table.size];
        RandomGenerator random = new SplittableRandom(seed + path.hashCode());
        Signal x = encoding(table.size);
        Signal bias = x;
        for (int layer = 0; layer < LAYERS; layer++) {
            boolean last = layer == LAYERS - 1;
            int in = x.channels();
            int out = last ? 1 : HIDDEN;
            Signal weights = parameter(path + ".module." + layer + ".weight", Shape.of(out, in), in, random);
            bias = parameter(path + ".module." + layer + ".bias", Shape.of(out), in, random);
            Signal product = signal(out);
            layers.add(new Dense(x, weights, product));
            Signal sum = signal(out);
            layers.add(new Combine(BinaryFunction.ADD, product, bias, sum));
            x = sum;
            if (!last) {
                Signal positive = signal(out);
                layers.add(new Clip(sum, positive, 0, Float.POSITIVE_INFINITY));
                x = positive;
            }
        }
        lastBias = bias;
        result = x;
    }

    private Signal signal(int channels) {
        Signal signal = Signal.differentiable(1, Shape.of(table.size, channels));
        signals.add(signal);
        return signal;
    }

    private Signal parameter(String path, Shape shape, int fanIn, RandomGenerator random) {
        Signal signal = Signal.differentiable(1, shape);
        float bound = (float) (1 / Math.sqrt(fanIn));
        for (int i = 0; i < signal.size; i++) {
            signal.value[i] = bound * (2 * random.nextFloat() - 1);
        }
        signals.add(signal);
        parameters.add(new TrainedParameter(path, signal, Float.MAX_VALUE));
        return signal;
    }

    /** [n, {@value #ENCODED}]: of each step cosines, then sines. */
    private static Signal encoding(int steps) {
        Signal encoding = Signal.constant(1, Shape.of(steps, ENCODED));
        int half = ENCODED / 2;
        for (int t = 0; t < steps; t++) {
            for (int i = 0; i < half; i++) {
                double angle = t * Math.pow(SLOWEST, -(double) i / half);
                encoding.value[t * ENCODED + i] = (float) StrictMath.cos(angle);
                encoding.value[t * ENCODED + half + i] = (float) StrictMath.sin(angle);
            }
        }
        return encoding;
    }

    /** What is learned in the place of the table. */
    List<TrainedParameter> parameters() {
        return parameters;
    }

    /** The signals whose gradients add up. */
    List<Signal> signals() {
        return signals;
    }

    @Override
    public void forward(Mode mode) {
        if (!started && mode == Mode.TRAINING) {
            started = true;
            start();
        }
        layers.forEach(layer -> layer.forward(mode));
        for (int t = 0; t < table.size; t++) {
            table.value[t] = (float) softplus(result.value[t]);
        }
    }

    /** Whether the table is to suit activations as they are, rather than a network that is trained with it. */
    void calibrate(boolean switchedOn) {
        calibrating = switchedOn;
    }

    /** The path of the table. */
    String path() {
        return path;
    }

    /** Begins at a scale that is known, rather than at what a batch shows. */
    void startAt(double scale) {
        started = true;
        begin(scale);
    }

    /** The running mean of the square of each entry's gradient, the array itself. */
    float[] power() {
        return power;
    }

    /** Goes on with parameters and a power that are there already. */
    void resume() {
        started = true;
    }

    /** The highest code. */
    int highest() {
        return grid.highest();
    }

    private void begin(double scale) {
        // The layers before shift what comes out of the last one; at the middle step that is made up for.
        layers.forEach(layer -> layer.forward(Mode.EVALUATION));
        float shift = result.value[result.size / 2] - lastBias.value[0];
        lastBias.value[0] = (float) Math.log(Math.expm1(Math.max(scale, SMALLEST))) - shift;
    }

    private void start() {
        double[] scales = new double[table.size];
        double whole = reach(near(0, table.size));
        for (int t = 0; t < scales.length; t++) {
            // Where there is nothing near, or nothing but zeros, it is what suits all.
            float[] near = near(t, Math.max(1, table.size / NEAR));
            double own = near.length == 0 ? 0 : reach(near);
            scales[t] = Math.max((own > 0 ? own : whole) / grid.highest(), SMALLEST);
        }
        begin(Math.exp(Arrays.stream(scales).map(Math::log).average().orElseThrow()));
        fit(scales);
    }

    /** What is to be quantized of the batch's examples at steps no further from one than so many. */
    private float[] near(int t, int distance) {
        int[] examples = IntStream.range(0, input.batch).filter(n -> Math.abs(step.value[n] - t) <= distance).toArray();
        float[] values = new float[examples.length * input.size];
        for (int i = 0; i < examples.length; i++) {
            System.arraycopy(input.value, examples[i] * input.size, values, i * input.size, input.size);
        }
        return values;
    }

    /** Makes the module give these scales, as closely as it can: by the square of their logarithms. */
    private void fit(double[] scales) {
        Optimizer optimizer = new Optimizer(parameters, _ -> true, new Optimizer.Rule.Adam(), 0);
        for (int i = 0; i < FITTINGS; i++) {
            layers.forEach(layer -> layer.forward(Mode.TRAINING));
            signals.forEach(Signal::clearGradient);
            for (int t = 0; t < scales.length; t++) {
                double scale = softplus(result.value[t]);
                result.gradient[t] = (float) (Math.log(scale / scales[t]) / scale / (1 + Math.exp(-result.value[t]))
                        / scales.length);
            }
            layers.reversed().forEach(TrainedLayer::backward);
            optimizer.step((float) (FITTING_RATE * (1 + Math.cos(Math.PI * i / FITTINGS)) / 2));
        }
        signals.forEach(Signal::clearGradient);
    }

    /** What the highest code stands for at first. */
    private double reach(float[] values) {
        return calibrating ? leastLost(values) : Spread.of(values, 0, values.length).magnitude();
    }

    /** What the highest code best stands for. */
    private double leastLost(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float x : values) {
            sum += Math.abs(x);
            squares += (double) x * x;
        }
        double mean = sum / values.length;
        double sigma = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
        double best = mean + FEWEST_DEVIATIONS * sigma;
        double least = Double.POSITIVE_INFINITY;
        for (double k = FEWEST_DEVIATIONS; k <= MOST_DEVIATIONS; k += BETWEEN_DEVIATIONS) {
            double lost = lost(values, (float) ((mean + k * sigma) / grid.highest()));
            if (lost < least) {
                least = lost;
                best = mean + k * sigma;
            }
        }
        return best;
    }

    /** The squared error of values at a scale. */
    private double lost(float[] values, float scale) {
        Steps steps = new Steps(Math.max(scale, (float) SMALLEST), 0, grid.lowest(), grid.highest());
        float[] codes = new float[values.length];
        steps.round(values, codes, 0, codes.length);
        double lost = 0;
        for (int i = 0; i < codes.length; i++) {
            double error = codes[i] * (double) steps.scale() - values[i];
            lost += error * error;
        }
        return lost;
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public void backward() {
        for (int t = 0; t < table.size; t++) {
            float gradient = table.gradient[t];
            if (gradient != 0) {
                power[t] = power[t] == 0 ? gradient * gradient : KEPT * power[t] + (1 - KEPT) * gradient * gradient;
                result.gradient[t] += (float) (gradient / Math.sqrt(power[t]) / (1 + Math.exp(-result.value[t])));
            }
        }
        // The table follows from the module; it is not moved by itself.
        table.clearGradient();
        layers.reversed().forEach(TrainedLayer::backward);
    }
}
