package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Infinities and NaN that arise inside a model: the same bits in the oracle, after every pass and in every class. */
class OverflowTest {
    private static final float[] PARAMETERS = {0, 1, -1, 0.5f, -0f, 1e30f, -1e30f, 3e38f, -3e38f, 1e-30f};
    private static final float[] INPUTS = {0, 1, -1, -0f, 3e38f, -3e38f, Float.MAX_VALUE, -Float.MAX_VALUE, 1e20f};
    private static final int SEEDS = 6;

    @ParameterizedTest
    @ValueSource(strings = {
        "x |> conv(20, 3x3) |> batchnorm |> maxpool(2x2) |> conv(3, 1x1, weights: binary, activations: sign)",
        "x |> conv(20, 3x3) |> batchnorm |> maxpool(2x2) |> conv(3, 1x1, weights: binary, activations: ternary(0.5))",
        "x |> conv(20, 3x3) |> batchnorm |> conv(3, 1x1, weights: binary, activations: ternary(0.5))",
        "x |> conv(20, 3x3) |> prelu |> maxpool(2x2) |> conv(3, 1x1, weights: int(4), activations: static(4, -1..2))",
        "x |> conv(20, 3x3) |> maxpool(2x2) |> conv(3, 1x1, weights: int(4), activations: static(4, scale: 0.5))",
        "x |> conv(20, 3x3, weights: ternary, activations: dynamic(4)) |> batchnorm |> relu |> maxpool(2x2)"
                + " |> conv(3, 1x1, weights: binary, activations: dynamic(2))",
        "x |> conv(20, 3x3, weights: int(8), activations: dynamic(8, absmax)) |> batchnorm |> maxpool(2x2) |> relu",
        "x |> dense(20, weights: binary, activations: dynamic(4, per: row)) |> maxpool(2x2)",
        "x |> conv(20, 3x3, weights: binary, activations: dynamic(4), pad: same(+1)) |> batchnorm |> maxpool(2x2)",
        "1e38 * x * 1e38 |> hardtanh |> dense(3, activations: static(8, -1..1), weights: int(8))",
        "2 * x - x |> relu |> dense(3, activations: dynamic(4), weights: int(8)) |> softmax",
        "1e38 * x |> sigmoid |> dense(3, activations: static(4, 0..1), weights: ternary)",
        "0.5 * (1e38 * x * 1e38 - 1e38 * x * 1e38) |> dense(3, weights: binary, activations: ternary(0.5))",
        "x |> silu |> gelu |> tanh |> avgpool",
        "x |> quantize(dynamic(8)) |> quantize(static(8, calibrated)) |> avgpool |> softmax",
        "x |> dense(5) |> prelu |> avgpool(2x2) |> quantize(dynamic(4, absmax)) |> dense(3, weights: binary)"})
    void everyStageAgrees(String expression) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Graph graph = bound(unbound(expression), random);
            Tensor input = new Tensor.Floats(Shape.of(6, 6, 2), floats(INPUTS, 72, random));
            check(graph, List.of(input));
        }
    }

    private static Graph unbound(String expression) {
        for (String shape : List.of("_, _, _", "_")) {
            try {
                return TernModels.unbound("m.tern", "model M(x: f32[6, 6, 2]) -> (y: f32[" + shape + "]) {\n    y = "
                        + expression + "\n}\n");
            } catch (AssertionError otherShape) {
                assertThat(otherShape).hasMessageContaining("is declared as");
            }
        }
        throw new AssertionError(expression);
    }

    private static Graph bound(Graph graph, Random random) {
        return graph.withNodes(graph.nodes().stream().map(node -> node
                .operation() instanceof Operation.Parameter(String path, var _)
                        ? new Node(node.id(), node.type(), new Operation.Constant(
                                number(path, node.type().shape(), random)), node.origin())
                        : node).toList());
    }

    private static Tensor number(String path, Shape shape, Random random) {
        if (path.endsWith("range")) {
            return Tensor.of(-1e38f, 1e30f);
        }
        float[] values = floats(PARAMETERS, shape.elements(), random);
        for (int i = 0; i < values.length; i++) {
            values[i] = path.endsWith("variance")
                    ? Math.abs(values[i])
                    : path.endsWith("gamma")
                            ? Math.max(-1e30f, Math.min(1e30f, values[i]))
                            : values[i];
            // Batchnorm's constants are finite, or the model is refused.
            values[i] = path.endsWith("mean") ? Math.signum(values[i]) : values[i];
        }
        return new Tensor.Floats(shape, values);
    }

    private static float[] floats(float[] of, int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = of[random.nextInt(of.length)];
        }
        return values;
    }

    private static void check(Graph graph, List<Tensor> inputs) {
        Map<ValueId, Tensor> before = new HashMap<>();
        List<Tensor> expected = GraphInterpreter.run(graph, inputs, (node, value) -> before.put(node.id(), value));
        Graph optimized = GraphPasses.standard().run(graph, new Diagnostics(), (pass, after, changed) -> {
            if (changed) {
                assertThat(GraphInterpreter.run(after, inputs, (node, value) -> assertThat(value).as(() -> node.id()
                        + " after " + pass.name()).isEqualTo(before.getOrDefault(node.id(), value))))
                        .as(pass.name()).isEqualTo(expected);
            }
        });
        for (Target target : List.of(Target.PORTABLE, Target.vector(256), Target.vector(512))) {
            KernelProgram program = KernelPasses.standard(CostModel.Choice.CHEAPEST)
                    .run(Lower.lower(optimized, target), new Diagnostics(), (_, _, _) -> {
                    });
            assertThat(KernelInterpreter.run(program, inputs)).as(target.toString()).isEqualTo(expected);
            assertThat(bits(ClassResults.run(program, inputs))).as(target.toString())
                    .usingRecursiveComparison().isEqualTo(bits(expected));
        }
    }

    /** Bits, so that NaN is told from NaN. */
    private static List<int[]> bits(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> {
            float[] values = ((Tensor.Floats) tensor).values();
            int[] bits = new int[values.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Float.floatToRawIntBits(values[i]);
            }
            return bits;
        }).toList();
    }

    @Test
    void aNaNLeavesInOneForm() {
        Graph graph = unbound("1e38 * x * 1e38 - 1e38 * x * 1e38 |> avgpool");
        float[] values = new float[72];
        Arrays.fill(values, 3f);
        List<Tensor> outputs = GraphInterpreter.run(graph, List.of(new Tensor.Floats(Shape.of(6, 6, 2), values)));
        assertThat(bits(outputs).getFirst()).containsOnly(0x7fc00000);
        check(graph, List.of(new Tensor.Floats(Shape.of(6, 6, 2), values)));
    }
}
