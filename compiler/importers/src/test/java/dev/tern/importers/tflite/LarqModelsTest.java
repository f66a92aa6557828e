package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.flatbuffers.FlexBuffersBuilder;
import dev.tern.compiler.LayerReport;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Larq's operators against their definition on bits: counts of those that differ. */
class LarqModelsTest {
    private static final int SIZE = 5;
    private static final int IN = 64;
    private static final int OUT = 7;

    private final SplittableRandom random = new SplittableRandom(3);

    private static byte[] options(Object... namesAndNumbers) {
        FlexBuffersBuilder builder = new FlexBuffersBuilder(256);
        int start = builder.startMap();
        for (int i = 0; i < namesAndNumbers.length; i += 2) {
            builder.putInt((String) namesAndNumbers[i], (Integer) namesAndNumbers[i + 1]);
        }
        builder.endMap(null, start);
        ByteBuffer finished = builder.finish();
        byte[] bytes = new byte[finished.remaining()];
        finished.get(bytes);
        return bytes;
    }

    static byte[] conv(int padValues, int padding, int activation, int stride, int channels) {
        return options("channels_in", channels, "dilation_height_factor", 1, "dilation_width_factor", 1,
                "fused_activation_function", activation, "pad_values", padValues, "padding", padding, "stride_height",
                stride, "stride_width", stride);
    }

    private int[] words(int count) {
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = random.nextInt();
        }
        return words;
    }

    private float[] pixels(int count) {
        float[] pixels = new float[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = random.nextInt(4) == 0 ? -0f : random.nextFloat() - 0.5f;
        }
        return pixels;
    }

    /** Bits that differ between the window at a place and a channel's filter; bits of the padding are 0. */
    private static int differing(float[] x, int in, int size, int[] filter, int channel, int row, int column) {
        int words = in / Integer.SIZE;
        int sum = 0;
        for (int tap = 0; tap < 9; tap++) {
            int r = row + tap / 3 - 1;
            int c = column + tap % 3 - 1;
            boolean inside = r >= 0 && r < size && c >= 0 && c < size;
            for (int k = 0; k < in; k++) {
                int bit = inside && x[(r * size + c) * in + k] < 0 ? 1 : 0;
                int of = filter[(channel * 9 + tap) * words + k / Integer.SIZE] >> k % Integer.SIZE & 1;
                sum += bit ^ of;
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void realsFromBits(int activation) {
        int[] filter = words(OUT * 9 * IN / 32);
        float[] multipliers = pixels(OUT);
        float[] biases = pixels(OUT);
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, SIZE, SIZE, IN);
        int bits = model.tensor("bits", TfliteModels.I32, 1, SIZE, SIZE, IN / 32);
        int w = model.ints("w", new int[]{OUT, 3, 3, IN / 32}, filter);
        int m = model.floats("m", new int[]{OUT}, multipliers);
        int b = model.floats("b", new int[]{OUT}, biases);
        int y = model.tensor("y", TfliteModels.F32, 1, SIZE, SIZE, OUT);
        model.inputs(x).outputs(y).node("LceQuantize", new int[]{x}, new int[]{bits})
                .node("LceBconv2d", new int[]{bits, w, m, b, -1}, new int[]{y}, conv(1, 0, activation, 1, IN));
        ImportedTflite imported = ImportedTflite.of(model.build());
        assertThat(imported.body()).contains("pad: same(+1), weights: binary(scale: none), activations: sign");
        float[] pixels = pixels(SIZE * SIZE * IN);
        float[] result = imported.run(pixels);
        int taps = 9 * IN;
        for (int i = 0; i < result.length; i++) {
            int channel = i % OUT;
            int twice = 2 * differing(pixels, IN, SIZE, filter, channel, i / OUT / SIZE, i / OUT % SIZE);
            int held = activation == 1 ? Math.min(twice, taps) : twice;
            float summand = (float) (biases[channel] + (double) taps * multipliers[channel]);
            assertThat(result[i]).isEqualTo(held * -multipliers[channel] + summand);
        }
        assertThat(imported.compiled().layers().stream().mapToLong(LayerReport::otherMultiplyAdds).sum()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void bitsFromBitsAndTheirGreatest(boolean pooled) {
        int[] filter = words(32 * 9 * IN / 32);
        int[] thresholds = new int[32];
        for (int i = 0; i < 32; i++) {
            thresholds[i] = i == 3
                    ? Integer.MIN_VALUE
                    : i == 4 ? Integer.MAX_VALUE : 9 * IN / 2 + random.nextInt(-9, 9);
        }
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, SIZE, SIZE, IN);
        int bits = model.tensor("bits", TfliteModels.I32, 1, SIZE, SIZE, IN / 32);
        int w = model.ints("w", new int[]{32, 3, 3, IN / 32}, filter);
        int t = model.ints("t", new int[]{32}, thresholds);
        int c = model.tensor("c", TfliteModels.I32, 1, SIZE, SIZE, 1);
        int p = model.tensor("p", TfliteModels.I32, 1, 3, 3, 1);
        int y = model.tensor("y", TfliteModels.F32, 1, pooled ? 3 : SIZE, pooled ? 3 : SIZE, 32);
        model.inputs(x).outputs(y).node("LceQuantize", new int[]{x}, new int[]{bits})
                .node("LceBconv2d", new int[]{bits, w, -1, -1, t}, new int[]{c}, conv(1, 0, 0, 1, IN));
        if (pooled) {
            model.node("LceBMaxPool2d", new int[]{c}, new int[]{p}, options("filter_height", 2, "filter_width", 2,
                    "padding", 0, "stride_height", 2, "stride_width", 2));
        }
        model.node("LceDequantize", new int[]{pooled ? p : c}, new int[]{y});
        float[] pixels = pixels(SIZE * SIZE * IN);
        float[] result = ImportedTflite.of(model.build()).run(pixels);
        int size = pooled ? 3 : SIZE;
        for (int i = 0; i < result.length; i++) {
            int channel = i % 32;
            int row = i / 32 / size;
            int column = i / 32 % size;
            float greatest = -1;
            for (int tap = 0; tap < (pooled ? 4 : 1); tap++) {
                int r = pooled ? 2 * row + tap / 2 : row;
                int k = pooled ? 2 * column + tap % 2 : column;
                if (r < SIZE && k < SIZE
                        && differing(pixels, IN, SIZE, filter, channel, r, k) <= thresholds[channel]) {
                    greatest = 1;
                }
            }
            assertThat(result[i]).as("element " + i).isEqualTo(greatest);
        }
    }

    /** Twice the bits that differ; a tap outside is half its bits with zeros, and bits of 0 with ones. */
    private static int twice(float[] x, int in, int groups, int outputs, int[] filter, int channel, int row,
            int column, boolean ones) {
        int each = in / groups;
        int words = each / Integer.SIZE;
        int first = channel / (outputs / groups) * each;
        int sum = 0;
        for (int tap = 0; tap < 9; tap++) {
            int r = row + tap / 3 - 1;
            int c = column + tap % 3 - 1;
            boolean inside = r >= 0 && r < SIZE && c >= 0 && c < SIZE;
            for (int k = 0; k < each; k++) {
                int of = filter[(channel * 9 + tap) * words + k / Integer.SIZE] >> k % Integer.SIZE & 1;
                int bit = inside && x[(r * SIZE + c) * in + first + k] < 0 ? 1 : 0;
                sum += inside || ones ? 2 * (bit ^ of) : 1;
            }
        }
        return sum;
    }

    /** Padding of ones and of zeros, in groups, with the activation on the dot product; as reals and as codes. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0, false", "0, 0, 1, false", "1, 1, 2, false", "0, 3, 2, false", "1, 0, 0, true",
        "0, 1, 0, true", "1, 3, 2, true", "0, 0, 3, true"})
    void groupsPaddingAndCodes(int padValues, int activation, int grouping, boolean codes) {
        int groups = Math.max(1, grouping);
        int in = 32 * groups;
        int outputs = 2 * groups;
        int taps = 9 * 32;
        int[] filter = words(outputs * 9);
        float[] multipliers = pixels(outputs);
        float[] biases = pixels(outputs);
        float scale = 0.25f;
        int zero = -7;
        // Ties: sums of quarters by a scale of a half.
        multipliers[0] = 0.125f;
        biases[0] = 0.125f;
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, SIZE, SIZE, in);
        int bits = model.tensor("bits", TfliteModels.I32, 1, SIZE, SIZE, groups);
        int w = model.ints("w", new int[]{outputs, 3, 3, 1}, filter);
        int m = model.floats("m", new int[]{outputs}, multipliers);
        int b = model.floats("b", new int[]{outputs}, biases);
        int y = codes
                ? model.coded("y", TfliteModels.I8, scale, zero, 1, SIZE, SIZE, outputs)
                : model.tensor("y", TfliteModels.F32, 1, SIZE, SIZE, outputs);
        model.inputs(x).outputs(y).node("LceQuantize", new int[]{x}, new int[]{bits})
                .node("LceBconv2d", new int[]{bits, w, m, b, -1}, new int[]{y}, conv(padValues, 0, activation, 1, in));
        float[] pixels = pixels(SIZE * SIZE * in);
        float[] result = ImportedTflite.of(model.build()).run(pixels);
        for (int i = 0; i < result.length; i++) {
            int channel = i % outputs;
            int twice = twice(pixels, in, groups, outputs, filter, channel, i / outputs / SIZE,
                    i / outputs % SIZE, padValues == 1);
            int held = switch (activation) {
                case 1 -> Math.min(twice, taps);
                case 3 -> Math.clamp(twice, taps - 6, taps);
                default -> twice;
            };
            float wanted;
            if (codes) {
                float factor = (float) (-(double) multipliers[channel] / scale);
                float summand = (float) ((biases[channel] + (double) taps * multipliers[channel]) / scale + zero);
                float number = held * factor + summand;
                double code = Math.signum(number) * Math.floor(Math.abs((double) number) + 0.5);
                wanted = (float) ((Math.clamp(code, -128, 127) - zero) * scale);
            } else {
                wanted = held * -multipliers[channel]
                        + (float) (biases[channel] + (double) taps * multipliers[channel]);
            }
            assertThat(result[i]).as("element " + i).isEqualTo(wanted);
        }
    }
}
