package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.testing.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What each scheme and each op puts into the graph. */
class SchemeGraphsTest {
    private static String graph(String input, String output, String expression) {
        return GraphPrinter.print(
                Analyze.model("m.tern", "model M(x: " + input + ") -> (y: " + output + ") {\n    y = " + expression
                        + "\n}\n")
                        .graph());
    }

    /** @param cases input type, output type and expression of each */
    private static void check(String file, String[][] cases) {
        StringBuilder all = new StringBuilder();
        for (String[] each : cases) {
            all.append("== ").append(each[0]).append(": ").append(each[2]).append('\n')
                    .append(graph(each[0], each[1], each[2]));
        }
        Golden.check("analysis/" + file, all.toString());
    }

    @Test
    void activations() {
        check("activations.txt", new String[][]{{"f32[4]", "f32[1]", "x |> dense(1, activations: float)"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: sign)"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: ternary(0.5))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: dynamic(4))"},
            {"f32[4]", "f32[1]", "x |> relu |> dense(1, activations: dynamic(4))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: dynamic(4, absmax))"},
            {"f32[4]", "f32[1]", "x |> sigmoid |> dense(1, activations: dynamic(1, absmax))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: static(8, -1..1))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: static(2, 0.5..1))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: static(8, calibrated))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: static(8, scale: 0.3367, zero: 0))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: static(4, scale: 0.1, zero: 3, unsigned: true))"},
            {"f32[4]", "f32[1]", "x |> dense(1, activations: static(2, scale: 1, narrow: true))"},
            {"f32[4]", "f32[1]",
                "x |> dense(1, weights: int(4), activations: dynamic(4)) |> dense(1, weights: binary)"}});
    }

    @Test
    void perRow() {
        check("per-row.txt", new String[][]{{"f32[3, 4]", "f32[3, 1]",
            "x |> dense(1, weights: binary, activations: dynamic(4, per: row))"}});
    }

    @Test
    void perChannel() {
        check("per-channel.txt", new String[][]{
            {"f32[2, 2, 3]", "f32[1, 1, 6]",
                "x |> depthwise(2x2, pad: valid, multiplier: 2, weights: binary,"
                        + " activations: static(4, calibrated, per: channel))"},
            {"f32[2, 2, 3]", "f32[1, 1, 3]",
                "x |> relu |> quantize(static(4, calibrated, per: channel))"
                        + " |> depthwise(2x2, pad: valid, weights: int(8), bias: true)"},
            {"f32[4]", "f32[4]", "x |> quantize(static(8, calibrated, per: channel)) |> gelu"},
            {"f32[2, 4]", "f32[1, 8]",
                "x |> quantize(static(8, calibrated, per: channel)) |> reshape([1, 8]) |> dense(8)"}});
    }

    @Test
    void weights() {
        String[] schemes = {"binary", "binary(scale: none)", "ternary", "ternary(absmean)", "ternary(ttq, 0.1)",
            "ternary(threshold: 0.2, scale: tensor)", "int(3)", "int(8, scale: group(2))", "float"};
        check("weights.txt",
                Arrays.stream(schemes)
                        .map(scheme -> new String[]{"f32[4]", "f32[1]",
                            "x |> dense(1, weights: " + scheme + ", activations: dynamic(4), bias: true)"})
                        .toArray(String[][]::new));
    }

    /** u8 and i8 inputs: their codes stand for the range of the static scheme that reads them. */
    @Test
    void storedInputs() {
        check("stored-inputs.txt", new String[][]{
            {"u8[4]", "f32[1]", "x |> dense(1, weights: binary, activations: static(8, 0..1))"},
            {"u8[4]", "f32[1]", "x |> dense(1, weights: binary, activations: static(8, -1..1))"},
            {"i8[4]", "f32[1]", "x |> dense(1, weights: binary, activations: static(8, -1..1))"},
            {"i8[4]", "f32[1]", "x |> dense(1, weights: binary, activations: static(8, 0..1))"},
            {"u8[4]", "f32[1]", "x |> dense(1, weights: binary, activations: static(4, 0..1))"},
            {"u8[4]", "f32[1]", "x |> dense(1, weights: binary, activations: dynamic(4))"},
            {"u8[4]", "f32[1]", "x |> dense(1, activations: static(8, scale: 0.5, zero: 128, unsigned: true))"},
            {"u8[4]", "f32[1]", "x |> dense(1, activations: static(8, scale: 0.01))"},
            {"i8[4]", "f32[1]", "x |> dense(1, activations: static(8, scale: 0.5, zero: -3))"},
            {"u8[4]", "f32[1]",
                "x |> reshape([2, 2]) |> flatten |> dense(1, weights: binary, activations: static(8, 0..1))"},
            {"u8[4]", "f32[4]", "x |> quantize(static(8, -1..1)) |> quantize(dynamic(4))"},
            {"u8[4]", "f32[1]", "x + 1 |> slice(0, 1)"}});
    }

    @Test
    void quantizersInAPlaceOfTheirOwn() {
        check("quantize.txt", new String[][]{{"f32[2, 2]", "f32[2, 2]", "x |> quantize(dynamic(4))"},
            {"f32[2, 2]", "f32[2, 2]", "x |> quantize(sign)"},
            {"f32[2, 2]", "f32[2, 2]",
                "x |> quantize(dynamic(2)) |> flatten |> dense(4, weights: binary) |> reshape([2, 2])"},
            {"f32[2, 2]", "f32[2, 2]", "x |> quantize(dynamic(2)) |> relu"}});
    }

    @Test
    void opsOfEveryKind() {
        check("ops.txt", new String[][]{{"f32[6, 4]", "f32[6, 8]",
            "x |> conv1d(8, 3, weights: binary, activations: sign)"},
            {"f32[6, 4]", "f32[2, 8]", "x |> conv1d(8, 3, stride: 2, pad: valid, groups: 2)"},
            {"f32[6, 6, 2]", "f32[3, 3, 4]", "x |> depthwise(3x3, stride: 2, multiplier: 2, pad: same(+1))"},
            {"f32[6, 6, 2]", "f32[7, 5, 1]", "x |> conv(1, 2x2, pad: [1, 0, 1, 0], dilation: 1)"},
            {"f32[6, 6, 2]", "f32[6, 6, 2]", "x |> prelu |> hardtanh |> gelu |> silu |> tanh |> clip(-1..6)"},
            {"f32[6, 6, 2]", "f32[3, 3, 2]", "x |> avgpool(3x3, stride: 2, pad: same)"},
            {"f32[6, 2]", "f32[2]", "x |> avgpool"},
            {"f32[2, 3, 4]", "f32[4, 3, 2]", "x |> transpose"},
            {"f32[2, 3, 4]", "f32[3, 2, 4]", "x |> transpose([1, 0, 2])"},
            {"f32[2, 3, 4]", "f32[2, 3, 4]", "concat(slice(x, 0, 1), x |> slice(1, 4))"},
            {"f32[2, 3]", "i32[2]", "x |> softmax |> argmax"}, {"f32[3]", "i32", "-x |> argmax"},
            {"f32[2, 3]", "f32[2, 3]", "x |> layernorm |> rmsnorm |> attention(3)"},
            {"f32[2, 3, 1]", "f32[8, 12, 1]", "x |> upsample(2) |> convtranspose(1, 3x3, stride: 2, bias: true)"}});
    }

    @Test
    void whatIsNotLoweredPointsAtItsText() {
        AnalyzedModel model = Analyze.model("m.tern", """
                model M(x: f32[4], t: step[5]) -> (y: f32[4]) {
                    default weights: binary, activations: tdq(4, step: t)
                    y = x |> reshape([2, 2]) |> attention(2) |> flatten
                }
                """);
        assertThat(model.graph().nodes()).filteredOn(n -> n.operation() instanceof Operation.NotLowered)
                .extracting(Node::origin).extracting(o -> o.position().toString()).containsExactly("m.tern:3:33");
    }
}
