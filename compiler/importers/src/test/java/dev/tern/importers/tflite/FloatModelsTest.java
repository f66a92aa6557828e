package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Models of reals: their texts, and what they compute. */
class FloatModelsTest {
    @Test
    void convolutionsPoolsAndProducts() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 3, 3, 1);
        int w = model.floats("w", new int[]{2, 2, 2, 1}, 1, 2, 3, 4, -1, -1, -1, -1);
        int b = model.floats("b", new int[]{2}, 0.5f, 1);
        int c = model.tensor("net/stem/Relu;net/stem/BiasAdd", TfliteModels.F32, 1, 3, 3, 2);
        int p = model.tensor("p", TfliteModels.F32, 1, 1, 1, 2);
        int f = model.floats("f", new int[]{2, 2}, 1, 0, 1, 1);
        int y = model.tensor("y", TfliteModels.F32, 1, 2);
        model.inputs(x).outputs(y)
                .node("CONV_2D", new int[]{x, w, b}, new int[]{c}, TfliteModels.i32(1, 1), TfliteModels.i32(2, 1),
                        TfliteModels.i8(3, 1), TfliteModels.i32(4, 1), TfliteModels.i32(5, 1))
                .node("MAX_POOL_2D", new int[]{c}, new int[]{p}, TfliteModels.i8(0, 1), TfliteModels.i32(1, 3),
                        TfliteModels.i32(2, 3), TfliteModels.i32(3, 3), TfliteModels.i32(4, 3))
                .node("FULLY_CONNECTED", new int[]{p, f, -1}, new int[]{y});
        ImportedTflite imported = ImportedTflite.of(model.build());
        assertThat(imported.body()).isEqualTo("""
                model Net(x: f32[3, 3, 1]) -> (y: f32[2]) {
                    parameters "net.safetensors"

                    // stem (CONV_2D), p (MAX_POOL_2D), y (FULLY_CONNECTED)
                    stem = x    |> conv(2, 2x2, bias: true) |> relu |> maxpool(3x3) |> flatten
                    // y (FULLY_CONNECTED)
                    y    = stem |> dense(2)
                }
                """);
        // The odd row and column of padding lie behind: the greatest sum, 77, is that of the window at 1, 1.
        assertThat(imported.run(1f, 2, 3, 4, 5, 6, 7, 8, 9)).containsExactly(77.5f, 77.5f);
    }
}
