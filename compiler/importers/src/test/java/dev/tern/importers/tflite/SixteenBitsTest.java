package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.runtime.Session;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Activations of 16 bits by weights of 8, beside TFLite's arithmetic on integers, worked out here: accumulators and
 * biases of 64 bits, and a multiplier that is brought to 15 bits.
 */
class SixteenBitsTest {
    private static final int INPUTS = 64;
    private static final int[] SIZES = {INPUTS, 48, 32, 10};
    private static final float[] SCALES = {1 / 32768f, 0.0004f, 0.0007f, 0.002f};

    /** One layer: a scale and a row of weights for each output, a relu but for the last. */
    private record Layer(int[] weights, float[] scales, long[] bias, float in, float out, boolean relu) {
        int[] run(int[] x) {
            int[] y = new int[scales.length];
            for (int row = 0; row < y.length; row++) {
                long sum = bias[row];
                for (int i = 0; i < x.length; i++) {
                    sum += (long) x[i] * weights[row * x.length + i];
                }
                long code = multiplied(sum, (double) in * scales[row] / out);
                y[row] = (int) Math.max(relu ? 0 : Short.MIN_VALUE, Math.min(Short.MAX_VALUE, code));
            }
            return y;
        }
    }

    /** MultiplyByQuantizedMultiplier of 64 bits. */
    private static long multiplied(long x, double factor) {
        int shift = Math.getExponent(factor) + 1;
        long multiplier = Math.round(factor / Math.pow(2, shift) * (1L << 31));
        if (multiplier == 1L << 31) {
            multiplier /= 2;
            shift++;
        }
        long reduced = multiplier < 0x7fff0000L ? multiplier + (1 << 15) >> 16 : 0x7fff;
        int total = 15 - shift;
        return x * reduced + (1L << total - 1) >> total;
    }

    private static Layer layer(int index, Random random) {
        int inputs = SIZES[index];
        int outputs = SIZES[index + 1];
        int[] weights = random.ints(inputs * outputs, -127, 128).toArray();
        float[] scales = new float[outputs];
        long[] bias = new long[outputs];
        for (int i = 0; i < outputs; i++) {
            scales[i] = 0.0008f + random.nextFloat() * 0.001f;
            bias[i] = random.nextLong(-4_000_000, 4_000_000);
        }
        return new Layer(weights, scales, bias, SCALES[index], SCALES[index + 1], index < SIZES.length - 2);
    }

    @Test
    void threeLayers() {
        Random random = new Random(5);
        Layer[] layers = new Layer[SIZES.length - 1];
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I16, SCALES[0], 0, 1, INPUTS);
        int from = x;
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(i, random);
            int outputs = SIZES[i + 1];
            int w = model.codes("w" + i, TfliteModels.I8, new int[]{outputs, SIZES[i]}, layers[i].scales,
                    new long[outputs], 0, layers[i].weights);
            int b = model.longs("b" + i, biasScales(layers[i]), layers[i].bias);
            int y = model.coded("y" + i, TfliteModels.I16, SCALES[i + 1], 0, 1, outputs);
            model.node("FULLY_CONNECTED", new int[]{from, w, b}, new int[]{y},
                    TfliteModels.i8(0, layers[i].relu ? 1 : 0));
            from = y;
        }
        Session session = ImportedTflite.of(model.inputs(x).outputs(from).build()).compiled().model().newSession();
        int equal = 0;
        int all = 0;
        for (int n = 0; n < 200; n++) {
            int[] codes = random.ints(INPUTS, Short.MIN_VALUE, Short.MAX_VALUE + 1).toArray();
            float[] reals = new float[INPUTS];
            for (int i = 0; i < INPUTS; i++) {
                reals[i] = codes[i] * SCALES[0];
            }
            float[] found = session.run(reals);
            for (Layer layer : layers) {
                codes = layer.run(codes);
            }
            for (int i = 0; i < codes.length; i++) {
                int code = Math.round(found[i] / SCALES[SCALES.length - 1]);
                assertThat(Math.abs(code - codes[i])).as("%d for %d", code, codes[i]).isLessThanOrEqualTo(0);
                equal += code == codes[i] ? 1 : 0;
                all++;
            }
        }
        assertThat(equal).isGreaterThan(all * 9 / 10);
    }

    private static float[] biasScales(Layer layer) {
        float[] scales = new float[layer.scales.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = layer.in * layer.scales[i];
        }
        return scales;
    }
}
