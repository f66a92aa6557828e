package dev.tern.quantizer.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.quantizer.posttraining.Equalization;
import dev.tern.quantizer.posttraining.KnownParameters;
import dev.tern.quantizer.posttraining.LayerFit;
import dev.tern.quantizer.posttraining.QuantizedModel;
import dev.tern.quantizer.posttraining.Rounding;
import dev.tern.quantizer.scheme.ModelQuantizer.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Float models as texts, with random numbers, made low-bit. */
class ModelQuantizerTest {
    private static final String TEXT = """
            block Step(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels]) {
                y = x |> depthwise(3x3) |> batchnorm |> relu |> conv(channels, 1x1, bias: true) as pw |> relu
            }

            model Small(image: f32[6, 6, 2]) -> (scores: f32[4]) {
                parameters "small.safetensors"

                // What stands here stays.
                stem   = image |> conv(8, 3x3, bias: true) |> relu
                body   = stem |> repeat(2, Step(8))
                scores = body |> avgpool |> dense(4, bias: true) |> softmax
            }
            """;

    private final SourceFile source = new SourceFile("small.tern", TEXT);
    private final AnalyzedModel model = analyzed(source);
    private final Map<String, Tensor.Floats> parameters = parameters(model.graph(), 1);
    private final List<List<Tensor>> samples = samples(20);

    private static AnalyzedModel analyzed(SourceFile text) {
        Diagnostics diagnostics = new Diagnostics();
        return Analyzer.analyze(SyntaxReader.read(text, diagnostics), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.list()));
    }

    private static Map<String, Tensor.Floats> parameters(Graph graph, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor.Floats> result = new LinkedHashMap<>();
        graph.nodes().forEach(node -> {
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                float[] values = new float[node.type().shape().elements()];
                for (int i = 0; i < values.length; i++) {
                    double x = random.nextGaussian();
                    values[i] = (float) (path.endsWith("variance") || path.endsWith("gamma") ? 0.5 + x * x : 0.5 * x);
                }
                result.put(path, new Tensor.Floats(node.type().shape(), values));
            }
        });
        return result;
    }

    private static List<List<Tensor>> samples(int count) {
        SplittableRandom random = new SplittableRandom(99);
        List<List<Tensor>> samples = new ArrayList<>();
        for (int sample = 0; sample < count; sample++) {
            float[] values = new float[72];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            samples.add(List.of(new Tensor.Floats(Shape.of(6, 6, 2), values)));
        }
        return samples;
    }

    private static QuantizationRequest request(String weights, Rounding rounding) {
        return new QuantizationRequest(Optional.of(weights), Optional.of("dynamic(8)"), Optional.empty(),
                Map.of(), Optional.empty(), false, List.of(), false, rounding, Optional.empty());
    }

    private static QuantizationRequest within(long bytes, boolean packed, String... choices) {
        return new QuantizationRequest(Optional.empty(), Optional.of("dynamic(8)"), Optional.empty(),
                Map.of(), Optional.of(bytes), packed, List.of(choices), false, Rounding.FITTED,
                Optional.empty());
    }

    private Result quantize(QuantizationRequest request) {
        return ModelQuantizer.quantize(source, model, parameters, samples, request, "small4.safetensors");
    }

    @Test
    void writesTheSchemesWhereTheOpsStand() {
        QuantizationRequest request = new QuantizationRequest(Optional.of("ternary(twn)"), Optional.of("dynamic(4)"),
                Optional.of("int(8)"), Map.of(), Optional.empty(), false, List.of(), false, Rounding.FITTED,
                Optional.empty());
        String low = ", weights: ternary(twn), activations: dynamic(4))";
        String high = ", weights: int(8), activations: dynamic(8))";
        String expected = """
                block Step(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels]) {
                    y = x |> depthwise(3x3LOW |> batchnorm |> relu
                          |> conv(channels, 1x1, bias: trueLOW as pw |> relu
                }

                model Small(image: f32[6, 6, 2]) -> (scores: f32[4]) {
                    parameters "small4.safetensors"

                    // What stands here stays.
                    stem   = image |> conv(8, 3x3, bias: trueHIGH |> relu
                    body   = stem  |> repeat(2, Step(8))
                    scores = body  |> avgpool |> dense(4, bias: trueHIGH |> softmax
                }
                """.replace("LOW", low).replace("HIGH", high);
        assertThat(quantize(request).text().text()).isEqualTo(expected);
    }

    /** What was found on the samples is what the model computes, once its text and numbers are read again. */
    @Test
    void theWrittenModelComputesWhatWasMeasured() {
        Result result = quantize(request("ternary(twn)", Rounding.FITTED));
        AnalyzedModel read = analyzed(result.text());
        assertThat(read.layers()).extracting(Layer::weights).filteredOn(Optional::isPresent)
                .containsOnly(Optional.of("ternary(twn)")).hasSize(6);
        Diagnostics diagnostics = new Diagnostics();
        Graph bound = ModelReader.bind(read.withNumbers(result.quantized().parameters()), Path.of(""), diagnostics);
        assertThat(diagnostics.list()).isEmpty();
        for (int sample = 0; sample < samples.size(); sample++) {
            Tensor scores = GraphInterpreter.run(bound, samples.get(sample)).getFirst();
            Tensor before = result.quantized().outputs().getFirst()[sample];
            assertThat(argmax(scores)).isEqualTo(argmax(before));
        }
        assertThat(result.quantized().agreement()).isPresent();
    }

    private static int argmax(Tensor tensor) {
        float[] x = ((Tensor.Floats) tensor).values();
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            best = x[i] > x[best] ? i : best;
        }
        return best;
    }

    @Test
    void noLayerIsWorseThanItsFormulaAndMoreBitsAreBetter() {
        double last = Double.POSITIVE_INFINITY;
        for (String weights : List.of("ternary(twn)", "int(4)", "int(8)")) {
            Result fitted = quantize(request(weights, Rounding.FITTED));
            assertThat(fitted.quantized().layers()).hasSize(6)
                    .allMatch(layer -> layer.error() <= layer.formulaError());
            assertThat(fitted.quantized().outputError()).isLessThan(last)
                    .isLessThan(quantize(request(weights, Rounding.FORMULA)).quantized().outputError());
            last = fitted.quantized().outputError();
        }
        assertThat(last).isLessThan(1e-3);
    }

    /**
     * Ways to codes by themselves. Those that change the formula's codes for less error in the first layer, whose
     * inputs are those of the float model, have less; all of them together have the least of the whole model.
     */
    @Test
    void eachWayByItselfIsBetterThanTheFormulaAndTogetherTheyAreBest() {
        for (String weights : List.of("ternary(twn)", "int(3)")) {
            Map<Rounding, QuantizedModel> found = new EnumMap<>(Rounding.class);
            for (Rounding way : Rounding.values()) {
                found.put(way, quantize(request(weights, way)).quantized());
            }
            LayerFit formula = found.get(Rounding.FORMULA).layers().getFirst();
            assertThat(formula.error()).isEqualTo(formula.formulaError());
            for (Rounding way : List.of(Rounding.SCALED, Rounding.COMPENSATED, Rounding.ADAPTED)) {
                assertThat(found.get(way).layers().getFirst().error()).as(weights + way).isLessThan(formula.error());
            }
            // Nothing before the first layer is quantized but its input, to 8 bits: there is next to nothing to match.
            assertThat(found.get(Rounding.MATCHED).layers().getFirst().error()).isCloseTo(formula.error(),
                    withinPercentage(10));
            double together = found.remove(Rounding.FITTED).outputError();
            assertThat(found.values()).as(weights).allMatch(alone -> alone.outputError() > together);
        }
    }

    @Test
    void floatLayersStayAsTheyAre() {
        Result result = quantize(request("float", Rounding.FITTED));
        assertThat(result.quantized().layers()).extracting(LayerFit::path).isEmpty();
        assertThat(result.quantized().parameters().entries()).hasSize(parameters.size());
    }

    @Test
    void aPackedBudgetIsKeptToTheByte() {
        long least = quantize(request("ternary(twn)", Rounding.FITTED)).quantized().parameters().packedBytes();
        // 8 * ceil(18 * 2 / 8) + 2 * 8 * (ceil(9 * 2 / 8) + 2) + 4 * 2 bytes of codes; 44 scales, 28 biases, 2 * 32
        // numbers of batch normalization.
        assertThat(least).isEqualTo(8 * 5 + 2 * 8 * (3 + 2) + 4 * 2 + 4 * (44 + 28 + 64));
        double error = Double.POSITIVE_INFINITY;
        for (long budget : new long[]{least, least + 41, least + 1000}) {
            Result result = quantize(within(budget, true, "ternary(twn)", "int(4)"));
            assertThat(result.quantized().parameters().packedBytes()).isBetween(least, budget);
            assertThat(result.quantized().outputError()).isLessThanOrEqualTo(error);
            error = result.quantized().outputError() * 1.5;
        }
        assertThatThrownBy(() -> quantize(within(least - 1, true, "ternary(twn)"))).isInstanceOf(
                CompilationFailedException.class)
                .hasMessageContaining("no choice of schemes keeps the budget of " + (least - 1) + " bytes");
    }

    /** Before the first and last layer's scheme, and under a budget: of several the last. */
    @Test
    void layersGetSchemesByTheirNames() {
        Map<String, String> layers = new LinkedHashMap<>(Map.of("*.pw", "ternary(twn)"));
        layers.put("scores.*", "int(3)");
        QuantizationRequest named = new QuantizationRequest(Optional.of("int(4)"), Optional.empty(),
                Optional.of("int(8)"), layers, Optional.empty(), false, List.of(), false, Rounding.FITTED,
                Optional.empty());
        assertThat(quantize(named).text().text()).contains("conv(8, 3x3, bias: true, weights: int(8)",
                "depthwise(3x3, weights: int(4)", "conv(channels, 1x1, bias: true, weights: ternary(twn)",
                "dense(4, bias: true, weights: int(3)");
        QuantizationRequest within = new QuantizationRequest(Optional.empty(), Optional.empty(), Optional.empty(),
                layers, Optional.of(100_000L), true, List.of("int(8)", "int(4)"), false, Rounding.FITTED,
                Optional.empty());
        assertThat(quantize(within).text().text()).contains("conv(8, 3x3, bias: true, weights: int(8)",
                "conv(channels, 1x1, bias: true, weights: ternary(twn)", "dense(4, bias: true, weights: int(3)");
        QuantizationRequest nobody = new QuantizationRequest(Optional.of("int(4)"), Optional.empty(), Optional.empty(),
                Map.of("head.*", "int(8)"), Optional.empty(), false, List.of(), false, Rounding.FITTED,
                Optional.empty());
        assertThatThrownBy(() -> quantize(nobody)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no layer with weights is called 'head.*': there are stem.conv, ");
    }

    @Test
    void aBudgetOfTheCompiledWeightsIsWrittenAndKept() {
        long most = quantize(request("float", Rounding.FITTED)).flash();
        Result result = quantize(within(most - 1, false, "int(8)", "float"));
        assertThat(result.flash()).isLessThan(most);
        assertThat(result.text().text()).contains("    budget flash: " + (most - 1) + " B\n", "// ", "alone moves the");
        AnalyzedModel read = analyzed(result.text());
        Graph bound = ModelReader.bind(read.withNumbers(result.quantized().parameters()), Path.of(""),
                new Diagnostics());
        assertThat(bound.budget().flash()).isEqualTo(most - 1);
        assertThat(Compilation.of(bound, read.layers(), HostTarget.portable("a test")).program().constantBytes())
                .isEqualTo(result.flash());
    }

    @Test
    void calibratedRangesAreFound() {
        QuantizationRequest request = new QuantizationRequest(Optional.of("int(8)"),
                Optional.of("static(8, calibrated)"), Optional.empty(), Map.of(), Optional.empty(), false, List.of(),
                true,
                Rounding.FITTED, Optional.empty());
        Result result = quantize(request);
        assertThat(result.quantized().parameters().entries()).extracting(entry -> entry.name())
                .contains("stem.conv.range", "body.1.pw.range");
        assertThat(result.quantized().outputError()).isLessThan(0.01);
    }

    /** Factors are powers of two, so that every product and sum is the same but for its exponent. */
    @Test
    void equalizationLeavesTheFloatModelAsItIs() {
        Map<String, Tensor.Floats> uneven = new LinkedHashMap<>(parameters);
        float[] weights = parameters.get("stem.conv.weight").values().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= 1 << i / 18;
        }
        uneven.put("stem.conv.weight", new Tensor.Floats(Shape.of(8, 3, 3, 2), weights));
        Map<String, Tensor.Floats> equal = Equalization.apply(model.graph(), uneven, samples);
        assertThat(equal).isNotEqualTo(uneven);
        Graph before = KnownParameters.bind(model.graph(), uneven);
        Graph after = KnownParameters.bind(model.graph(), equal);
        for (List<Tensor> sample : samples) {
            assertThat(GraphInterpreter.run(after, sample)).isEqualTo(GraphInterpreter.run(before, sample));
        }
        float[] changed = equal.get("stem.conv.weight").values();
        assertThat(greatest(changed, 7) / greatest(changed, 0)).isLessThan(greatest(weights, 7) / greatest(weights, 0));
    }

    private static float greatest(float[] weights, int channel) {
        float greatest = 0;
        for (int i = channel * 18; i < (channel + 1) * 18; i++) {
            greatest = Math.max(greatest, Math.abs(weights[i]));
        }
        return greatest;
    }
}
