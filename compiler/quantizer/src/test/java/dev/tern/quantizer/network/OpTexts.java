package dev.tern.quantizer.network;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.syntax.SyntaxReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** For every op of the language models that use it, float or quantized, with small inputs. */
final class OpTexts {
    /** Written with the name of the op that a text is about; a text is an expression over image x, row r and step t. */
    static final Map<String, List<String>> BY_OP = new LinkedHashMap<>();

    static {
        add("dense", "r |> dense(4)", "r |> dense(4, weights: int(4, asymmetric))", "x |> dense(3)",
                "x |> dense(3, weights: ternary(twn, scale: group(2)))");
        add("conv", "x |> conv(3, 3x3)", "x |> conv(6, 3x2, stride: 2, dilation: 2, groups: 2, pad: valid)",
                "x |> conv(4, 3x3, pad: same(+1))",
                "x |> conv(4, 3x3, weights: ternary(twn, scale: group(2)))");
        add("depthwise", "x |> depthwise(3x3)", "x |> depthwise(3x3, multiplier: 2, stride: 2)");
        add("conv1d", "x |> reshape([20, 4]) |> conv1d(3, 5)");
        add("batchnorm", "x |> batchnorm", "r |> batchnorm");
        add("bias", "x |> bias", "r |> bias");
        add("scale", "x |> scale", "x |> scale(divide: true)");
        add("layernorm", "x |> layernorm");
        add("rmsnorm", "x |> rmsnorm");
        add("groupnorm", "x |> groupnorm(2)");
        add("l2norm", "x |> l2norm");
        for (String function : List.of("relu", "sigmoid", "tanh", "silu", "exp", "softplus", "abs", "hardsigmoid",
                "hardswish", "relu6", "hardtanh", "prelu", "softmax")) {
            add(function, "(3 * r) |> " + function);
        }
        add("gelu", "(3 * r) |> gelu", "(3 * r) |> gelu(erf)");
        add("sqrt", "sqrt(r * r + 0.5)");
        add("log", "log(r * r + 0.5)");
        add("reciprocal", "reciprocal(r * r + 0.5)");
        add("elu", "(3 * r) |> elu", "(3 * r) |> elu(0.5)");
        add("leakyrelu", "r |> leakyrelu(0.2)");
        add("clip", "r |> clip(-0.5..0.25)");
        add("argmax", "r |> dense(4) |> argmax");
        add("divide", "r / (r * r + 1)");
        add("matmul", "matmul(reshape(r, [2, 4]), reshape(r, [4, 2]))", "matmul(x, x |> transpose([0, 2, 1]))");
        add("min", "min(r, r * r)");
        add("max", "max(r, reshape(r, [8]) * 2)");
        add("maxpool", "x |> maxpool(2x2)", "x |> maxpool(3x3, stride: 2, pad: same)");
        add("avgpool", "x |> avgpool", "x |> avgpool(2x2)");
        add("reduce", "x |> reduce(mean, axes: [0])", "x |> reduce(sum, axes: [2])", "x |> reduce(max, axes: [1])");
        add("flatten", "x |> flatten");
        add("reshape", "x |> reshape([10, 8])");
        add("transpose", "x |> transpose([2, 0, 1])");
        add("slice", "x |> slice(1, 3, axis: 1)");
        add("split", "x |> split(1, 0, axis: 1)");
        add("pad", "x |> pad(1, 2, axis: 0)");
        add("concat", "concat(r, r |> dense(4), r * 2)", "concat(x, relu(x), axis: 1)");
        add("upsample", "x |> upsample(2)", "x |> upsample(2, bilinear)");
        add("convtranspose", "x |> convtranspose(3, 3x3, stride: 2)", "x |> convtranspose(2, 2x2, groups: 2)",
                "x |> convtranspose(2, 3x2, stride: 2, dilation: 3)");
        add("repeat", "r |> repeat(2, dense(4) |> relu)");
        add("quantize", "r |> quantize(static(8, -4..4)) |> dense(4)");
        add("embed", "r + (t |> embed(sinusoidal, 8))", "r + (t |> embed(learned, 8))",
                "r + ((words |> embed(learned, 2)) |> flatten)");
    }

    private OpTexts() {
    }

    private static void add(String op, String... expressions) {
        BY_OP.put(op, List.of(expressions));
    }

    /** @param defaults the schemes of weights and activations, as the language writes them */
    static Graph graph(String expression, String defaults) {
        boolean image = expression.matches("(?s).*\\bx\\b.*");
        boolean index = expression.contains("argmax");
        boolean step = expression.matches("(?s).*\\bt\\b.*");
        String inputs = image
                ? "x: f32[5, 4, 4]"
                : "r: f32[8]" + (step ? ", t: step[3]" : "")
                        + (expression.contains("words") ? ", words: index[5, 4]" : "");
        // A fraction of each element is added by a parameter, so that a gradient must come as far as the input.
        String offset = image ? "x" : "r";
        String text = "model Op(" + inputs.replaceFirst("^.", "given") + ") -> (y: " + (index ? "i32" : "f32[_]")
                + ") {\n    default " + defaults
                + "\n    " + offset + " = given |> bias\n    z = " + expression + "\n    y = z"
                + (index ? "" : " |> flatten") + "\n}\n";
        return analyzed(text);
    }

    /** The graph of a model's text. */
    static Graph analyzed(String text) {
        Diagnostics diagnostics = new Diagnostics();
        var model = Analyzer.analyze(SyntaxReader.read(new SourceFile("op.tern", text), diagnostics), diagnostics);
        diagnostics.throwIfErrors();
        return model.orElseThrow().graph();
    }
}
