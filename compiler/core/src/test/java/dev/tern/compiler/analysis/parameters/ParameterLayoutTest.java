package dev.tern.compiler.analysis.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.syntax.SyntaxReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors as frameworks store them. Elements are numbered in the file's order, so that their places can be told. */
class ParameterLayoutTest {
    private Diagnostics diagnostics = new Diagnostics();

    private Graph bind(String type, String body, String file, MemoryTensors tensors) {
        diagnostics = new Diagnostics();
        String text = "model M(x: f32[" + type + "]) -> (y: f32[_]) {\n    parameters \"m.npz\"" + file + "\n    "
                + body
                + "\n}\n";
        AnalyzedModel model = Analyzer.analyze(SyntaxReader.read(new SourceFile("m.tern", text.replace("f32[_]",
                resultOf(body))), diagnostics), diagnostics)
                .orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.list())));
        return ParameterBinder.bind(model.graph(), tensors, model.parameters().orElseThrow().naming(), diagnostics)
                .orElse(null);
    }

    /** Bodies end in a comment with their type, so that they can be declared. */
    private static String resultOf(String body) {
        return body.substring(body.lastIndexOf("// ") + 3);
    }

    private String said() {
        return DiagnosticRenderer.render(diagnostics.list());
    }

    /** The first constant of a layer with as many elements. */
    private static String values(Graph graph, String path, int elements) {
        for (Node node : graph.nodes()) {
            if (node.origin().path().equals(path) && node
                    .operation() instanceof Operation.Constant(Tensor.Floats floats)
                    && floats.values().length == elements) {
                return text(floats.values());
            }
        }
        throw new AssertionError(path);
    }

    private static String text(float[] values) {
        List<String> texts = new ArrayList<>();
        for (float value : values) {
            texts.add(Integer.toString((int) value));
        }
        return String.join(" ", texts);
    }

    private static float[] numbered(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    private static MemoryTensors file(String name, long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        return new MemoryTensors().floats(name, dimensions,
                numbered((int) dimensions.stream().reduce(1L, Math::multiplyExact).longValue()));
    }

    /**
     * The expected orders were computed with NumPy: {@code arange(n).reshape(stored).transpose(axes)}, and where
     * channels and multipliers meet, {@code .reshape(shape)}.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pytorch | 2,2,3 | conv(2, 1x2)          | weight | 2 3 1 2 | 0 2 4 1 3 5 6 8 10 7 9 11
            keras   | 2,2,3 | conv(2, 1x2)          | kernel | 1 2 3 2 | 0 2 4 6 8 10 1 3 5 7 9 11
            tern    | 2,2,3 | conv(2, 1x2)          | weight | 2 1 2 3 | 0 1 2 3 4 5 6 7 8 9 10 11
            pytorch | 2,2,4 | conv(2, 1x2, groups: 2) | weight | 2 2 1 2 | 0 2 1 3 4 6 5 7
            keras   | 2,2,4 | conv(2, 1x2, groups: 2) | kernel | 1 2 2 2 | 0 2 4 6 1 3 5 7
            pytorch | 3,2   | conv1d(2, 3)          | weight | 2 2 3   | 0 3 1 4 2 5 6 9 7 10 8 11
            keras   | 3,2   | conv1d(2, 3)          | kernel | 3 2 2   | 0 2 4 6 8 10 1 3 5 7 9 11
            pytorch | 2,2,2 | depthwise(1x2, multiplier: 2) | weight | 4 1 1 2 | 0 1 2 3 4 5 6 7
            keras   | 2,2,2 | depthwise(1x2, multiplier: 2) | kernel | 1 2 2 2 | 0 4 1 5 2 6 3 7
            keras   | 2,2,2 | depthwise(1x2)        | depthwise_kernel | 1 2 2 1 | 0 2 1 3
            pytorch | 3     | dense(2)              | weight | 2 3     | 0 1 2 3 4 5
            keras   | 3     | dense(2)              | kernel | 3 2     | 0 2 4 1 3 5
            keras   | 3     | dense(3)              | kernel | 3 3     | 0 3 6 1 4 7 2 5 8
            """)
    void weights(String layout, String type, String op, String name, String stored, String expected) {
        long[] shape = Arrays.stream(stored.split(" ")).mapToLong(Long::parseLong).toArray();
        String path = op.substring(0, op.indexOf('('));
        int channels = Integer.parseInt(op.replaceAll(".*?\\((\\d+)[,)].*", "$1").replaceAll("\\D.*", "0"));
        String[] dimensions = type.split(",");
        dimensions[dimensions.length - 1] = op.startsWith("depthwise")
                ? Integer.toString(op.contains("multiplier") ? 4 : 2)
                : Integer.toString(channels);
        Graph graph = bind(type, "y = x |> " + op + " // f32[" + String.join(", ", dimensions) + "]",
                " layout: " + layout, file("y." + path + "." + name, shape));
        assertThat(said()).isEmpty();
        assertThat(values(graph, "y." + path, expected.split(" ").length)).isEqualTo(expected);
    }

    /** No pass lowers it yet, so the order is asked of the layout itself. */
    @Test
    void transposedConvolutions() {
        String text = "model M(x: f32[2, 2, 3]) -> (y: f32[2, 2, 2]) {\n    parameters \"m.npz\"\n"
                + "    y = x |> convtranspose(2, 1x2)\n}\n";
        Demand demand = Demand.of(Analyzer.analyze(SyntaxReader.read(new SourceFile("m.tern", text), diagnostics),
                diagnostics).orElseThrow().graph()).getFirst();
        assertThat(demand.role()).isEqualTo(ParameterRole.CONVTRANSPOSE);
        ElementOrder pytorch = ParameterLayout.PYTORCH.orders(demand).getFirst();
        assertThat(pytorch.dimensions()).containsExactly(3L, 2L, 1L, 2L);
        assertThat(text(pytorch.read(numbered(12)))).isEqualTo("0 4 8 1 5 9 2 6 10 3 7 11");
        ElementOrder keras = ParameterLayout.KERAS.orders(demand).getFirst();
        assertThat(keras.dimensions()).containsExactly(1L, 2L, 2L, 3L);
        assertThat(text(keras.read(numbered(12)))).isEqualTo("0 1 2 6 7 8 3 4 5 9 10 11");
    }

    @Test
    void normsOfPyTorch() {
        Graph graph = bind("2", "y = x |> batchnorm |> prelu // f32[2]", " layout: pytorch", new MemoryTensors()
                .floats("y.batchnorm.weight", List.of(2L), 1, 2).floats("y.batchnorm.bias", List.of(2L), 3, 4)
                .floats("y.batchnorm.running_mean", List.of(2L), 5, 6)
                .floats("y.batchnorm.running_var", List.of(2L), 7, 8)
                .floats("y.batchnorm.num_batches_tracked", List.of(), 9)
                .floats("y.prelu.weight", List.of(2L), 10, 11));
        assertThat(said()).isEmpty();
        assertThat(norm(graph)).isEqualTo("1 2, 3 4, 5 6, 7 8");
        assertThat(values(graph, "y.prelu", 2)).isEqualTo("10 11");
    }

    @Test
    void normsOfKeras() {
        Graph graph = bind("2", "y = x |> batchnorm |> prelu // f32[2]", " layout: keras", new MemoryTensors()
                .floats("y/batchnorm/gamma:0", List.of(2L), 1, 2).floats("y/batchnorm/beta:0", List.of(2L), 3, 4)
                .floats("y/batchnorm/moving_mean:0", List.of(2L), 5, 6)
                .floats("y/batchnorm/moving_variance:0", List.of(2L), 7, 8)
                .floats("y.prelu.alpha", List.of(1L, 1L, 2L), 10, 11));
        assertThat(said()).isEmpty();
        assertThat(norm(graph)).isEqualTo("1 2, 3 4, 5 6, 7 8");
        assertThat(values(graph, "y.prelu", 2)).isEqualTo("10 11");
    }

    private static String norm(Graph graph) {
        Operation.BatchNorm norm = graph.nodes().stream().map(Node::operation)
                .filter(Operation.BatchNorm.class::isInstance).map(Operation.BatchNorm.class::cast).findFirst()
                .orElseThrow();
        return norm.operands().stream().skip(1).map(graph.definitions()::get).map(Node::operation)
                .map(constant -> text(((Tensor.Floats) ((Operation.Constant) constant).tensor()).values()))
                .collect(Collectors.joining(", "));
    }

    /** [height 2, width 1, channels 2]: element (row, channel) is column channel * 2 + row of PyTorch. */
    @Test
    void columnsBehindFlattenAreChannelsFirst() {
        Graph graph = bind("2,1,2", "y = x |> relu |> flatten |> batchnorm |> dense(1, activations: sign) // f32[1]",
                " layout: pytorch",
                new MemoryTensors().floats("y.dense.weight", List.of(1L, 4L), 0, 1, 2, 3)
                        .floats("y.batchnorm.weight", List.of(4L), 0, 1, 2, 3)
                        .floats("y.batchnorm.bias", List.of(4L), 10, 11, 12, 13)
                        .floats("y.batchnorm.running_mean", List.of(4L), 20, 21, 22, 23)
                        .floats("y.batchnorm.running_var", List.of(4L), 30, 31, 32, 33));
        assertThat(said()).isEmpty();
        assertThat(values(graph, "y.dense", 4)).isEqualTo("0 2 1 3");
        assertThat(norm(graph)).isEqualTo("0 2 1 3, 10 12 11 13, 20 22 21 23, 30 32 31 33");
    }

    @Test
    void columnsBehindFlattenedLinesAndParts() {
        String body = "a = x |> conv1d(2, 1)\n    b = concat(a |> flatten, a |> maxpool(2) |> flatten)\n"
                + "    y = b |> dense(1) // f32[1]";
        MemoryTensors tensors = file("a.conv1d.weight", 2, 2, 1).floats("y.dense.weight", List.of(1L, 6L),
                numbered(6));
        Graph graph = bind("2,2", body.replace("maxpool(2)", "slice(0, 1, axis: 0)"), " layout: pytorch", tensors);
        assertThat(said()).isEmpty();
        assertThat(values(graph, "y.dense", 6)).isEqualTo("0 2 1 3 4 5");
    }

    /** Rows of tokens, and what the model itself brought into another order, lie in PyTorch as they do here. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            2,2   ; flatten
            2,1,2 ; transpose([2, 0, 1]) |> flatten
            """)
    void otherColumnsStay(String type, String flatten) {
        Graph graph = bind(type, "y = x |> " + flatten + " |> dense(1) // f32[1]", " layout: pytorch",
                file("y.dense.weight", 1, 4));
        assertThat(said()).isEmpty();
        assertThat(values(graph, "y.dense", 4)).isEqualTo("0 1 2 3");
    }

    @Test
    void codesAreReadByTheLayoutToo() {
        Graph graph = bind("3", "y = x |> dense(2, weights: int(4), activations: dynamic(4)) // f32[2]",
                " layout: keras", new MemoryTensors()
                        .bytes("y.dense.kernel.codes", DataType.I8, List.of(3L, 2L), 1, 2, 3, 4, 5, 6)
                        .floats("y.dense.kernel.scale", List.of(2L), 1, 2));
        assertThat(said()).isEmpty();
        assertThat(graph.nodes().stream().map(Node::operation).toList()).contains(new Operation.Constant(
                new Tensor.Integers(Shape.of(2, 3), new int[]{1, 3, 5, 2, 4, 6})));
    }

    @Test
    void aShapeThatFitsByTwoLayoutsEarnsOneWarning() {
        String body = "a = x |> conv(2, 3x3)\n    y = a |> flatten |> dense(18) // f32[18]";
        MemoryTensors tensors = file("a.conv.weight", 2, 3, 3, 3).floats("y.dense.weight", List.of(18L, 18L),
                numbered(324));
        assertThat(bind("3,3,3", body, "", tensors)).isNotNull();
        assertThat(said()).isEqualTo("""
                warning[T0512]: `a.conv.weight` of shape [2, 3, 3, 3] fits by the layouts of Tern and of PyTorch, and \
                is read by the first
                 --> test.safetensors, tensor a.conv.weight
                 ::: m.tern:3:14
                  |
                3 |     a = x |> conv(2, 3x3)
                  |              ------------ asked for here
                  = help: say which it is, behind the file's name in the model: `layout: tern`, `layout: pytorch`, \
                `layout: keras`
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4     | dense(4)           | 4 4     | Keras
            2,1,2 | flatten, dense(1)  | 1 4     | PyTorch
            4     | dense(3)           | 3 4     |
            2,2,1 | flatten, dense(1)  | 1 4     |
            2,2,3 | conv(2, 3x3)       | 2 3 3 3 | PyTorch
            2,2,4 | conv(2, 3x3)       | 2 3 3 4 |
            2,2,2 | depthwise(1x1)     | 2 1 1 1 |
            """)
    void otherShapes(String type, String ops, String stored, String framework) {
        String result = ops.contains("dense") ? ops.replaceAll(".*\\((\\d+)\\)", "$1") : "2, 2, 2";
        String path = ops.replaceAll("flatten, ", "").replaceAll("\\(.*", "");
        MemoryTensors tensors = file("y." + path + ".weight",
                Arrays.stream(stored.split(" ")).mapToLong(Long::parseLong).toArray());
        String body = "y = x |> " + ops.replace("flatten, ", "flatten |> ") + " // f32[" + result + "]";
        assertThat(bind(type, body, "", tensors)).isNotNull();
        if (framework == null) {
            assertThat(said()).isEmpty();
        } else {
            assertThat(said()).startsWith("warning[T0512]").contains("of " + framework + ", and is read");
        }
        assertThat(bind(type, body, " layout: tern", tensors)).isNotNull();
        assertThat(said()).isEmpty();
    }

    @Test
    void aFileThatSaysItsLayoutIsBelieved() {
        MemoryTensors tensors = file("y.dense.kernel", 2, 2).recording(ParameterLayout.KERAS);
        Graph graph = bind("2", "y = x |> dense(2) // f32[2]", " layout: pytorch map \"y\" to \"z\"", tensors);
        assertThat(said()).isEmpty();
        assertThat(values(graph, "y.dense", 4)).isEqualTo("0 2 1 3");
    }

    @Test
    void anotherLayoutsShapeIsNamed() {
        assertThat(bind("2,2,4", "y = x |> conv(2, 1x3) // f32[2, 2, 2]", "", file("y.conv.weight", 2, 4, 1, 3)))
                .isNull();
        assertThat(said()).contains(
                "error[T0505]: `y.conv.weight` has the shape [2, 4, 1, 3] in the file",
                "but the model needs [2, 1, 3, 4]",
                "help: it has the shape that PyTorch gives it: if the file is of that layout, write `layout: pytorch`");
        assertThat(bind("2,2,4", "y = x |> conv(2, 1x3) // f32[2, 2, 2]", " layout: keras",
                file("y.conv.kernel", 1, 3, 2, 4))).isNull();
        assertThat(said()).contains("[1, 3, 2, 4] in the file, but the model needs [1, 3, 4, 2] in Keras's layout");
    }

    @Test
    void whatIsMissingHasTheFrameworksName() {
        assertThat(bind("2", "y = x |> batchnorm // f32[2]", " layout: pytorch", new MemoryTensors())).isNull();
        assertThat(said()).contains("the parameter `y.batchnorm.running_var` of shape [2] is not in");
    }

    @Test
    void countersAreSurplusInTernsLayout() {
        assertThat(bind("2", "y = x |> dense(1) // f32[1]", "",
                file("y.dense.weight", 1, 2).floats("y.batchnorm.num_batches_tracked", List.of(), 1))).isNull();
        assertThat(said()).contains("error[T0504]",
                "PyTorch keeps it for itself; `layout: pytorch` behind the file's name in the model leaves it out");
    }

    @Test
    void namesAreMapped() {
        Graph graph = bind("2", "y = x |> dense(2) as first |> batchnorm // f32[2]",
                " layout: pytorch map \"net.*.fc\" to \"*.first\", \"net.y\" to \"y.batchnorm\"", new MemoryTensors()
                        .floats("net.y.fc.weight", List.of(2L, 2L), 1, 2, 3, 4)
                        .floats("net.y.weight", List.of(2L), 1, 2).floats("net.y.bias", List.of(2L), 3, 4)
                        .floats("net.y.running_mean", List.of(2L), 5, 6)
                        .floats("net.y.running_var", List.of(2L), 7, 8)
                        .floats("net.y.num_batches_tracked", List.of(), 1));
        assertThat(said()).isEmpty();
        assertThat(values(graph, "y.first", 4)).isEqualTo("1 2 3 4");
        assertThat(norm(graph)).isEqualTo("1 2, 3 4, 5 6, 7 8");
    }

    @Test
    void aMapThatDoesNotFit() {
        assertThat(bind("2", "y = x |> dense(1) // f32[1]",
                " map \"a\" to \"y\", \"b\" to \"y\", \"denze\" to \"z\", \"c\" to \"d\"",
                file("a.dense.weight", 1, 2).floats("b.dense.weight", List.of(1L, 2L), 1, 2)
                        .floats("c.weight", List.of(1L), 1)))
                .isNull();
        assertThat(said()).contains(
                "error[T0504]: `b.dense.weight` and `a.dense.weight` are both `y.dense.weight` in the model",
                "warning[T0503]: no name in test.safetensors that no other rule takes begins with `denze`",
                "error[T0504]: the model has no parameter `c.weight`, renamed `d.weight`");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a     | b   | a.c   | b.c
            a     | b   | ab.c  |
            a.b   | c   | a.b   | c
            ''    | net | a.b   | net.a.b
            model | ''  | model.a | a
            a.*   | *   | a.7.x | 7.x
            *.a.* | z.*.* | 1.a.2.w | z.1.2.w
            a.*   | b   | a     |
            """)
    void rules(String from, String to, String name, String renamed) {
        NameMap.Rule rule = new NameMap.Rule(from, to, null);
        assertThat(rule.problem()).isEmpty();
        assertThat(rule.apply(name).orElse(null)).isEqualTo(renamed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a..b | c   | a path is made of parts joined by single dots
            a    | c.  | a path is made of parts joined by single dots
            a*   | c   | `*` stands for a whole part between dots
            a.*  | *.* | there are more `*` on the right than on the left
            """)
    void rulesThatMeanNothing(String from, String to, String problem) {
        assertThat(new NameMap.Rule(from, to, null).problem()).contains(problem);
    }
}
