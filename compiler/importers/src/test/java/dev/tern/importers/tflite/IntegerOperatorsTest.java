package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Operators on codes, one by one, with codes worked out by hand. */
class IntegerOperatorsTest {
    private static final float[] SAME = {1};

    /** The codes that reals stand for. */
    private static int[] codes(float[] reals, float scale, int zero) {
        int[] codes = new int[reals.length];
        for (int i = 0; i < codes.length; i++) {
            float quotient = reals[i] / scale;
            assertThat(quotient).isEqualTo((float) Math.rint(quotient));
            codes[i] = Math.round(quotient) + zero;
        }
        return codes;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Means of the codes as they are stored, halves away from zero: 2.5 and -2.5, -127.5 and 0.25. */
    @Test
    void averages() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, -3, 1, 2, 2, 4);
        int y = model.coded("y", TfliteModels.I8, 0.5f, -3, 1, 1, 1, 4);
        model.inputs(x).outputs(y).node("AVERAGE_POOL_2D", new int[]{x}, new int[]{y}, TfliteModels.i8(0, 1),
                TfliteModels.i32(1, 2), TfliteModels.i32(2, 2), TfliteModels.i32(3, 2), TfliteModels.i32(4, 2));
        float[] means = ImportedTflite.of(model.build()).run(bytes(1, -1, -128, 0, 2, -2, -128, 0, 3, -3, -127, 0, 4,
                -4, -127, 1));
        assertThat(codes(means, 0.5f, -3)).containsExactly(3, -3, -128, 0);
    }

    /** 2 * 0.5 = 1 and 3 * 0.25: on a common scale of 1, over 2^20, to a scale of 0.5; then held by a relu. */
    @Test
    void sums() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, 1, 1, 4);
        int r = model.coded("r", TfliteModels.I8, 0.25f, -2, 1, 4);
        int y = model.coded("y", TfliteModels.I8, 0.5f, 10, 1, 4);
        model.inputs(x, r).outputs(y).node("ADD", new int[]{x, r}, new int[]{y}, TfliteModels.i8(0, 1));
        float[] result = new float[4];
        ImportedTflite.of(model.build()).compiled().model().newSession().run(
                new Object[]{bytes(3, -5, 127, 1), bytes(1, 2, 127, -1)}, new Object[]{result});
        // 1 + 0.75 = 1.75: 3.5 codes, 4; -3 + 1 is below zero; 63 + 32.25: 190.5, held; 0 + 0.25: a half.
        assertThat(codes(result, 0.5f, 10)).containsExactly(14, 10, 127, 11);
    }

    @Test
    void differencesAndProducts() {
        for (String operator : new String[]{"SUB", "MUL"}) {
            TfliteModels model = new TfliteModels();
            int x = model.coded("x", TfliteModels.I8, 0.5f, 1, 1, 2);
            int r = model.coded("r", TfliteModels.I8, 0.25f, -2, 1, 2);
            int y = model.coded("y", TfliteModels.I8, 0.125f, 0, 1, 2);
            model.inputs(x, r).outputs(y).node(operator, new int[]{x, r}, new int[]{y});
            float[] result = new float[2];
            ImportedTflite.of(model.build()).compiled().model().newSession().run(
                    new Object[]{bytes(3, -5), bytes(1, 2)}, new Object[]{result});
            assertThat(result).containsExactly(operator.equals("SUB")
                    ? new float[]{0.25f, -4}
                    : new float[]{0.75f, -3});
        }
    }

    /** Pixels to signed codes, a layer, and reals at the end, as converters write it around int8 models. */
    @Test
    void pixelsAndReals() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.U8, 1 / 256f, 0, 1, 2);
        int q = model.coded("q", TfliteModels.I8, 1 / 256f, -128, 1, 2);
        int w = model.codes("w", TfliteModels.I8, new int[]{1, 2}, SAME, new long[1], 0, 2, -1);
        int p = model.coded("p", TfliteModels.I8, 1 / 128f, 0, 1, 1);
        int y = model.tensor("y", TfliteModels.F32, 1, 1);
        model.inputs(x).outputs(y).node("QUANTIZE", new int[]{x}, new int[]{q})
                .node("FULLY_CONNECTED", new int[]{q, w, -1}, new int[]{p})
                .node("DEQUANTIZE", new int[]{p}, new int[]{y});
        ImportedTflite imported = ImportedTflite.of(model.build());
        assertThat(imported.body()).contains("x: u8[2]");
        // 2 * 200 - 100 = 300, halved: 150, held to 127.
        assertThat(imported.run(bytes(200, 100))).containsExactly(127 / 128f);
        assertThat(imported.run(bytes(20, 100))).containsExactly(-30 / 128f);
    }

    /** Reals to codes at the beginning. */
    @Test
    void realsFirst() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 2);
        int q = model.coded("q", TfliteModels.I8, 0.5f, 0, 1, 2);
        int t = model.coded("t", TfliteModels.I8, 1 / 128f, 0, 1, 2);
        model.inputs(x).outputs(t).node("QUANTIZE", new int[]{x}, new int[]{q}).node("TANH", new int[]{q},
                new int[]{t});
        // tanh 0.5 = 0.4621, 59.15 codes of 1/128.
        assertThat(ImportedTflite.of(model.build()).run(0.6f, -0.6f)).containsExactly(59 / 128f, -59 / 128f);
    }

    /** Channels of zeros and a pool beside a sum, as face detectors have them; codes of zero are zero points. */
    @Test
    void paddedChannels() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, 5, 1, 2, 2, 1);
        int pads = model.ints("pads", new int[]{4, 2}, 0, 0, 0, 0, 0, 0, 0, 1);
        int m = model.coded("m", TfliteModels.I8, 0.5f, 5, 1, 1, 1, 1);
        int p = model.coded("p", TfliteModels.I8, 0.5f, 5, 1, 1, 1, 2);
        model.inputs(x).outputs(p).node("MAX_POOL_2D", new int[]{x}, new int[]{m}, TfliteModels.i8(0, 1),
                TfliteModels.i32(1, 2), TfliteModels.i32(2, 2), TfliteModels.i32(3, 2), TfliteModels.i32(4, 2))
                .node("PAD", new int[]{m, pads}, new int[]{p});
        assertThat(codes(ImportedTflite.of(model.build()).run(bytes(-1, -2, -3, -4)), 0.5f, 5)).containsExactly(-1, 5);
    }

    /** A relu to another grid: by a fixed-point factor, as QUANTIZE between codes is. */
    @Test
    void rescaledCodes() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, 0, 1, 4);
        int y = model.coded("y", TfliteModels.I8, 2, -100, 1, 4);
        model.inputs(x).outputs(y).node("RELU", new int[]{x}, new int[]{y});
        // Fourths of 5, -8, 127 and 6: of 1.25 double rounding makes 2.
        assertThat(codes(ImportedTflite.of(model.build()).run(bytes(5, -8, 127, 6)), 2, -100))
                .containsExactly(-98, -100, -68, -98);
    }
}
