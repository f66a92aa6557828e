package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.importers.onnx.schema.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that models become: axes, names, schemes. */
class ImportedTextTest {
    @TempDir
    private Path folder;

    private ImportedModel read(OnnxModels model, ImportOptions options) throws IOException {
        Path file = folder.resolve("net.onnx");
        Files.write(file, model.build());
        Diagnostics diagnostics = new Diagnostics();
        ImportedModel imported = ImportFormat.read(file, options, diagnostics);
        assertThat(diagnostics.list()).isEmpty();
        return imported;
    }

    /** Everything after the model's first line. */
    private String body(OnnxModels model) throws IOException {
        String text = read(model, ImportOptions.DEFAULT).text().text();
        return text.substring(text.indexOf("model "));
    }

    private static OnnxModels picture() {
        return new OnnxModels(13).input("x", 1, 2, 4, 4).output("y", 1, 3)
                .floats("w", List.of(3L, 2L, 1L, 1L), 1, 2, 3, 4, 5, 6).floats("b", List.of(3L), 1, 2, 3)
                .node("Conv", "x w b", "c").node("Relu", "c", "r").node("GlobalAveragePool", "r", "g")
                .node("Flatten", "g", "y");
    }

    @Test
    void picturesBecomeChannelsLast() throws IOException {
        assertThat(body(picture())).isEqualTo("""
                model Net(x: f32[4, 4, 2]) -> (y: f32[3]) {
                    parameters "net.safetensors"

                    // c (Conv), r (Relu), g (GlobalAveragePool)
                    y = x |> conv(3, 1x1, bias: true) |> relu |> avgpool
                }
                """);
    }

    @Test
    void aFlattenedPictureIsReadInItsOwnOrder() throws IOException {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2, 2, 1).output("y", 1, 1)
                .floats("w", List.of(2L, 2L, 1L, 1L), 1, 0, 0, 1).floats("m", List.of(4L, 1L), 1, 10, 100, 1000)
                .node("Conv", "x w", "c").node("Flatten", "c", "f").node("MatMul", "f m", "y");
        assertThat(body(model)).contains("conv(2, 1x1) |> flatten").doesNotContain("transpose");
        ImportedModel imported = read(model, ImportOptions.DEFAULT);
        // [h, w, c] in Tern: the file's [c, h, w] = 1, 2, 3, 4.
        float[] result = Compilation.of(imported).model().newSession().run(new float[]{1, 3, 2, 4});
        assertThat(result).containsExactly(4321);
    }

    @Test
    void layersTakeTheSchemesThatAreAskedFor() throws IOException {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2).output("y", 1, 2)
                .floats("a", List.of(2L, 2L), 1, 2, 3, 4).node("MatMul", "x a", "p").node("MatMul", "p a", "q")
                .node("MatMul", "q a", "y");
        ImportOptions options = new ImportOptions(Optional.of("ternary(twn)"), Optional.of("dynamic(4)"),
                Optional.of("int(8)"), ImportOptions.DEFAULT.shapes(), ImportOptions.DEFAULT.constants(), false);
        assertThat(read(model, options).text().text()).contains(
                "x |> dense(2, weights: int(8), activations: dynamic(8))",
                "p |> dense(2, weights: ternary(twn), activations: dynamic(4))",
                "q |> dense(2, weights: int(8), activations: dynamic(8))");
    }

    private static OnnxModels separable() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2, 4, 4).output("y", 1, 3, 2, 2)
                .floats("d2", List.of(2L, 1L, 3L, 3L), new float[18])
                .floats("d3", List.of(3L, 1L, 3L, 3L), new float[27])
                .floats("p23", List.of(3L, 2L, 1L, 1L), new float[6])
                .floats("p33", List.of(3L, 3L, 1L, 1L), new float[9]);
        String[] depthwise = {"d2", "d3", "d3"};
        String[] pointwise = {"p23", "p33", "p33"};
        String x = "x";
        for (int i = 0; i < 3; i++) {
            String end = i == 2 ? "y" : "s" + i;
            model.node("Conv", x + " " + depthwise[i], "a" + i, OnnxModels.integer("group", i == 0 ? 2 : 3),
                    OnnxModels.integers("strides", i == 2 ? 2L : 1L, i == 2 ? 2L : 1L),
                    OnnxModels.text("auto_pad", "SAME_UPPER")).node("Relu", "a" + i, "b" + i)
                    .node("Conv", "b" + i + " " + pointwise[i], end);
            x = end;
        }
        return model;
    }

    /** For schemes that differ from layer to layer; what the model computes is the same. */
    @Test
    void layersApartShareNoText() throws IOException {
        ImportedModel apart = read(separable(), ImportOptions.DEFAULT.layersApart());
        assertThat(apart.text().text()).doesNotContain("block", "repeat");
        assertThat(apart.text().text().lines().filter(line -> line.contains("depthwise(3x3"))).hasSize(3);
        float[] input = {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5,
            4};
        assertThat(Compilation.of(apart).model().newSession().run(input)).isEqualTo(
                Compilation.of(read(separable(), ImportOptions.DEFAULT)).model().newSession().run(input));
    }

    @Test
    void whatOccursAgainBecomesABlock() throws IOException {
        assertThat(read(separable(), ImportOptions.DEFAULT).text().text()).isEqualTo("""
                block Separable(x: f32[_, _, _], stride: int = 1) -> (y: f32[_, _, _]) {
                    a = x |> depthwise(3x3, stride: stride) |> relu
                    y = a |> conv(3, 1x1)
                }

                /// From net.onnx: ONNX, opset 13, by test.
                model Net(x: f32[4, 4, 2]) -> (y: f32[2, 2, 3]) {
                    parameters "net.safetensors"

                    // a0 (Conv), b0 (Relu), s0 (Conv), a1 (Conv), b1 (Relu), s1 (Conv)
                    s1 = x  |> repeat(2, Separable)
                    // a2 (Conv), b2 (Relu), y (Conv)
                    y  = s1 |> Separable(stride: 2)
                }
                """);
    }

    @Test
    void aLayerThatFollowsItselfIsRepeated() throws IOException {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2).output("y", 1, 2)
                .floats("a", List.of(2L, 2L), 1, 2, 3, 4).floats("b", List.of(2L, 2L), 1, 0, 0, 1)
                .node("MatMul", "x a", "p").node("Tanh", "p", "t").node("MatMul", "t b", "q").node("Tanh", "q", "y");
        assertThat(body(model)).contains("y = x |> repeat(2, dense(2) |> tanh)");
        float first = (float) StrictMath.tanh(1);
        float second = (float) StrictMath.tanh(2);
        assertThat(Compilation.of(read(model, ImportOptions.DEFAULT)).model().newSession().run(new float[]{1, 0}))
                .containsExactly((float) StrictMath.tanh(first), (float) StrictMath.tanh(second));
    }

    @Test
    void aSmallBatchIsOneExampleAfterTheOther() throws IOException {
        OnnxModels model = new OnnxModels(13).input("x", 2, 1, 1, 2).output("y", 2, 1, 1, 2)
                .floats("w", List.of(1L, 1L, 1L, 2L), 1, 10)
                .node("Conv", "x w", "y", OnnxModels.integers("pads", 0L, 0L, 0L, 1L));
        ImportedModel imported = read(model, ImportOptions.DEFAULT);
        assertThat(imported.outputs().getFirst().sourceShape()).containsExactly(2, 1, 1, 2);
        float[] result = Compilation.of(imported).model().newSession().run(new float[]{1, 2, 3, 4});
        int[] places = imported.outputs().getFirst().places();
        float[] ordered = new float[4];
        for (int i = 0; i < places.length; i++) {
            ordered[places[i]] = result[i];
        }
        assertThat(ordered).containsExactly(21, 2, 43, 4);
    }

    @Test
    void thresholdsCountFromTheThresholdOn() throws IOException {
        OnnxModels model = new OnnxModels(13).domain("qonnx.custom_op.general", 1).input("x", 1, 2).output("y", 1, 2)
                .floats("t", List.of(2L, 3L), -1, 0, 1, 10, 20, 30)
                .node("qonnx.custom_op.general", "MultiThreshold", "x t", "y", OnnxModels.decimal("out_scale", 0.5f),
                        OnnxModels.decimal("out_bias", -1), OnnxModels.text("out_dtype", "INT3"));
        ImportedModel imported = read(model, ImportOptions.DEFAULT);
        for (float[] each : new float[][]{{-2, 9, -1, -1}, {-1, 10, -0.5f, -0.5f}, {0.5f, 29.9f, 0, 0},
            {1, 1000, 0.5f, 0.5f}}) {
            assertThat(Compilation.of(imported).model().newSession().run(new float[]{each[0], each[1]}))
                    .containsExactly(each[2], each[3]);
        }
    }

    /** Of 0.5 x: every way of rounding at its ties, and behind the ends of four bits. */
    @ParameterizedTest
    @CsvSource({"ROUND, 0, 1, -1, -2", "half_even, 0, 1, -1, -2", "CEIL, 1, 1, -1, -1", "floor, 0, 0, -2, -2",
        "UP, 1, 1, -2, -2", "DOWN, 0, 0, -1, -1", "HALF_UP, 1, 1, -1, -2", "HALF_DOWN, 0, 1, -1, -1"})
    void everyRoundingMode(String mode, float half, float above, float below, float tie) throws IOException {
        OnnxModels model = new OnnxModels(13).domain("qonnx.custom_op.general", 1).input("x", 1, 6).output("y", 1, 6)
                .floats("s", List.of(), 0.5f).floats("z", List.of(), 0).floats("b", List.of(), 4)
                .node("qonnx.custom_op.general", "Quant", "x s z b", "y", OnnxModels.integer("signed", 1),
                        OnnxModels.integer("narrow", 0), OnnxModels.text("rounding_mode", mode));
        float[] found = Compilation.of(read(model, ImportOptions.DEFAULT)).model().newSession()
                .run(new float[]{0.25f, 0.3f, -0.6f, -0.75f, 100, -100});
        assertThat(found).containsExactly(half / 2, above / 2, below / 2, tie / 2, 3.5f, -4);
    }

    @Test
    void dynamicallyQuantizedProductsAreLayersOfTern() throws IOException {
        OnnxModels model = new OnnxModels(13).input("x", 1, 3).output("y", 1, 2)
                .bytes("w", 3, List.of(3L, 2L), 1, -2, 3, 4, -5, 6).bytes("wz", 3, List.of(), 0)
                .floats("ws", List.of(), 0.5f).node("DynamicQuantizeLinear", "x", "q s z")
                .node("MatMulInteger", "q w z wz", "p").node("Cast", "p", "f", OnnxModels.integer("to", 1))
                .node("Mul", "s ws", "both").node("Mul", "f both", "y");
        assertThat(body(model)).contains("y = x |> dense(2, weights: int(8), activations: dynamic(8))")
                .doesNotContain("*");
        // The range is 0..255 in steps of 1: the codes are the numbers.
        assertThat(Compilation.of(read(model, ImportOptions.DEFAULT)).model().newSession()
                .run(new float[]{255, 0, 2})).containsExactly((255 - 10) / 2f, (-510 + 12) / 2f);
    }

    @Test
    void integerConvolutionsBecomeQuantizedLayers() throws IOException {
        OnnxModels model = new OnnxModels(13).input("x", 1, 1, 2, 2).output("y", 1, 1, 1, 1)
                .floats("s", List.of(), 0.5f).bytes("z", 2, List.of(), 10).bytes("w", 3, List.of(1L, 1L, 2L, 2L), 1, 2,
                        -3, 4)
                .floats("ws", List.of(), 0.25f).bytes("wz", 3, List.of(), 0).floats("ys", List.of(), 0.125f)
                .bytes("yz", 2, List.of(), 3).node("QuantizeLinear", "x s z", "q")
                .node("QLinearConv", "q s z w ws wz ys yz", "c").node("DequantizeLinear", "c ys yz", "y");
        assertThat(body(model)).contains("weights: int(8)",
                "activations: static(8, scale: 0.5, zero: 10, unsigned: true)",
                "quantize(static(8, scale: 0.125, zero: 3, unsigned: true))");
        // 0.5 * (2, 4, 1, 3) by 0.25 * (1, 2, -3, 4).
        assertThat(Compilation.of(read(model, ImportOptions.DEFAULT)).model().newSession()
                .run(new float[]{1, 2, 0.5f, 1.5f})).containsExactly(0.125f * (2 + 8 - 3 + 12));
    }

    @Test
    void bothRoadsGiveOneGraph() throws IOException {
        ImportedModel imported = read(picture(), ImportOptions.DEFAULT);
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel direct = ImportFormat.analyze(imported, diagnostics).orElseThrow();
        Path text = Files.writeString(folder.resolve("net.tern"), imported.text().text());
        AnalyzedModel read = ModelReader.analyze(text, diagnostics);
        assertThat(GraphPrinter.print(read.graph())).isEqualTo(GraphPrinter.print(direct.graph()));
    }

    /** What is made reals of at once may be given as such. */
    @Test
    void integersThatBecomeRealsAtOnce() {
        ImportedOnnx imported = ImportedOnnx.of(new OnnxModels(13).input(OnnxModels.info("i", 7, 1, 2)).output("y", 1,
                2).floats("w", List.of(2L, 2L), 1, 2, 3, 4).node("Cast", "i", "f", OnnxModels.integer("to", 1))
                .node("MatMul", "f w", "y"));
        assertThat(imported.body()).contains("i: f32[2]");
        assertThat(imported.run(5, -1)).containsExactly(2, 6);
    }

    /**
     * Brevitas' QCDQ: QuantizeLinear, Clip to fewer bits, DequantizeLinear, for weights with a scale per channel too.
     */
    @Test
    void weightsQuantizedAndClippedInTheFile() {
        ImportedOnnx imported = ImportedOnnx.of(new OnnxModels(13).input("x", 1, 2).output("y", 1, 2)
                .floats("s", List.of(), 0.5f).bytes("z", 3, List.of(), 0).bytes("low", 3, List.of(), -7)
                .bytes("high", 3, List.of(), 7).floats("w", List.of(2L, 2L), 1, -20, 0.3f, 9)
                .floats("ws", List.of(2L), 0.25f, 1).bytes("wz", 3, List.of(2L), 0, 0)
                .node("QuantizeLinear", "x s z", "q").node("Clip", "q low high", "c").node("DequantizeLinear", "c s z",
                        "d")
                .node("QuantizeLinear", "w ws wz", "wq", OnnxModels.integer("axis", 0)).node("Clip", "wq low high",
                        "wc")
                .node("DequantizeLinear", "wc ws wz", "wd", OnnxModels.integer("axis", 0))
                .node("Gemm", "d wd", "y", OnnxModels.integer("transB", 1)));
        assertThat(imported.body()).contains("int(4)", "static(4, scale: 0.5, narrow: true)");
        // Codes 4, -7 (of -80) and 0, 7 (of 9); inputs 2 and -3.5 (of -5).
        assertThat(imported.run(2, -5)).containsExactly(1 * 2 + -1.75f * -3.5f, 7 * -3.5f);
    }

    /** ONNX Runtime's QOperator format: a layer, a sum with its input, a mean, and reals at the end. */
    @Test
    void operatorsOnCodesOfOnnxRuntime() {
        ImportedOnnx imported = ImportedOnnx.of(new OnnxModels(13).domain("com.microsoft", 1).input("x", 1, 2)
                .output("y", 1, 1).floats("s", List.of(), 0.5f).bytes("z", 2, List.of(), 10)
                .bytes("w", 2, List.of(2L, 2L), 131, 127, 128, 130).floats("ws", List.of(), 0.25f)
                .bytes("wz", 2, List.of(), 128).tensor(TensorProto.newBuilder().setName("b").setDataType(6).addDims(2)
                        .addInt32Data(8).addInt32Data(-8).build())
                .bytes("v", 3, List.of(1L, 2L), 1, 2).floats("vs", List.of(), 1).bytes("vz", 3, List.of(), 0)
                .node("QuantizeLinear", "x s z", "q")
                .node("com.microsoft", "QGemm", "q s z w ws wz b s z", "g", OnnxModels.integer("transB", 1))
                .node("com.microsoft", "QLinearAdd", "g s z q s z s z", "a")
                .node("com.microsoft", "QGemm", "a s z v vs vz", "y", OnnxModels.integer("transB", 1)));
        // Weights .75, -.25; 0, .5, biases 1, -1; inputs 4 and -2: 4.5 and -2, with the input 8.5 and -4.
        assertThat(imported.run(4, -2)).containsExactly(8.5f + 2 * -4f);
    }
}
