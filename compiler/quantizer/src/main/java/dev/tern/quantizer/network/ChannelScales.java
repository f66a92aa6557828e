package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.meaning.RangeArithmetic;

/**
 * The scale of each channel of a quantizer, from ranges [channels, 2] that are a parameter. What is quantized is
 * divided by the scale, and what was made of the codes multiplied by it; so the scale's gradient, which both give, is
 * that of a learned step (LSQ, Esser et al. 2020), and it passes to the end of the range that is further from 0, over
 * the root of the number of values that share it. A channel's range of nothing but zeros takes that of the first batch
 * trained on, as {@link LearnedRange} has it.
 */
final class ChannelScales implements TrainedLayer {
    private final Signal input;
    private final Signal ranges;
    private final Signal scales;
    private final Grid grid;

    /**
     * @param input what is quantized, channels last
     * @param grid of the quantizer, symmetric about 0
     */
    ChannelScales(Signal input, Signal ranges, Signal scales, Grid grid) {
        this.input = input;
        this.ranges = ranges;
        this.scales = scales;
        this.grid = grid;
    }

    @Override
    public void forward(Mode mode) {
        for (int c = 0; c < scales.size; c++) {
            if (mode == Mode.TRAINING && ranges.value[2 * c] == 0 && ranges.value[2 * c + 1] == 0) {
                start(c);
            }
            scales.value[c] = RangeArithmetic.scale(grid, ranges.value[2 * c], ranges.value[2 * c + 1]);
        }
    }

    private void start(int channel) {
        float[] own = new float[input.value.length / scales.size];
        for (int i = 0; i < own.length; i++) {
            own[i] = input.value[i * scales.size + channel];
        }
        Spread spread = Spread.of(own, 0, own.length);
        ranges.value[2 * channel] = Math.min(spread.low(), 0);
        ranges.value[2 * channel + 1] = Math.max(spread.high(), 0);
    }

    @Override
    public void backward() {
        double damping = 1 / Math.sqrt((double) input.size / scales.size * grid.highest());
        for (int c = 0; c < scales.size; c++) {
            float low = ranges.value[2 * c];
            float high = ranges.value[2 * c + 1];
            boolean byHigh = Math.abs(high) >= Math.abs(low);
            float gradient = (float) (scales.gradient[c] / grid.highest() * damping);
            ranges.gradient[byHigh ? 2 * c + 1 : 2 * c] += (byHigh ? high : low) < 0 ? -gradient : gradient;
        }
    }
}
