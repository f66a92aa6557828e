package dev.tern.quantizer.network;

import static dev.tern.quantizer.GraphSketch.FLOAT;
import static dev.tern.quantizer.GraphSketch.FLOATING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.quantizer.GraphSketch;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every trainable operation's gradient against finite differences. An offset is added to the input, so that its
 * gradient is the one that the operation hands back.
 */
class LayerGradientTest {
    private static final int BATCH = 6;
    private static final float STEP = 1f / 128;
    private static final double TOLERANCE = 0.005;

    private record Case(int[] input, BiFunction<GraphSketch, ValueId, ValueId> operation) {
    }

    private static Named<Case> on(String name, BiFunction<GraphSketch, ValueId, ValueId> operation, int... input) {
        return Named.of(name, new Case(input, operation));
    }

    static Stream<Named<Case>> operations() {
        return Stream.of(
                on("dense", (g, x) -> g.dense("a", x, 3, FLOATING, FLOAT), 5),
                on("dense over rows", (g, x) -> g.flatten(g.dense("a", x, 3, FLOATING, FLOAT)), 4, 5),
                on("conv 3x3", (g, x) -> g.flatten(g.conv("a", x, 3, 3, 1, FLOATING, FLOAT)), 5, 4, 2),
                on("conv 2x2", (g, x) -> g.flatten(g.conv("a", x, 3, 2, 1, FLOATING, FLOAT)), 5, 4, 2),
                on("conv 3x3 of many channels", (g, x) -> g.flatten(g.conv("a", x, 3, 3, 1, FLOATING, FLOAT)), 4, 5, 8),
                on("conv 1x1 of many channels", (g, x) -> g.flatten(g.conv("a", x, 3, 1, 1, FLOATING, FLOAT)), 3, 2, 9),
                on("conv 3x2 without padding", (g, x) -> g.flatten(g.add(new Operation.Conv(x, Optional.empty(),
                        g.parameter("w", 2, 3, 2, 8), new Geometry(3, 2, 1, 1, 1, 1, 0, 0, 0, 0), 1, Padding.ZERO))),
                        5, 4, 8),
                on("depthwise", (g, x) -> g.flatten(g.conv("a", x, 4, 3, 4, FLOATING, FLOAT)), 4, 4, 4),
                on("conv in groups", (g, x) -> g.flatten(g.conv("a", x, 6, 3, 2, FLOATING, FLOAT)), 4, 3, 4),
                on("batchnorm", (g, x) -> g.flatten(g.batchnorm("a", x)), 3, 2, 4),
                on("batchnorm of a vector", (g, x) -> g.batchnorm("a", x), 7),
                on("relu", (g, x) -> g.relu(x), 9),
                on("clip", (g, x) -> g.add(new Operation.Clip(x, -0.5f, 0.7f)), 9),
                on("maxpool", (g, x) -> g.flatten(g.maxpool(x)), 4, 6, 3),
                on("avgpool", (g, x) -> g.flatten(g.avgpool(x)), 4, 5, 3),
                on("bias", (g, x) -> g.flatten(g.combine(BinaryFunction.ADD, x, g.parameter("b", 3))), 2, 2, 3),
                on("product", (g, x) -> g.flatten(g.combine(BinaryFunction.MULTIPLY, x, g.dense("a", x, 4, FLOATING,
                        FLOAT))),
                        3, 4),
                on("difference", (g, x) -> g.combine(BinaryFunction.SUBTRACT, g.constant(Tensor.scalar(1f)), x), 5),
                on("residual", (g, x) -> g.combine(BinaryFunction.ADD, x, g.relu(g.dense("a", x, 5, FLOATING, FLOAT))),
                        5),
                on("affine", (g, x) -> g.add(new Operation.Affine(x, g.parameter("s", 5), g.parameter("b", 5))), 5));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void gradientIsTheSlope(Case operation) {
        GraphSketch sketch = new GraphSketch();
        ValueId offset = sketch.parameter("offset", operation.input());
        ValueId x = sketch.combine(BinaryFunction.ADD, sketch.input(operation.input()), offset);
        Network network = NetworkBuilder.build(sketch.graph(operation.operation().apply(sketch, x)), BATCH, 1);
        SplittableRandom random = new SplittableRandom(7);
        fill(network.input().value(), random);
        network.parameters().stream().filter(p -> p.signal().isDifferentiable())
                .forEach(p -> fill(p.signal().value(), random));
        float[] weights = new float[network.output().value().length];
        fill(weights, random);

        network.forward(Mode.TRAINING);
        network.clearGradients();
        System.arraycopy(weights, 0, network.output().gradient(), 0, weights.length);
        network.backward();

        for (TrainedParameter parameter : network.parameters()) {
            float[] gradient = parameter.signal().gradient().clone();
            for (int i = 0; i < gradient.length; i++) {
                checkSlopes(gradient[i], network, parameter, i, weights);
            }
        }
    }

    /** At a kink the gradient may be either side's slope. */
    private static void checkSlopes(float gradient, Network network, TrainedParameter parameter, int index,
            float[] weights) {
        float[] values = parameter.signal().value();
        float here = values[index];
        double middle = weighted(network, weights);
        values[index] = here + STEP;
        double above = (weighted(network, weights) - middle) / STEP;
        values[index] = here - STEP;
        double below = (middle - weighted(network, weights)) / STEP;
        values[index] = here;
        assertThat((double) gradient).as("%s[%d]", parameter.path(), index).isBetween(
                Math.min(above, below) - TOLERANCE, Math.max(above, below) + TOLERANCE);
    }

    private static double weighted(Network network, float[] weights) {
        network.forward(Mode.TRAINING);
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (double) weights[i] * network.output().value()[i];
        }
        return sum;
    }

    private static void fill(float[] values, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
    }
}
