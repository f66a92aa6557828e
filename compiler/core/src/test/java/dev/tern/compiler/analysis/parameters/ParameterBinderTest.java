package dev.tern.compiler.analysis.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphVerifier;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.testing.Golden;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParameterBinderTest {
    private static final String TWO_LAYERS = """
            model Two(x: f32[3]) -> (y: f32[2]) {
                default weights: ternary(twn), activations: sign
                hidden = x |> dense(4) |> batchnorm
                y      = hidden |> dense(2, weights: int(4))
            }
            """;

    private static Graph graph(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Graph graph = Analyzer.analyze(SyntaxReader.read(new SourceFile("two.tern", text), diagnostics), diagnostics)
                .orElseThrow().graph();
        assertThat(diagnostics.list()).isEmpty();
        return graph;
    }

    private static Graph bind(Graph graph, TensorSource source) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<Graph> bound = ParameterBinder.bind(graph, source, diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        assertThat(GraphVerifier.verify(bound.orElseThrow())).isEmpty();
        assertThat(bound.get().nodes()).noneMatch(n -> n.operation() instanceof Operation.Parameter);
        return bound.get();
    }

    private static String errors(Graph graph, TensorSource source) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(ParameterBinder.bind(graph, source, diagnostics)).isEmpty();
        assertThat(diagnostics.hasErrors()).isTrue();
        return DiagnosticRenderer.render(diagnostics.list());
    }

    private static MemoryTensors without(Graph graph, String... names) {
        return new MemoryTensors().allBut(new RandomParameters(graph, 1), names);
    }

    private static List<Tensor> constants(Graph graph, String path) {
        return graph.nodes().stream().filter(n -> n.origin().path().equals(path)).map(Node::operation)
                .flatMap(o -> o instanceof Operation.Constant(Tensor tensor)
                        ? Optional.of(tensor).stream()
                        : Optional.<Tensor>empty().stream())
                .toList();
    }

    @Test
    void floatsTakeThePlaceOfParameters() {
        Graph graph = graph(TWO_LAYERS);
        RandomParameters source = new RandomParameters(graph, 1);
        Graph bound = bind(graph, source);
        assertThat(bound.nodes()).hasSameSizeAs(graph.nodes());
        TensorEntry gamma = source.entries().get(1);
        assertThat(gamma.name()).isEqualTo("hidden.batchnorm.gamma");
        assertThat(constants(bound, "hidden.batchnorm"))
                .contains(new Tensor.Floats(Shape.of(4), source.floats(gamma)));
    }

    @Test
    void codesTakeThePlaceOfQuantizers() {
        Graph graph = graph(TWO_LAYERS);
        Graph bound = bind(graph, without(graph, "hidden.dense.weight")
                .bytes("hidden.dense.weight.codes", DataType.I8, List.of(4L, 3L), 1, 0, -1, 0, 0, 1, 1, 1, 1, -1, -1, 0)
                .floats("hidden.dense.weight.scale", List.of(4L), 1, 2, 3, 4));
        assertThat(constants(bound, "hidden.dense")).containsExactly(
                new Tensor.Integers(Shape.of(4, 3), new int[]{1, 0, -1, 0, 0, 1, 1, 1, 1, -1, -1, 0}),
                new Tensor.Floats(Shape.of(4), new float[]{1, 2, 3, 4}));
        // The float weights are gone.
        assertThat(bound.nodes()).hasSize(graph.nodes().size() - 1);
    }

    @Test
    void packedCodesAreTheLowestBitsFirst() {
        Graph graph = graph(TWO_LAYERS);
        // Rows of 3 ternary codes in 2 bits each: 1, 0, -1 is 01 00 11, written from the right 110001.
        // Rows of 4 codes of 4 bits: -7, 7, -8, 1 is 9, 7, 8, 1.
        Graph bound = bind(graph, without(graph, "hidden.dense.weight", "y.dense.weight")
                .bytes("hidden.dense.weight.packed", DataType.U8, List.of(4L, 1L), 0b110001, 0, 0b010101, 0b111111)
                .floats("hidden.dense.weight.scale", List.of(), 0.5f)
                .bytes("y.dense.weight.packed", DataType.U8, List.of(2L, 2L), 0x79, 0x18, 0, 0xf0)
                .floats("y.dense.weight.scale", List.of(2L), 1, 0));
        assertThat(constants(bound, "hidden.dense")).containsExactly(
                new Tensor.Integers(Shape.of(4, 3), new int[]{1, 0, -1, 0, 0, 0, 1, 1, 1, -1, -1, -1}),
                Tensor.scalar(0.5f));
        assertThat(constants(bound, "y.dense")).contains(
                new Tensor.Integers(Shape.of(2, 4), new int[]{-7, 7, -8, 1, 0, 0, 0, -1}));
    }

    @Test
    void binaryBitsAreSigns() {
        Graph graph = graph("""
                model One(x: f32[9]) -> (y: f32[1]) {
                    y = x |> dense(1, weights: binary(scale: none), activations: sign)
                }
                """);
        Graph bound = bind(graph,
                new MemoryTensors().bytes("y.dense.weight.packed", DataType.U8, List.of(1L, 2L), 0b00001101, 1));
        assertThat(constants(bound, "y.dense")).containsExactly(
                new Tensor.Integers(Shape.of(1, 9), new int[]{1, -1, 1, 1, -1, -1, -1, -1, 1}));
    }

    @Test
    void trainedTernaryCodesHaveTwoScales() {
        Graph graph = graph("""
                model One(x: f32[3]) -> (y: f32[1]) {
                    y = x |> dense(1, weights: ternary(ttq), activations: dynamic(4))
                }
                """);
        Graph bound = bind(graph,
                new MemoryTensors().bytes("y.dense.weight.codes", DataType.I8, List.of(1L, 3L), 1, -1, 0)
                        .floats("y.dense.weight.scale.positive", List.of(1L), 2)
                        .floats("y.dense.weight.scale.negative", List.of(1L), 3));
        assertThat(constants(bound, "y.dense")).containsExactly(
                new Tensor.Integers(Shape.of(1, 3), new int[]{1, 0, 0}), Tensor.of(2),
                new Tensor.Integers(Shape.of(1, 3), new int[]{0, -1, 0}), Tensor.of(3));
    }

    /** Each group of inputs has its columns of the codes, and its column of the scales. */
    @Test
    void codesMayHaveScalesForGroups() {
        String text = """
                model One(x: f32[4]) -> (y: f32[2]) {
                    y = x |> dense(2, weights: %s, activations: dynamic(4))
                }
                """;
        MemoryTensors codes = new MemoryTensors().bytes("y.dense.weight.codes", DataType.I8, List.of(2L, 4L), 1, -1, 0,
                1, -1, 0, 1, 1);
        assertThat(constants(bind(graph(text.formatted("int(4, scale: group(2))")),
                codes.floats("y.dense.weight.scale", List.of(2L, 2L), 2, 3, 4, 5)), "y.dense")).containsExactly(
                        new Tensor.Integers(Shape.of(2, 2), new int[]{1, -1, -1, 0}), Tensor.of(2, 4),
                        new Tensor.Integers(Shape.of(2, 2), new int[]{0, 1, 1, 1}), Tensor.of(3, 5));
        MemoryTensors signs = new MemoryTensors().bytes("y.dense.weight.codes", DataType.I8, List.of(2L, 4L), 1, -1, 0,
                1, -1, 0, 1, 1).floats("y.dense.weight.scale.positive", List.of(), 2)
                .floats("y.dense.weight.scale.negative", List.of(2L, 2L), 3, 4, 5, 6);
        assertThat(constants(bind(graph(text.formatted("ternary(ttq, scale: group(2))")), signs), "y.dense"))
                .containsExactly(new Tensor.Integers(Shape.of(2, 2), new int[]{1, 0, 0, 0}),
                        new Tensor.Floats(Shape.scalar(), new float[]{2}),
                        new Tensor.Integers(Shape.of(2, 2), new int[]{0, -1, -1, 0}), Tensor.of(3, 5),
                        new Tensor.Integers(Shape.of(2, 2), new int[]{0, 1, 1, 1}),
                        new Tensor.Floats(Shape.scalar(), new float[]{2}),
                        new Tensor.Integers(Shape.of(2, 2), new int[]{0, 0, 0, 0}), Tensor.of(4, 6));
        assertThat(errors(graph(text.formatted("int(4, scale: group(2))")), new MemoryTensors()
                .bytes("y.dense.weight.codes", DataType.I8, List.of(2L, 4L), 1, -1, 0, 1, -1, 0, 1, 1)
                .floats("y.dense.weight.scale", List.of(2L), 2, 3)))
                .contains("has the shape [2] in the file, but the model needs [2, 2]");
    }

    @Test
    void wrongFiles() {
        Graph graph = graph(TWO_LAYERS);
        StringBuilder all = new StringBuilder();
        all.append("== a name misspelt\n")
                .append(errors(graph, without(graph, "hidden.dense.weight").floats("hidden.dense.weights",
                        List.of(4L, 3L), new float[12])));
        all.append("== surplus\n").append(errors(graph, without(graph).floats("extra", List.of(1L), 1)));
        all.append("== transposed\n")
                .append(errors(graph, without(graph, "hidden.dense.weight").floats("hidden.dense.weight",
                        List.of(3L, 4L), new float[12])));
        all.append("== not finite\n").append(errors(graph, without(graph, "y.dense.weight").floats("y.dense.weight",
                List.of(2L, 4L), 1, 2, 3, 4, 5, Float.NaN, 7, Float.POSITIVE_INFINITY)));
        all.append("== negative variance\n")
                .append(errors(graph, without(graph, "hidden.batchnorm.variance").floats("hidden.batchnorm.variance",
                        List.of(4L), 1, 1, -0.5f, 1)));
        all.append("== infinite batchnorm\n")
                .append(errors(graph, without(graph, "hidden.batchnorm.variance", "hidden.batchnorm.gamma")
                        .floats("hidden.batchnorm.variance", List.of(4L), 1, 0, 1, 1)
                        .floats("hidden.batchnorm.gamma", List.of(4L), 1, 3e38f, 1, 1)));
        all.append("== a code that ternary has not\n")
                .append(errors(graph, without(graph, "hidden.dense.weight")
                        .bytes("hidden.dense.weight.codes", DataType.I8, List.of(4L, 3L), 1, 0, -1, 0, 2, 1, 1, 1, 1,
                                -1, -1, 0)
                        .floats("hidden.dense.weight.scale", List.of(4L), 1, 2, 3, 4)));
        all.append("== codes without their scale\n")
                .append(errors(graph, without(graph, "hidden.dense.weight").bytes("hidden.dense.weight.codes",
                        DataType.I8, List.of(4L, 3L), new int[12])));
        all.append("== bits behind the last code\n")
                .append(errors(graph, without(graph, "hidden.dense.weight")
                        .bytes("hidden.dense.weight.packed", DataType.U8, List.of(4L, 1L), 0, 0, 0x40, 0)
                        .floats("hidden.dense.weight.scale", List.of(), 1)));
        all.append("== two forms\n")
                .append(errors(graph, without(graph)
                        .bytes("hidden.dense.weight.codes", DataType.I8, List.of(4L, 3L), new int[12])
                        .floats("hidden.dense.weight.scale", List.of(), 1)));
        all.append("== codes where f32 is needed\n")
                .append(errors(graph, without(graph, "hidden.batchnorm.beta").bytes("hidden.batchnorm.beta.codes",
                        DataType.I8, List.of(4L), new int[4])));
        all.append("== integers under a float's name\n")
                .append(errors(graph, without(graph, "hidden.batchnorm.beta").bytes("hidden.batchnorm.beta",
                        DataType.I8, List.of(4L), new int[4])));
        all.append("== negative scale\n")
                .append(errors(graph, without(graph, "hidden.dense.weight")
                        .bytes("hidden.dense.weight.codes", DataType.I8, List.of(4L, 3L), new int[12])
                        .floats("hidden.dense.weight.scale", List.of(4L), 1, 2, -3, 4)));
        all.append("== an empty file\n").append(errors(graph("""
                model One(x: f32[3]) -> (y: f32[1]) {
                    y = x |> dense(1)
                }
                """), new MemoryTensors()));
        Golden.check("analysis/parameters.txt", all.toString());
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        Graph graph = graph(TWO_LAYERS);
        RandomParameters one = new RandomParameters(graph, 7);
        RandomParameters other = new RandomParameters(graph, 7);
        assertThat(one.entries()).isNotEmpty()
                .allSatisfy(entry -> assertThat(one.floats(entry)).isEqualTo(other.floats(entry)));
        assertThat(new RandomParameters(graph, 8).floats(one.entries().getFirst()))
                .isNotEqualTo(one.floats(one.entries().getFirst()));
    }

    @Test
    void calibratedRangesNeedAStep() {
        Graph graph = graph("""
                model M(x: f32[4]) -> (y: f32[2]) {
                    y = x |> dense(2, activations: static(8, calibrated))
                }
                """);
        assertThat(errors(graph, ranges(graph, -3e38f, 3e38f)))
                .contains("`y.dense.range` holds -3.0E38..3.0E38, whose step at 8 bits is Infinity in f32");
        assertThat(errors(graph, ranges(graph, 0f, 1e-44f))).contains("whose step at 8 bits is 0.0 in f32");
        assertThat(errors(graph, ranges(graph, 1f, -1f))).contains("the lower end comes first");
        bind(graph, ranges(graph, 0f, 0f));
    }

    private static MemoryTensors ranges(Graph graph, float low, float high) {
        return without(graph, "y.dense.range").floats("y.dense.range", List.of(2L), low, high);
    }

    @Test
    void oneNumberStandsForAllChannels() {
        Graph graph = graph("""
                model M(x: f32[3]) -> (y: f32[3]) {
                    y = x |> batchnorm(eps: 0) |> prelu
                }
                """);
        MemoryTensors scalars = new MemoryTensors().floats("y.batchnorm.gamma", List.of(), 2)
                .floats("y.batchnorm.beta", List.of(1L), 0.5f).floats("y.batchnorm.mean", List.of(3L), 1, 2, 3)
                .floats("y.batchnorm.variance", List.of(1L, 1L), 4).floats("y.prelu.slope", List.of(1L), 0.25f);
        Graph bound = bind(graph, scalars);
        assertThat(constants(bound, "y.batchnorm")).contains(Tensor.of(2f, 2f, 2f), Tensor.of(0.5f, 0.5f, 0.5f),
                Tensor.of(1f, 2f, 3f), Tensor.of(4f, 4f, 4f));
        assertThat(constants(bound, "y.prelu")).containsExactly(Tensor.of(0.25f, 0.25f, 0.25f));
        MemoryTensors zero = new MemoryTensors().floats("y.batchnorm.gamma", List.of(), 2)
                .floats("y.batchnorm.beta", List.of(1L), 0.5f).floats("y.batchnorm.mean", List.of(3L), 1, 2, 3)
                .floats("y.batchnorm.variance", List.of(), 0).floats("y.prelu.slope", List.of(1L), 0.25f);
        assertThat(errors(graph, zero)).contains("which is not finite");
    }

    @Test
    void scalesComeAsColumnsToo() {
        Graph graph = graph("""
                model M(x: f32[2]) -> (y: f32[3]) {
                    y = x |> dense(3, weights: int(4), activations: dynamic(4))
                }
                """);
        for (List<Long> shape : List.of(List.of(3L), List.of(3L, 1L), List.of(3L, 1L, 1L))) {
            assertThat(constants(bind(graph, coded(shape, 0.5f, 0.25f, 2)), "y.dense")).contains(
                    Tensor.of(0.5f, 0.25f, 2f));
        }
        for (List<Long> shape : List.of(List.<Long>of(), List.of(1L), List.of(1L, 1L))) {
            assertThat(constants(bind(graph, coded(shape, 0.5f)), "y.dense")).contains(Tensor.scalar(0.5f));
        }
        assertThat(errors(graph, coded(List.of(1L, 3L), 0.5f, 0.25f, 2))).contains("T0505");
    }

    private static MemoryTensors coded(List<Long> shape, float... scales) {
        return new MemoryTensors().bytes("y.dense.weight.codes", DataType.I8, List.of(3L, 2L), 1, -8, 7, 0, 1, 2)
                .floats("y.dense.weight.scale", shape, scales);
    }

    @Test
    void aSurplusBiasIsAskedForByTheOp() {
        Graph graph = graph("""
                model M(x: f32[2]) -> (y: f32[3]) {
                    y = x |> dense(3)
                }
                """);
        MemoryTensors source = new MemoryTensors().floats("y.dense.weight", List.of(3L, 2L), 1, 2, 3, 4, 5, 6)
                .floats("y.dense.bias", List.of(3L), 1, 2, 3);
        assertThat(errors(graph, source)).contains("T0504", "`bias: true`");
    }

    @Test
    void weightsThatAreTernaryAlreadyAreNotHalvedInSilence() {
        float[] ternary = {-0.5f, 0, 0.5f, 0, 0, 0.5f};
        assertThat(warnings("ternary(absmean)", ternary)).contains(
                "warning[T0513]: `y.dense.weight` is quantized already",
                "`weights: ternary(twn)` keeps every weight");
        assertThat(warnings("binary", ternary)).contains("`weights: ternary(twn)`");
        assertThat(warnings("ternary(twn)", -0.5f, 0, 0.5f, 0, 0.25f, 0.75f)).contains("`weights: int(3)`");
        assertThat(warnings("ternary(twn)", 1, 0.3f, 2, 1.7f, 0.3f, 0.5f)).isEmpty();
        for (String scheme : List.of("ternary", "ternary(ttq)", "int(4)", "binary(scale: none)", "float")) {
            assertThat(warnings(scheme, ternary)).as(scheme).isEmpty();
        }
        assertThat(warnings("ternary(absmean)", 0.1f, 0.25f, -0.3f, 0.7f, -0.15f, 0.45f)).isEmpty();
    }

    @Test
    void scalesThatFixedPointNumbersDoNotHoldAreRefused() {
        Graph graph = graph("""
                model M(x: f32[2]) -> (y: f32[3]) {
                    y = x |> dense(3, weights: int(4), activations: static(8, scale: 0.5))
                          |> requantize(static(8, scale: 0.25))
                }
                """);
        float greatest = 0x1p29f;
        assertThat(errors(graph, coded(List.of(3L), 1, 1, greatest))).contains("`y.dense.weight` has scales by which "
                + "`requantize` multiplies by 2^30 or more");
        assertThat(constants(bind(graph, coded(List.of(3L), 1, 1, Math.nextDown(greatest))), "y.dense")).isNotEmpty();
        assertThat(errors(graph, new MemoryTensors().floats("y.dense.weight", List.of(3L, 2L), 1, 2, 3, 4, 1e20f, 0)))
                .contains("multiplies by 2^30 or more");
    }

    @Test
    void oneScaleForAllChannelsIsComparedAsSuch() {
        float[] one = {-0.5f, 0, 0.5f, 0, 0, 0.5f};
        assertThat(warnings("ternary(absmean, scale: tensor)", one)).contains("`weights: ternary(twn)`");
        assertThat(warnings("ternary(twn, scale: tensor)", one)).isEmpty();
        assertThat(warnings("binary(scale: tensor)", 0.5f, 0.5f, -0.5f, 0.5f, 0.5f, -0.5f)).isEmpty();
        // One scale would change what a scale for each channel keeps.
        assertThat(warnings("binary(scale: tensor)", 0.5f, -0.5f, 2, 2, -1, 1)).contains("`weights: binary` keeps");
    }

    private static String warnings(String scheme, float... weights) {
        Graph graph = graph("""
                model M(x: f32[2]) -> (y: f32[3]) {
                    y = x |> dense(3, weights: %s)
                }
                """.formatted(scheme));
        Diagnostics diagnostics = new Diagnostics();
        assertThat(ParameterBinder.bind(graph, new MemoryTensors().floats("y.dense.weight", List.of(3L, 2L), weights),
                diagnostics)).isPresent();
        return DiagnosticRenderer.render(diagnostics.list());
    }
}
