package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.runtime.Session;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Operators on codes of 16 bits, each beside TFLite's integers, which are worked out here in plain loops from the codes
 * that the operator before gives.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SixteenBitOperatorsTest {
    private static final int SIZE = 6;
    private static final int IN = 3;
    private static final int OUT = 4;
    private static final float X = 0.0003f;
    private static final float C = 0.0007f;
    private static final float D = 0.0009f;
    private static final float SUM = 0.0011f;
    private static final float DIFFERENCE = 0.0013f;
    private static final float PRODUCT = 0.02f;
    private static final float MOVED = 0.0008f;
    private static final float BYTE = 0.2f;
    private static final float HALF = 1 / 32768f;
    private static final float[] SCALES = {C, D, SUM, DIFFERENCE, PRODUCT, MOVED, BYTE, SUM, SUM, HALF, HALF};
    private static final int RUNS = 20;

    private final Random random = new Random(7);
    private final int[] convWeights = codes(OUT * 9 * IN, 128);
    private final int[] depthWeights = codes(9 * OUT, 128);
    private final float[] convScales = {0.011f, 0.012f, 0.0005f, 0.013f};
    private final float[] depthScales = {0.004f, 0.003f, 0.005f, 0.002f};
    private final long[] convBias = {100, -2_000_001, 167_772_171, 5};
    private final int[] depthBias = {-70_000, 3, 40_001, 0};
    private Session session;
    private String text;

    private int[] codes(int count, int bound) {
        return random.ints(count, 1 - bound, bound).toArray();
    }

    private static float[] times(float[] scales, float scale) {
        float[] products = scales.clone();
        for (int i = 0; i < products.length; i++) {
            products[i] *= scale;
        }
        return products;
    }

    @BeforeAll
    void compile() {
        TfliteModels model = new TfliteModels();
        int[] plane = {1, SIZE, SIZE, OUT};
        int x = model.coded("x", TfliteModels.I16, X, 0, 1, SIZE, SIZE, IN);
        int w = model.codes("w", TfliteModels.I8, new int[]{OUT, 3, 3, IN}, convScales, new long[OUT], 0, convWeights);
        int b = model.longs("b", times(convScales, X), convBias);
        int c = model.coded("c", TfliteModels.I16, C, 0, plane);
        model.node("CONV_2D", new int[]{x, w, b}, new int[]{c}, TfliteModels.i32(1, 1), TfliteModels.i32(2, 1));
        int v = model.codes("v", TfliteModels.I8, new int[]{1, 3, 3, OUT}, depthScales, new long[OUT], 3, depthWeights);
        int e = model.bias("e", times(depthScales, C), depthBias);
        int d = model.coded("d", TfliteModels.I16, D, 0, plane);
        model.node("DEPTHWISE_CONV_2D", new int[]{c, v, e}, new int[]{d}, TfliteModels.i32(1, 1),
                TfliteModels.i32(2, 1), TfliteModels.i32(3, 1), TfliteModels.i8(4, 1));
        int sum = model.coded("sum", TfliteModels.I16, SUM, 0, plane);
        int difference = model.coded("difference", TfliteModels.I16, DIFFERENCE, 0, plane);
        int product = model.coded("product", TfliteModels.I16, PRODUCT, 0, plane);
        model.node("ADD", new int[]{c, d}, new int[]{sum}).node("SUB", new int[]{c, d}, new int[]{difference},
                TfliteModels.i8(0, 1)).node("MUL", new int[]{c, d}, new int[]{product});
        int moved = model.coded("moved", TfliteModels.I16, MOVED, 0, plane);
        int bytes = model.coded("bytes", TfliteModels.I8, BYTE, -3, plane);
        model.node("QUANTIZE", new int[]{c}, new int[]{moved}).node("QUANTIZE", new int[]{c}, new int[]{bytes});
        int mean = model.coded("mean", TfliteModels.I16, SUM, 0, 1, SIZE / 2, SIZE / 2, OUT);
        int most = model.coded("most", TfliteModels.I16, SUM, 0, 1, SIZE / 2, SIZE / 2, OUT);
        for (String pool : new String[]{"AVERAGE_POOL_2D", "MAX_POOL_2D"}) {
            model.node(pool, new int[]{sum}, new int[]{pool.startsWith("A") ? mean : most}, TfliteModels.i8(0, 1),
                    TfliteModels.i32(1, 2), TfliteModels.i32(2, 2), TfliteModels.i32(3, 2), TfliteModels.i32(4, 2));
        }
        int sigmoid = model.coded("sigmoid", TfliteModels.I16, HALF, 0, plane);
        int tanh = model.coded("tanh", TfliteModels.I16, HALF, 0, plane);
        model.node("LOGISTIC", new int[]{c}, new int[]{sigmoid}).node("TANH", new int[]{c}, new int[]{tanh});
        ImportedTflite imported = ImportedTflite.of(model.inputs(x).outputs(c, d, sum, difference, product, moved,
                bytes, mean, most, sigmoid, tanh).build());
        text = imported.body();
        session = imported.compiled().model().newSession();
    }

    private int[][] run(int[] x) {
        float[] reals = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            reals[i] = x[i] * X;
        }
        int plane = SIZE * SIZE * OUT;
        Object[] results = new Object[SCALES.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = new float[i == 7 || i == 8 ? plane / 4 : plane];
        }
        session.run(new Object[]{reals}, results);
        int[][] codes = new int[results.length][];
        for (int i = 0; i < codes.length; i++) {
            float[] values = (float[]) results[i];
            codes[i] = new int[values.length];
            for (int j = 0; j < values.length; j++) {
                codes[i][j] = Math.round(values[j] / SCALES[i]) - (i == 6 ? 3 : 0);
            }
        }
        return codes;
    }

    // The arithmetic

    /** MultiplyByQuantizedMultiplier of 64 bits. */
    static long longTimes(long x, double factor) {
        Multiplier m = Multiplier.of(factor);
        long reduced = m.whole < 0x7fff0000L ? m.whole + (1 << 15) >> 16 : 0x7fff;
        int total = 15 - m.shift;
        return x * reduced + (1L << total - 1) >> total;
    }

    /** Of 32 bits, rounded twice. */
    private static int times(int x, double factor) {
        Multiplier m = Multiplier.of(factor);
        long product = (long) (x << Math.max(m.shift, 0)) * m.whole;
        int high = (int) ((product + (product >= 0 ? 1L << 30 : 1 - (1L << 30))) / (1L << 31));
        int right = Math.max(-m.shift, 0);
        int mask = (int) ((1L << right) - 1);
        return (high >> right) + ((high & mask) > (mask >> 1) + (high < 0 ? 1 : 0) ? 1 : 0);
    }

    private record Multiplier(long whole, int shift) {
        static Multiplier of(double factor) {
            int shift = Math.getExponent(factor) + 1;
            long whole = Math.round(factor / Math.pow(2, shift) * (1L << 31));
            return whole == 1L << 31 ? new Multiplier(whole / 2, shift + 1) : new Multiplier(whole, shift);
        }
    }

    private static int held(long code) {
        return (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, code));
    }

    /** A sum over a window of 3x3 with zeros around. @param each of the depthwise kind */
    private static long window(int[] x, int channels, int row, int column, int channel, int[] weights, boolean each) {
        long sum = 0;
        for (int i = 0; i < 9; i++) {
            int r = row + i / 3 - 1;
            int c = column + i % 3 - 1;
            if (r < 0 || r >= SIZE || c < 0 || c >= SIZE) {
                continue;
            }
            for (int k = 0; k < (each ? 1 : channels); k++) {
                int at = each ? channel : k;
                int weight = each ? weights[i * channels + channel] : weights[(channel * 9 + i) * channels + k];
                sum += (long) x[(r * SIZE + c) * channels + at] * weight;
            }
        }
        return sum;
    }

    @Test
    void everyOperatorGivesTheCodes() {
        int[] wrong = new int[SCALES.length];
        int[] far = new int[SCALES.length];
        for (int n = 0; n < RUNS; n++) {
            int[] x = random.ints(SIZE * SIZE * IN, Short.MIN_VALUE, Short.MAX_VALUE + 1).toArray();
            int[][] found = run(x);
            for (int i = 0; i < found.length; i++) {
                for (int j = 0; j < found[i].length; j++) {
                    int expected = expected(i, j, x, found);
                    wrong[i] += found[i][j] == expected ? 0 : 1;
                    far[i] = Math.max(far[i], Math.abs(found[i][j] - expected));
                }
            }
        }
        assertThat(wrong).startsWith(0, 0, 0, 0, 0, 0, 0, 0, 0);
        // These are computed as reals, where TFLite goes by tables of 256 entries with lines between.
        assertThat(far[9]).isEqualTo(MOST_SIGMOID);
        assertThat(far[10]).isEqualTo(MOST_TANH);
    }

    private static final int MOST_SIGMOID = 1;
    private static final int MOST_TANH = 3;

    private int expected(int operator, int at, int[] x, int[][] found) {
        int channel = at % OUT;
        int row = at / OUT / SIZE;
        int column = at / OUT % SIZE;
        return switch (operator) {
            case 0 -> held(longTimes(window(x, IN, row, column, channel, convWeights, false) + convBias[channel],
                    (double) X * convScales[channel] / C));
            case 1 -> Math.max(0, held(times((int) window(found[0], OUT, row, column, channel, depthWeights, true)
                    + depthBias[channel], (double) C * depthScales[channel] / D)));
            case 2 -> held(times(shared(found[0][at], C) + shared(found[1][at], D), 2.0 * D / (1 << 15) / SUM));
            case 3 -> Math.max(0, held(times(shared(found[0][at], C) - shared(found[1][at], D),
                    2.0 * D / (1 << 15) / DIFFERENCE)));
            case 4 -> held(times(found[0][at] * found[1][at], C * D / PRODUCT));
            case 5 -> held(times(found[0][at], (double) C / MOVED));
            case 6 -> Math.max(-128, Math.min(127, times(found[0][at], (double) C / BYTE) - 3));
            case 7 -> mean(found[2], at);
            case 8 -> most(found[2], at);
            case 9 -> sigmoid(found[0][at]);
            default -> tanh(found[0][at]);
        };
    }

    private static int shared(int code, float scale) {
        return times(code << 15, scale / (2.0 * D));
    }

    private static int[] taps(int[] x, int at) {
        int channel = at % OUT;
        int corner = at / OUT / (SIZE / 2) * 2 * SIZE + at / OUT % (SIZE / 2) * 2;
        return new int[]{x[corner * OUT + channel], x[(corner + 1) * OUT + channel], x[(corner + SIZE) * OUT + channel],
            x[(corner + SIZE + 1) * OUT + channel]};
    }

    private static int mean(int[] x, int at) {
        int sum = 0;
        for (int tap : taps(x, at)) {
            sum += tap;
        }
        return (sum + (sum > 0 ? 2 : -2)) / 4;
    }

    private static int most(int[] x, int at) {
        int most = Short.MIN_VALUE;
        for (int tap : taps(x, at)) {
            most = Math.max(most, tap);
        }
        return most;
    }

    /** 65536 sigmoid(i / 24). */
    private static int entry(int i) {
        return (int) Math.min(65535, Math.round(65536 / (1 + Math.exp(-i / 24.0))));
    }

    /** An input on the scale of the table, by a multiplier of up to 14 bits. */
    private static int scaled(int code) {
        double multiplier = C * 4096.0 * 3;
        int shift = 0;
        while (multiplier <= 32767 / 2.0 && shift <= 30) {
            shift++;
            multiplier *= 2;
        }
        return code * (int) multiplier + (1 << shift - 1) >> shift;
    }

    private static int sigmoid(int code) {
        int x = scaled(code);
        int place = Math.abs(x) >> 9;
        long result = place >= 255
                ? 0x7fffL << 10
                : ((long) entry(place) << 9) + (Math.abs(x) & 0x1ff) * (entry(place + 1) - entry(place));
        return (int) ((x >= 0 ? result + (1 << 9) : (1L << 25) - result + (1 << 9) - 1) >> 10);
    }

    private static int tanh(int code) {
        int x = scaled(code);
        int place = Math.abs(x) >> 8;
        long result = place >= 255
                ? 0xffffL << 8
                : ((long) entry(place) << 8) + (Math.abs(x) & 0xff) * (entry(place + 1) - entry(place));
        return (int) ((x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8);
    }

    /** What a reader of the text sees. */
    @Test
    void theText() {
        assertThat(text).contains("rounding: short", "static(16, scale: 7.0e-4)", "rest: true", "qadd(", "qsub(",
                "qmul(");
    }
}
