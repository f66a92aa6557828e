package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.KernelModels.Activations;
import dev.tern.compiler.kernel.KernelModels.Weights;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Graphs whose parts meet in odd ways: branches, shared values, flattened rows, tight budgets. */
class ProgramLoweringTest {
    private static final Geometry HALVES = Geometry.valid(2, 2, 2);

    private final KernelModels models = new KernelModels(11);

    private void check() {
        SameResults.check(models.build(), 12);
    }

    @Test
    void residualBranches() {
        ValueId x = models.input("x", 4, 4, 9);
        Geometry same = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
        ValueId inner = models.affine(ProductLoweringTest.conv(models, x, Activations.MINMAX3, Weights.TERNARY, same, 1,
                Padding.ZERO, 9));
        ValueId shortcut = ProductLoweringTest.conv(models, x, Activations.MINMAX3, Weights.BINARY,
                Geometry.valid(1, 1, 1), 1, Padding.ZERO, 9);
        ValueId sum = models.add(new Operation.Elementwise(BinaryFunction.ADD, inner, shortcut));
        ValueId again = models.add(new Operation.Elementwise(BinaryFunction.ADD, sum, x));
        models.output("y", models.add(new Operation.Activation(ElementFunction.RELU, again)));
        check();
    }

    @Test
    void flattenBeforeDense() {
        for (int channels : List.of(1, 16, 64, 65)) {
            KernelModels flat = new KernelModels(channels);
            ValueId x = flat.input("x", 3, 3, channels);
            ValueId relu = flat.add(new Operation.Activation(ElementFunction.RELU, flat.affine(x)));
            ValueId row = flat.builder.reshape(relu, Shape.of(9 * channels));
            ValueId y = flat.dense(row, Activations.STATIC4, Weights.TERNARY, 10);
            ValueId codes = flat.quantize(relu, Activations.SIGN).value();
            ValueId flatCodes = flat.builder.reshape(codes, Shape.of(9 * channels));
            ValueId z = flat.add(new Operation.Dense(flatCodes, Optional.empty(),
                    flat.weights(Weights.BINARY, 5, 9 * channels)));
            flat.output("y", y);
            flat.output("z", z);
            SameResults.check(flat.build(), 13);
        }
    }

    @Test
    void concatenatedProducts() {
        ValueId x = models.input("x", 2, 33);
        ValueId a = models.dense(x, Activations.SIGN, Weights.TERNARY, 3);
        ValueId b = models.dense(x, Activations.MINMAX3, Weights.BINARY, 4);
        ValueId joined = models.add(new Operation.Concat(List.of(a, b), 1));
        models.output("y", models.dense(joined, Activations.ABSMAX4, Weights.INT8, 2));
        check();
        KernelProgram program = KernelPasses.standard(CostModel.Choice.CHEAPEST).run(
                Lower.lower(models.build(), Target.PORTABLE), new Diagnostics(), PassObserver.none());
        // Each product stores into its channels of every row; no kernel is left that copies.
        assertThat(program.kernels()).noneMatch(kernel -> kernel.name().contains("concat"));
    }

    @Test
    void outputsThatAreInputsConstantsAndInnerValues() {
        ValueId x = models.input("x", 2, 6);
        ValueId y = models.affine(x);
        models.output("input", x);
        models.output("flat input", models.builder.reshape(x, Shape.of(12)));
        models.output("inner", y);
        models.output("inner again", y);
        models.output("flat inner", models.builder.reshape(y, Shape.of(12)));
        models.output("last", models.add(new Operation.Activation(ElementFunction.RELU, y)));
        models.output("constant", models.builder.constant(models.floats(3)));
        models.output("codes", models.weights(Weights.TERNARY, 2, 2));
        models.output("sign", models.quantize(y, Activations.SIGN).value());
        check();
    }

    @Test
    void averagesOverEverything() {
        ValueId x = models.input("x", 5, 6, 33);
        Geometry same = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
        ValueId y = models.add(new Operation.Activation(ElementFunction.RELU, ProductLoweringTest.conv(models, x,
                Activations.ABSMAX4, Weights.TERNARY, same, 1, Padding.ZERO, 67)));
        ValueId average = models.add(new Operation.AvgPool(y, Geometry.valid(5, 6, 1)));
        ValueId row = models.builder.reshape(average, Shape.of(67));
        models.output("y", models.dense(row, Activations.MINMAX3, Weights.TERNARY, 4));
        models.output("product", y);
        models.output("average of the input", models.add(new Operation.AvgPool(x, Geometry.valid(5, 6, 1))));
        check();
    }

    @Test
    void rangesOfEverythingThatCanBeMeasured() {
        ValueId x = models.input("x", 6, 70);
        ValueId y = models.affine(x);
        ValueId left = models.dense(y, Activations.MINMAX8, Weights.TERNARY, 5);
        ValueId right = models.dense(y, Activations.ABSMAX4, Weights.BINARY, 5);
        ValueId rows = models.dense(y, Activations.ROWS4, Weights.BINARY, 5);
        ValueId joined = models.add(new Operation.Concat(List.of(left, right, rows), 0));
        models.output("y", models.dense(joined, Activations.MINMAX3, Weights.INT8, 3));
        check();
    }

    /** A chain of layers whose f32 values do not fit: ranges and codes are then computed in runs of their own. */
    @Test
    void aRamBudgetIsKeptByComputingTwice() {
        models.builder.budget(new Graph.Budget(0, 3600));
        ValueId x = models.input("x", 4, 5, 20);
        Geometry same = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
        ValueId a = models.affine(ProductLoweringTest.conv(models, x, Activations.MINMAX3, Weights.TERNARY, same, 1,
                Padding.ZERO, 40));
        ValueId b = models.affine(ProductLoweringTest.conv(models, a, Activations.ABSMAX4, Weights.BINARY, same, 1,
                Padding.ZERO, 40));
        ValueId row = models.builder.reshape(b, Shape.of(800));
        models.output("y", models.dense(row, Activations.SIGN, Weights.TERNARY, 3));
        Graph graph = models.build();
        SameResults.check(graph, 15);
        KernelProgram program = KernelPasses.standard(CostModel.Choice.preferring(Family.POPCOUNT)).run(
                Lower.lower(graph, Target.PORTABLE), new Diagnostics(), PassObserver.none());
        assertThat(program.arenaBytes()).isLessThanOrEqualTo(3600);
        List<String> products = program.kernels().stream().filter(k -> k instanceof Kernel.PixelKernel pixel
                && pixel.producer() instanceof Producer.PopcountProduct).map(Kernel::name).toList();
        // The first convolution, whose range is measured, runs a second time under the name of what quantizes it.
        assertThat(products).containsExactly("layer_conv", "layer_quantize_2", "layer_conv_2", "layer_dense");
    }

    @Test
    void eightPlanesInAndOutOfRows() {
        ValueId x = models.input("x", 3, 3, 70);
        ValueId y = models.affine(ProductLoweringTest.conv(models, x, Activations.SIGN, Weights.TERNARY,
                Geometry.valid(1, 1, 1), 1, Padding.ZERO, 70));
        ValueId relu = models.add(new Operation.Activation(ElementFunction.RELU, y));
        KernelModels.Codes codes = models.quantize(relu, Activations.STATIC8);
        ValueId row = models.builder.reshape(codes.value(), Shape.of(630));
        models.output("flat", models.add(new Operation.Dense(row, codes.zero(),
                models.weights(Weights.TERNARY, 2, 630))));
        models.output("pixels", models.add(new Operation.Dense(codes.value(), codes.zero(),
                models.weights(Weights.BINARY, 2, 70))));
        check();
    }

    @Test
    void pooledBitsThatAreFlattened() {
        for (int channels : List.of(63, 64, 65, 128)) {
            KernelModels flat = new KernelModels(channels);
            ValueId bits = flat.quantize(flat.input("x", 4, 6, channels), Activations.SIGN).value();
            ValueId pooled = flat.add(new Operation.MaxPool(bits, HALVES));
            ValueId row = flat.builder.reshape(pooled, Shape.of(6 * channels));
            flat.output("y", flat.add(new Operation.Dense(row, Optional.empty(),
                    flat.weights(Weights.BINARY, 3, 6 * channels))));
            SameResults.check(flat.build(), 16);
        }
    }

    /** So many steps that one method could not hold them all. */
    @Test
    void longChainsOfElementwiseOperations() {
        ValueId x = models.input("x", 3, 70);
        ValueId y = models.dense(x, Activations.SIGN, Weights.TERNARY, 70);
        for (int i = 0; i < 15; i++) {
            y = models.affine(y);
            y = models.add(new Operation.PRelu(y, models.builder.constant(models.floats(70))));
            y = models.add(new Operation.Activation(ElementFunction.ALL.get(i % ElementFunction.ALL.size()), y));
            y = models.add(new Operation.Elementwise(BinaryFunction.ADD, y, x));
            y = models.add(new Operation.Clip(y, -3f, 3f));
        }
        models.output("y", models.dense(y, Activations.MINMAX8, Weights.TERNARY, 2));
        check();
    }

    @Test
    void productsOfConstants() {
        ValueId constant = models.builder.constant(models.floats(2, 65));
        ValueId y = models.dense(constant, Activations.STATIC4, Weights.TERNARY, 3);
        models.output("y", models.add(new Operation.Elementwise(BinaryFunction.ADD, y, models.input("x", 3))));
        check();
    }

    @Test
    void equalConstantsAreStoredOnce() {
        ValueId x = models.input("x", 4);
        ValueId one = models.builder.constant(Tensor.of(1f, 2f, 3f, 4f));
        ValueId two = models.builder.constant(Tensor.of(1f, 2f, 3f, 4f));
        models.output("y", models.add(new Operation.Affine(x, one, two)));
        Graph graph = models.build();
        assertThat(Lower.lower(graph, Target.PORTABLE).constants()).hasSize(1);
        SameResults.check(graph, 14);
    }
}
