package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.parameters.MemoryTensors;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.syntax.SyntaxReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where f32 arithmetic that overflows can make NaN, of inputs up to the greatest f32. */
class MagnitudesTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        // Infinities of both signs meet only where both sides overflow.
        "x; no", "x + x; no", "(x + x) + x; no", "x - (x + x); no", "(x + x) - (x + x); holds",
        "(x + x) + (x + x); holds", "0.5 * x - 0.5 * x; no", "2 * x - 2 * x; holds", "2 * x - 0.5 * x; no",
        // 0 times infinity.
        "0 * (x + x); holds", "(x + x) * 0; holds", "2 * (x + x); no", "x * x; no", "(x + x) * x; holds",
        "x * (x + x); holds", "0 * x; no",
        "x / x; holds",
        "min(0.4 * x, x - x) - max(x - x, 0.4 * x); holds",
        "min(0.4 * x, 0.2 * x) - max(0.2 * x, 0.4 * x); no", "min(2 * x, x) - max(x, 2 * x); holds",
        // Functions that bound what they are given, and that do not.
        "relu(x + x); no", "relu(x + x) - relu(x + x); holds", "tanh(x + x) - tanh(x + x); no",
        "sigmoid(x + x) - sigmoid(x + x); no", "gelu(x); no", "gelu(x + x); holds",
        "(x + x |> clip(-1..1)) - (x + x |> clip(-1..1)); no", "(x + x |> softmax); holds", "softmax(x); no",
        "softmax(x) - softmax(x); no",
        // Pools and movements.
        "(x + x |> maxpool(2)); no", "(x + x |> avgpool(2)); holds", "(x |> avgpool(2)); no",
        "(2 * x |> transpose([1, 0, 2])) - (2 * x |> transpose([1, 0, 2])); holds",
        "concat(x, 0 * (x + x), axis: 2); holds", "concat(x, x + x, axis: 2); no",
        "concat(0.5 * x, x + x, axis: 2) - concat(x + x, x, axis: 2); holds",
        // A scale that is measured is a number where twice the range is.
        "(0.4 * x |> quantize(dynamic(4))); no", "(x |> quantize(dynamic(4))); all",
        "(0.6 * x |> quantize(dynamic(4))); all",
        "(0.4 * x |> quantize(dynamic(4, absmax))); no", "(x |> quantize(static(4, -1..1))); no",
        "(x + x |> quantize(static(4, -1..1))) - x; no",
        // Sums of products: 32 of them, of weights up to 2.
        "(x |> flatten |> dense(2)); holds", "(0.01 * x |> flatten |> dense(2)); no",
        "(0.02 * x |> flatten |> dense(2)); holds",
        "(x |> flatten |> dense(2, weights: binary, activations: static(2, -1..1))); no",
        // Slopes are 4 and 0; scales 2 and 0, shifts 0 and 2e38.
        "(x |> prelu); no", "(x + x |> prelu); holds", "(x |> batchnorm); no", "(x + x |> batchnorm); holds",
        // What may be infinite makes NaN of 0; sums and products that reach the greatest f32 to a thousandth may be.
        "0 * (x + 1e32); holds", "0 * (0.4 * x + 1e38); no", "0 * (3.402823e38 * tanh(x)); holds",
        "0 * (3.39e38 * tanh(x)); no", "0 * (x / 0.5); holds", "0 * (x / 2); no",
        "0 * (0.5 * x |> prelu); holds", "0 * (0.2 * x |> prelu); no",
        "0 * (0.4 * x |> batchnorm); holds", "0 * (0.1 * x |> batchnorm); no",
        // Codes up to 15 less zero points up to 15, times a fifteenth of twice the range.
        "0 * (0.4 * x |> quantize(dynamic(4))); holds", "0 * (0.2 * x |> quantize(dynamic(4))); no",
        "0 * (0.4 * x |> quantize(dynamic(4, absmax))); no", "0 * (x |> clip(-1..1) |> quantize(dynamic(4))); no",
        // Of rows by themselves some are numbers while others are not.
        "(0.4 * x |> quantize(dynamic(4, per: row))); no", "(x |> quantize(dynamic(4, per: row))); holds"})
    void whereNaNMayCome(String value, String expected) {
        Graph graph = graph(value);
        ValueId y = graph.outputs().getFirst().value();
        Magnitudes magnitudes = Magnitudes.of(graph);
        assertThat(magnitudes.mayHoldNaN(y)).as("among numbers").isEqualTo(expected.equals("holds"));
        assertThat(magnitudes.mayBeNaN(y)).as("at all").isEqualTo(!expected.equals("no"));
    }

    private static Graph graph(String value) {
        Graph graph = Stream.of(2, 8, 32, 64).flatMap(elements -> analyzed(value, elements).stream()).findFirst()
                .orElseThrow();
        float[] weights = new float[64];
        Arrays.fill(weights, 2);
        MemoryTensors source = new MemoryTensors();
        if (value.contains("dense")) {
            source.floats("y.dense.weight", List.of(2L, 32L), weights);
        }
        if (value.contains("prelu")) {
            source.floats("y.prelu.slope", List.of(2L), 4, 0);
        }
        if (value.contains("batchnorm")) {
            source.floats("y.batchnorm.gamma", List.of(2L), 2, 0).floats("y.batchnorm.beta", List.of(2L), 0, 2e38f)
                    .floats("y.batchnorm.mean", List.of(2L), 0, 0)
                    .floats("y.batchnorm.variance", List.of(2L), 1, 1);
        }
        Diagnostics none = new Diagnostics();
        Graph bound = ParameterBinder.bind(graph, source, none).orElseThrow();
        Graph folded = new FoldConstants().apply(new ExpandComposites().apply(bound, none), none);
        return new FoldBatchNormIntoAffine().apply(folded, none);
    }

    /** The model, if its output has so many elements. */
    private static Optional<Graph> analyzed(String value, int elements) {
        Diagnostics diagnostics = new Diagnostics();
        String text = "model M(x: f32[4, 4, 2]) -> (y: f32[" + elements + "]) {\n    y = flatten(" + value + ")\n}\n";
        return Analyzer.analyze(SyntaxReader.read(new SourceFile("m.tern", text), diagnostics), diagnostics)
                .filter(model -> !diagnostics.hasErrors()).map(model -> model.graph());
    }
}
