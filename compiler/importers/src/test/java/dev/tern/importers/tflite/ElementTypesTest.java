package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Weights and activations of the types that converters write. */
class ElementTypesTest {
    private static final float[] ONE = {1};
    private static final long[] ZERO = {0};

    /** 1.5, -2, 0.25 and 4 in half precision, read by a DEQUANTIZE of a constant. */
    @Test
    void halves() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 2);
        int half = model.codes("half", TfliteModels.F16, new int[]{2, 2}, new float[0], new long[0], 0, 0x00, 0x3e,
                0x00, 0xc0, 0x00, 0x34, 0x00, 0x44);
        int w = model.tensor("w", TfliteModels.F32, 2, 2);
        int y = model.tensor("y", TfliteModels.F32, 1, 2);
        model.inputs(x).outputs(y).node("DEQUANTIZE", new int[]{half}, new int[]{w})
                .node("FULLY_CONNECTED", new int[]{x, w, -1}, new int[]{y});
        assertThat(ImportedTflite.of(model.build()).run(1f, 10f)).containsExactly(-18.5f, 40.25f);
    }

    private static TfliteModels hybrid(int type, float[] scales, int... bytes) {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 4);
        int w = model.codes("w", type, new int[]{2, 4}, scales, new long[scales.length], 0, bytes);
        int y = model.tensor("y", TfliteModels.F32, 1, 2);
        return model.inputs(x).outputs(y).node("FULLY_CONNECTED", new int[]{x, w, -1}, new int[]{y});
    }

    /** Hybrid: coded weights with reals, which stay reals; two codes of four bits to a byte, the first one low. */
    @Test
    void codesOfFourBits() {
        // 1, -2, 7, -8 and 0, 3, -1, 2.
        ImportedTflite model = ImportedTflite.of(hybrid(TfliteModels.I4, new float[]{0.5f, 2}, 0xe1, 0x87, 0x30, 0x2f)
                .build());
        assertThat(model.body()).contains("weights: int(4)");
        assertThat(model.run(1f, 2f, 3f, 4f)).containsExactly(0.5f * (1 - 4 + 21 - 32), 2f * (6 - 3 + 8));
    }

    /** Four codes of two bits to a byte. */
    @Test
    void codesOfTwoBits() {
        // 1, 0, -1, -2 and 0, 1, 1, -1.
        ImportedTflite model = ImportedTflite.of(hybrid(TfliteModels.I2, ONE, 0b10110001, 0b11010100).build());
        assertThat(model.body()).contains("weights: int(3");
        assertThat(model.run(1f, 2f, 3f, 4f)).containsExactly(1 - 3 - 8, 2 + 3 - 4);
    }

    /** Hybrid weights of eight bits. */
    @Test
    void codesOfEightBits() {
        ImportedTflite model = ImportedTflite.of(hybrid(TfliteModels.I8, new float[]{0.5f}, 1, -128, 127, 3, 0, 0, 0, 1)
                .build());
        assertThat(model.body()).contains("weights: int(8)");
        assertThat(model.run(1f, 2f, 3f, 4f)).containsExactly(0.5f * (1 - 256 + 381 + 12), 2);
    }

    /** Unsigned codes with zero points everywhere: real = scale * (code - zero). */
    @Test
    void unsignedCodes() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.U8, 0.5f, 128, 1, 2);
        int w = model.codes("w", TfliteModels.U8, new int[]{2, 2}, new float[]{0.25f}, new long[]{130}, 0, 131, 128,
                130, 140);
        int b = model.bias("b", new float[]{0.125f}, 8, -800);
        int y = model.coded("y", TfliteModels.U8, 1, 100, 1, 2);
        model.inputs(x).outputs(y).node("FULLY_CONNECTED", new int[]{x, w, b}, new int[]{y});
        ImportedTflite imported = ImportedTflite.of(model.build());
        assertThat(imported.body()).contains("x: u8[2]", "unsigned: true", "requantize(");
        // x is 1, 6; sums 2 * 1 + 12 * -2 + 8 = -14 and 120 - 800 = -680, eighths of which are -1.75 and -85.
        assertThat(imported.run((byte) 130, (byte) 140)).containsExactly(-2, -85);
    }

    /** A negative zero point, per-channel scales, a fused relu, and a bias, by hand. */
    @Test
    void integersByFixedPointFactors() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, -3, 1, 1, 2, 1);
        int w = model.codes("w", TfliteModels.I8, new int[]{2, 1, 2, 1}, new float[]{0.5f, 0.125f}, new long[2], 0, 2,
                -1, 100, 100);
        int b = model.bias("b", new float[]{0.25f, 0.0625f}, 10, -20);
        int y = model.coded("y", TfliteModels.I8, 0.5f, -128, 1, 1, 1, 2);
        model.inputs(x).outputs(y).node("CONV_2D", new int[]{x, w, b}, new int[]{y}, TfliteModels.i8(0, 1),
                TfliteModels.i32(1, 1), TfliteModels.i32(2, 1), TfliteModels.i8(3, 1));
        ImportedTflite imported = ImportedTflite.of(model.build());
        // Codes less -3: 8 and 13. 16 - 13 + 10 = 13, times 1/2 is 6.5: 7. 2100 - 20 = 2080, times 1/8: 260, held.
        assertThat(imported.run((byte) 5, (byte) 10)).containsExactly(7 * 0.5f, 255 * 0.5f);
        // -125 and 130: -250 - 130 + 10 is below zero; 500 - 20 = 480, of which 60 remain.
        assertThat(imported.run((byte) -128, (byte) 127)).containsExactly(0, 60 * 0.5f);
    }

    /** Activations of 16 bits between reals. */
    @Test
    void sixteenBits() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 2);
        int q = model.coded("q", TfliteModels.I16, 0.001f, 0, 1, 2);
        int w = model.codes("w", TfliteModels.I8, new int[]{1, 2}, ONE, ZERO, 0, 3, -4);
        int p = model.coded("p", TfliteModels.I16, 0.01f, 0, 1, 1);
        int y = model.tensor("y", TfliteModels.F32, 1, 1);
        model.inputs(x).outputs(y).node("QUANTIZE", new int[]{x}, new int[]{q})
                .node("FULLY_CONNECTED", new int[]{q, w, -1}, new int[]{p})
                .node("DEQUANTIZE", new int[]{p}, new int[]{y});
        ImportedTflite imported = ImportedTflite.of(model.build());
        assertThat(imported.body()).contains("activations: static(16, scale: 0.001)",
                "requantize(static(16, scale: 0.01), rounding: short)");
        assertThat(imported.run(1.5f, 0.25f)).containsExactly(3.5f);
        // Held to the codes, and rounded to them: 32.767 and -32.768, and 0.0004 is 0.
        assertThat(imported.run(100, -100)).containsExactly(0.01f * 22937);
        assertThat(imported.run(0.0004f, 0.0006f)).containsExactly(0);
    }
}
