package dev.tern.importers.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.graph.Graph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each op of the language is written, and read back to the same bits. */
class EveryOpTest {
    private static final List<ExportOptions> WAYS = List.of(ExportOptions.DEFAULT,
            new ExportOptions(21, false, true), new ExportOptions(25, true, false),
            new ExportOptions(20, false, false), new ExportOptions(25, false, false, true));

    /** How an op is used on a picture x of [6, 6, 4], where its name alone will not do. */
    private static final Map<String, List<String>> USES = Map.ofEntries(
            Map.entry("dense", List.of("x |> dense(5)", "x |> flatten |> dense(5, bias: true)",
                    "x |> dense(3, activations: dynamic(4, absmax, per: row))",
                    "x |> dense(3, weights: int(8), activations: dynamic(8, absmax))")),
            Map.entry("conv", List.of("x |> conv(5, 3x3, stride: 2)", "x |> conv(6, 3x2, groups: 2, bias: true)",
                    "x |> conv(3, 3x3, pad: same(+1), activations: sign, weights: binary)",
                    "x |> conv(3, 4x3, pad: same(-1), stride: 2, activations: ternary(0.5), weights: int(4))",
                    "x |> conv(3, 3x3, dilation: 2, activations: static(3, -1..2), weights: ternary(ttq))",
                    "x |> conv(3, 3x3, activations: ternary(0.5), weights: int(4, scale: none))",
                    "x |> conv(3, 3x3, activations: static(8, scale: 0.02, narrow: true))",
                    "x |> conv(3, 3x3, activations: dynamic(8), weights: int(8))")),
            Map.entry("depthwise", List.of("x |> depthwise(3x3, multiplier: 2)",
                    "x |> depthwise(3x3, weights: int(4, scale: group(1)))")),
            Map.entry("conv1d", List.of("x |> reshape([36, 4]) |> conv1d(5, 3, stride: 2)")),
            Map.entry("convtranspose", List.of("x |> convtranspose(5, 3x3, stride: 2)",
                    "x |> convtranspose(4, 1x2, stride: 3)", "x |> convtranspose(4, 3x2, stride: 2, dilation: 2x3)",
                    "x |> convtranspose(4, 3x3, groups: 2, weights: float)")),
            Map.entry("clip", List.of("x |> clip(-0.5..1)")),
            Map.entry("groupnorm", List.of("x |> groupnorm(2)")),
            Map.entry("maxpool", List.of("x |> maxpool(2x2)", "x |> maxpool(3x3, stride: 2, pad: same)")),
            Map.entry("avgpool", List.of("x |> avgpool", "x |> avgpool(3x3, stride: 2, pad: same, ceil: true)",
                    "x |> avgpool(3x3, stride: 2, pad: same, count_padding: true)")),
            Map.entry("reduce", List.of("x |> reduce(mean, [0, 1])", "x |> reduce(sum, [2])", "x |> reduce(max, [0])")),
            Map.entry("reshape", List.of("x |> reshape([9, 16])")),
            Map.entry("transpose", List.of("x |> transpose", "x |> transpose([1, 0, 2])")),
            Map.entry("split", List.of("x |> split(1, 0)")),
            Map.entry("slice", List.of("x |> slice(1, 3)", "x |> slice(1, 3, axis: 0)")),
            Map.entry("pad", List.of("x |> pad(1, 2)", "x |> pad(0, 2, axis: 0, value: -1.5)")),
            Map.entry("concat", List.of("concat(x, relu(x))", "concat(x, relu(x), axis: 0)")),
            Map.entry("upsample", List.of("x |> upsample(2x3)", "x |> upsample(2x3, bilinear)")),
            Map.entry("gelu", List.of("x |> gelu", "x |> gelu(erf)")),
            Map.entry("repeat", List.of("x |> repeat(2, dense(4) |> relu)")),
            Map.entry("quantize", List.of("x |> quantize(static(4, -1..1))", "x |> quantize(dynamic(8))",
                    "x |> quantize(dynamic(3, minmax))", "x |> quantize(dynamic(5, absmax))",
                    "x |> quantize(dynamic(4, minmax, per: row))", "x |> quantize(sign)", "x |> quantize(ternary(0.5))",
                    "x |> quantize(static(8, -2..3)) |> maxpool(2x2) |> dense(3)",
                    "x |> quantize(tdq(4, step: t))", "x |> relu |> quantize(tdq(3, step: t))",
                    "x |> quantize(tdq(4, step: t, levels: 13))")),
            Map.entry("embed", List.of("x + (t |> embed(learned, 4))", "x + (t |> embed(sinusoidal, 4))",
                    "x + (words |> embed(learned, 4))")),
            Map.entry("matmul", List.of("matmul(x, x |> transpose([0, 2, 1]), activations: float)",
                    "matmul(reshape(x, [9, 16]), reshape(x, [16, 9]), activations: float)",
                    "matmul(x, x |> transpose([0, 2, 1]), activations: dynamic(8))",
                    "matmul(x, relu(x) |> transpose([0, 2, 1]), activations: dynamic(4, absmax))",
                    "matmul(x, relu(x) |> transpose([0, 2, 1]), activations: dynamic(5, minmax))",
                    "matmul(x, x |> transpose([0, 2, 1]), activations: static(6, -1..2))",
                    "matmul(x, x |> transpose([0, 2, 1]), activations: sign)",
                    "matmul(x |> quantize(static(8, scale: 0.1, zero: 4)), x |> quantize(dynamic(8))"
                            + " |> transpose([0, 2, 1]))",
                    // Sums beyond 2^24.
                    "matmul(reshape(concat(x, x, x, x, x, x), [1, 864]), reshape(concat(x, x, x, x, x, x), [864, 1]),"
                            + " activations: static(8, scale: 0.001))")),
            Map.entry("requantize", List.of(
                    "x |> dense(3, weights: int(8), activations: static(8, scale: 0.05))"
                            + " |> requantize(static(8, scale: 0.5))",
                    "x |> conv(5, 3x3, stride: 2, weights: int(8), activations: static(8, scale: 0.02, zero: 3))"
                            + " |> requantize(static(8, scale: 0.3, zero: -5), bias: true, rounding: single,"
                            + " range: -100..100)",
                    "x |> depthwise(3x3, weights: int(8), activations: static(8, scale: 0.02, unsigned: true))"
                            + " |> requantize(static(8, scale: 0.03, zero: 7), bias: true) |> maxpool(2x2)"
                            + " |> conv(3, 2x2, weights: ternary, activations: static(8, scale: 0.03, zero: 7))"
                            + " |> requantize(static(8, scale: 0.01, zero: 200, unsigned: true), range: 20..220)",
                    "x |> conv(3, 3x3, pad: same(+1), activations: sign, weights: binary)"
                            + " |> requantize(static(4, scale: 0.5), bias: true)",
                    "x |> dense(3, weights: int(4, scale: none), activations: ternary(0.5))"
                            + " |> requantize(static(8, scale: 0.25, zero: 1)) |> flatten"
                            + " |> dense(4, weights: int(8), activations: static(8, scale: 0.25, zero: 1))")),
            Map.entry("qadd", List.of("qadd(x, relu(x), static(8, scale: 0.05, zero: 3),"
                    + " left: static(8, scale: 0.02), right: static(8, scale: 0.03, zero: -128))",
                    "qadd(x, relu(x), static(8, scale: 0.05, unsigned: true), left: static(8, scale: 0.02),"
                            + " right: static(8, scale: 0.03, zero: 20, unsigned: true), rounding: single,"
                            + " range: 3..200) |> maxpool(2x2) |> dense(3, weights: int(8),"
                            + " activations: static(8, scale: 0.05, unsigned: true))")),
            Map.entry("qsub", List.of("qsub(x, relu(x), static(8, scale: 0.05), left: static(8, scale: 0.02),"
                    + " right: static(8, scale: 0.03, zero: -128), range: -10..100)")),
            Map.entry("qmul", List.of("qmul(x, relu(x), static(8, scale: 0.05, zero: 3),"
                    + " left: static(8, scale: 0.02), right: static(8, scale: 0.03, zero: -128))",
                    "qmul(x, relu(x), static(8, scale: 0.07), left: static(8, scale: 0.013),"
                            + " right: static(6, scale: 0.03), rounding: single)")),
            Map.entry("qtable", List.of("x |> qtable(static(8, scale: 0.1, zero: 5), from: static(8, scale: 0.03))",
                    "x |> conv(5, 3x3, weights: int(8), activations: static(8, scale: 0.02, zero: 3))"
                            + " |> requantize(static(8, scale: 0.3, zero: -5))"
                            + " |> qtable(static(8, scale: 0.1), from: static(8, scale: 0.3, zero: -5))"
                            + " |> qtable(static(8, scale: 0.2), from: static(8, scale: 0.1))"
                            + " |> conv(3, 3x3, weights: int(8), activations: static(8, scale: 0.2))"
                            + " |> requantize(static(8, scale: 4))")),
            Map.entry("scale", List.of("x |> scale", "x |> scale(divide: true)",
                    "x |> scale(divide: true, shape: [6, 1, 4])")),
            Map.entry("min", List.of("min(x, relu(x) - 1)")),
            Map.entry("max", List.of("max(x, sigmoid(x))")));

    /** What is refused: what the compiler refuses, too. */
    private static final Set<String> REFUSED = Set.of("attention");

    @TempDir
    private Path folder;

    static Stream<OpDefinition> ops() {
        return Catalogue.ops().stream().filter(op -> !REFUSED.contains(op.name()));
    }

    private static String model(String expression) {
        boolean step = expression.contains("step: t") || expression.contains("t |>");
        return "model Op(x: f32[6, 6, 4]" + (step ? ", t: step[5]" : "")
                + (expression.contains("words") ? ", words: index[7, 6]" : "") + ") -> (y: " + (expression.contains(
                        "argmax")
                                ? "i32"
                                : "f32") + "[...]) {\n"
                + "    default weights: ternary(twn), activations: dynamic(4)\n    y = " + expression + "\n}\n";
    }

    /** The text with the shape that its result has. */
    private static Graph graph(String expression) {
        String text = model(expression);
        for (String shape : List.of("_, _, _", "_, _", "_", "")) {
            var found = RoundTrip.graph(text.replace("...", shape), 7);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalArgumentException(text);
    }

    @ParameterizedTest
    @MethodSource("ops")
    void comesBack(OpDefinition op) throws IOException {
        for (String use : USES.getOrDefault(op.name(), List.of("x |> " + op.name()))) {
            for (ExportOptions options : WAYS) {
                assertThat(RoundTrip.difference(graph(use), options, folder, 3)).as(use + " " + options).isEmpty();
            }
        }
    }

    /** Scales for groups of inputs: what is added is rounded group by group, here as there. */
    @ParameterizedTest
    @ValueSource(strings = {"x |> dense(5, weights: ternary(twn, scale: group(2)))",
        "x |> flatten |> dense(5, bias: true, weights: int(4, scale: group(36)), activations: dynamic(3, absmax))",
        "x |> dense(5, weights: int(4, scale: group(2)), activations: dynamic(4, absmax, per: row))",
        "x |> dense(5, weights: int(8, scale: group(1)), activations: dynamic(8))",
        "x |> dense(5, weights: int(4, scale: group(2)), activations: static(4, -1..1))",
        "x |> dense(5, weights: int(4, asymmetric, scale: group(2)), activations: static(8, -1..2))",
        "x |> dense(5, weights: ternary(absmean, scale: group(2)), activations: float)",
        "x |> dense(5, weights: binary(scale: group(2)), activations: sign)",
        "x |> dense(5, weights: int(4, scale: group(2)), activations: tdq(4, step: t))",
        "x |> dense(5, weights: ternary(ttq, scale: group(2)))",
        "x |> relu |> conv(5, 3x3, stride: 2, bias: true, weights: binary(scale: group(2)), activations: dynamic(2))",
        "x |> conv(6, 3x3, groups: 2, weights: ternary(ttq, scale: group(1)), activations: dynamic(8))",
        "x |> conv(6, 3x3, weights: ternary, activations: sign) |> conv(5, 2x2, weights: int(5, scale: group(3)))",
        "x |> conv(6, 3x3) |> flatten |> dense(3, weights: int(4, scale: group(54)))",
        "x |> convtranspose(4, 3x3, stride: 2, weights: int(8, scale: group(2)))",
        "x |> reshape([36, 4]) |> conv1d(5, 3, weights: int(4, scale: group(2)))"})
    void scalesForGroupsComeBack(String use) throws IOException {
        for (ExportOptions options : WAYS) {
            assertThat(RoundTrip.difference(graph(use), options, folder, 3)).as(use + " " + options).isEmpty();
            assertThat(RoundTrip.text(graph(use), options, folder)).containsOnlyOnce("scale: group(");
        }
    }

    @Test
    void whatOnnxHasNoMeaningForIsNamed() {
        String text = "model Op(x: f32[4, 8]) -> (y: f32[4, 8]) {\n    y = x |> attention(2)\n}\n";
        assertThatThrownBy(() -> OnnxExport.of(RoundTrip.graph(text, 1).orElseThrow(), ExportOptions.DEFAULT))
                .isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("`attention` cannot be written as ONNX");
    }
}
