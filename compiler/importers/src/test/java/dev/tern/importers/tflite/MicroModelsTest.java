package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Models in the shape of those that microcontrollers and telephones run, with numbers that can be followed by hand. */
class MicroModelsTest {
    private static final TfliteModels.Field RELU = TfliteModels.i8(0, 1);

    /** As "hello world" of TFLite Micro: a number through three layers, in reals. */
    @Test
    void oneNumberThroughLayersOfReals() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 1);
        int a = model.floats("a", new int[]{2, 1}, 1, -1);
        int ab = model.floats("ab", new int[]{2}, 0, 0.5f);
        int h = model.tensor("h", TfliteModels.F32, 1, 2);
        int b = model.floats("b", new int[]{1, 2}, 2, 3);
        int y = model.tensor("y", TfliteModels.F32, 1, 1);
        model.inputs(x).outputs(y).node("FULLY_CONNECTED", new int[]{x, a, ab}, new int[]{h}, RELU)
                .node("FULLY_CONNECTED", new int[]{h, b, -1}, new int[]{y});
        ImportedTflite imported = ImportedTflite.of(model.build());
        assertThat(imported.run(4f)).containsExactly(8);
        assertThat(imported.run(-4f)).containsExactly(13.5f);
    }

    /** The same on codes: products less the input's zero point, halved with halves away from zero. */
    @Test
    void oneNumberThroughLayersOfCodes() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, -1, 1, 1);
        int a = model.codes("a", TfliteModels.I8, new int[]{2, 1}, new float[]{0.25f}, new long[1], 0, 3, -5);
        int ab = model.bias("ab", new float[]{0.125f}, 4, -2);
        int h = model.coded("h", TfliteModels.I8, 0.25f, -128, 1, 2);
        int b = model.codes("b", TfliteModels.I8, new int[]{1, 2}, new float[]{0.5f}, new long[1], 0, 1, -2);
        int y = model.coded("y", TfliteModels.I8, 0.25f, 7, 1, 1);
        model.inputs(x).outputs(y).node("FULLY_CONNECTED", new int[]{x, a, ab}, new int[]{h}, RELU)
                .node("FULLY_CONNECTED", new int[]{h, b, -1}, new int[]{y});
        ImportedTflite imported = ImportedTflite.of(model.build());
        for (byte code : new byte[]{-128, -20, -1, 0, 3, 50, 127}) {
            int first = hidden(3 * (code + 1) + 4);
            int second = hidden(-5 * (code + 1) - 2);
            int sum = half(first - 2 * second) + 7;
            assertThat(imported.run(code)).as("code " + code)
                    .containsExactly((Math.clamp(sum, -128, 127) - 7) * 0.25f);
        }
    }

    /** Above the zero point: what a code of the hidden layer is less its zero point. */
    private static int hidden(int sum) {
        return Math.clamp(half(sum), 0, 255);
    }

    private static int half(int number) {
        return (number + Integer.signum(number)) / 2;
    }

    /**
     * As detectors of faces have it: half-precision weights, a depthwise step of two beside a pool with new channels.
     */
    @Test
    void halvesAndNewChannelsBesideAPool() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 2, 2, 1);
        // 0.5, 1, -2 and 0.25.
        int halves = model.codes("halves", TfliteModels.F16, new int[]{1, 2, 2, 1}, new float[0], new long[0], 0, 0x00,
                0x38, 0x00, 0x3c, 0x00, 0xc0, 0x00, 0x34);
        int d = model.tensor("d", TfliteModels.F32, 1, 2, 2, 1);
        int db = model.floats("db", new int[]{1}, 1);
        int s = model.tensor("s", TfliteModels.F32, 1, 1, 1, 1);
        int p = model.floats("p", new int[]{2, 1, 1, 1}, 10, -10);
        int pb = model.floats("pb", new int[]{2}, 0, 3);
        int c = model.tensor("c", TfliteModels.F32, 1, 1, 1, 2);
        int m = model.tensor("m", TfliteModels.F32, 1, 1, 1, 1);
        int pads = model.ints("pads", new int[]{4, 2}, 0, 0, 0, 0, 0, 0, 0, 1);
        int w = model.tensor("w", TfliteModels.F32, 1, 1, 1, 2);
        int y = model.tensor("y", TfliteModels.F32, 1, 1, 1, 2);
        TfliteModels.Field two = TfliteModels.i32(1, 2);
        model.inputs(x).outputs(y).node("DEQUANTIZE", new int[]{halves}, new int[]{d})
                .node("DEPTHWISE_CONV_2D", new int[]{x, d, db}, new int[]{s}, TfliteModels.i8(0, 1), two,
                        TfliteModels.i32(2, 2), TfliteModels.i32(3, 1))
                .node("CONV_2D", new int[]{s, p, pb}, new int[]{c}, TfliteModels.i32(1, 1), TfliteModels.i32(2, 1))
                .node("MAX_POOL_2D", new int[]{x}, new int[]{m}, two, TfliteModels.i32(2, 2), TfliteModels.i32(3, 2),
                        TfliteModels.i32(4, 2))
                .node("PAD", new int[]{m, pads}, new int[]{w})
                .node("ADD", new int[]{c, w}, new int[]{y}, RELU);
        // The step gives 0.5 + 2 - 6 + 1 + 1 = -1.5.
        assertThat(ImportedTflite.of(model.build()).run(1, 2, 3, 4)).containsExactly(0, 18);
    }
}
