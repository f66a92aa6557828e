package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.KernelModels.Activations;
import dev.tern.compiler.kernel.KernelModels.Weights;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation beside products. */
class OperationLoweringTest {
    private static final Geometry HALVES = Geometry.valid(2, 2, 2);
    private static final Geometry PADDED = new Geometry(3, 2, 2, 1, 1, 1, 1, 1, 1, 0);

    private final KernelModels models = new KernelModels(11);

    private void check() {
        SameResults.check(models.build(), 12);
    }

    static List<ElementFunction> functions() {
        return ElementFunction.ALL;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void activations(ElementFunction function) {
        models.output("y", models.add(new Operation.Activation(function, models.input("x", 5, 7))));
        check();
    }

    @Test
    void clipAndPRelu() {
        ValueId x = models.input("x", 4, 5);
        ValueId y = models.add(new Operation.PRelu(x, models.builder.constant(models.floats(5))));
        models.output("y", models.add(new Operation.Clip(y, -0.5f, 1f)));
        check();
    }

    @Test
    void elementwiseBroadcastsEveryWay() {
        ValueId x = models.input("x", 3, 4, 5);
        List<int[]> shapes = List.of(new int[]{3, 4, 5}, new int[]{5}, new int[]{1, 1, 5}, new int[]{4, 1},
                new int[]{3, 1, 1}, new int[]{1}, new int[]{}, new int[]{3, 1, 5});
        int index = 0;
        for (int[] shape : shapes) {
            for (BinaryFunction function : BinaryFunction.values()) {
                ValueId constant = models.builder.constant(models.floats(shape));
                ValueId other = models.input("other" + index, shape);
                models.output("a" + index, models.add(new Operation.Elementwise(function, x, constant)));
                models.output("b" + index, models.add(new Operation.Elementwise(function, constant, x)));
                models.output("c" + index, models.add(new Operation.Elementwise(function, x, other)));
                models.output("d" + index, models.add(new Operation.Elementwise(function, other, x)));
                index++;
            }
        }
        check();
    }

    @Test
    void bothSidesStretch() {
        ValueId column = models.input("column", 4, 1);
        ValueId row = models.input("row", 3);
        models.output("outer", models.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, column, row)));
        models.output("shifted", models.add(new Operation.Elementwise(BinaryFunction.SUBTRACT,
                models.builder.constant(models.floats(4, 1)), row)));
        check();
    }

    @Test
    void aValueMeetsItself() {
        ValueId x = models.input("x", 3, 70);
        ValueId y = models.affine(x);
        ValueId sum = models.add(new Operation.Elementwise(BinaryFunction.ADD, y, y));
        models.output("y", models.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, sum, y)));
        check();
    }

    @Test
    void pools() {
        ValueId x = models.input("x", 6, 5, 3);
        models.output("max", models.add(new Operation.MaxPool(x, HALVES)));
        models.output("average", models.add(new Operation.AvgPool(x, HALVES)));
        models.output("padded max", models.add(new Operation.MaxPool(x, PADDED)));
        models.output("padded average", models.add(new Operation.AvgPool(x, PADDED)));
        check();
    }

    @ParameterizedTest
    @EnumSource(value = Activations.class, names = {"SIGN", "TERNARY", "ABSMAX4", "MINMAX1", "MINMAX8"})
    void poolsOfCodes(Activations scheme) {
        ValueId x = models.input("x", 6, 6, 65);
        KernelModels.Codes codes = models.quantize(x, scheme);
        ValueId pooled = models.add(new Operation.MaxPool(codes.value(), HALVES));
        ValueId w = models.weights(Weights.BINARY, 7, 2, 2, 65);
        ValueId product = models.add(new Operation.Conv(pooled, codes.zero(), w, Geometry.valid(2, 2, 1), 1,
                Padding.ZERO));
        models.output("y", models.rescale(product, codes, 7));
        check();
    }

    @Test
    void movements() {
        ValueId x = models.input("x", 3, 4, 5);
        models.output("t", models.add(new Operation.Transpose(x, List.of(2, 0, 1))));
        for (int axis = 0; axis < 3; axis++) {
            ValueId slice = models.add(new Operation.Slice(x, axis, 1, 3));
            models.output("s" + axis, slice);
            models.output("c" + axis, models.add(new Operation.Concat(List.of(slice, x, slice), axis)));
        }
        ValueId codes = models.quantize(x, Activations.MINMAX8).value();
        ValueId turned = models.add(new Operation.Transpose(codes, List.of(1, 0, 2)));
        models.output("codes", models.add(new Operation.Concat(List.of(turned, turned), 2)));
        check();
    }

    @Test
    void softmaxAndArgMax() {
        ValueId x = models.input("x", 3, 9);
        models.output("p", models.add(new Operation.Softmax(x)));
        models.output("best", models.add(new Operation.ArgMax(x)));
        KernelModels.Codes codes = models.quantize(x, Activations.MINMAX8);
        models.output("best code", models.add(new Operation.ArgMax(codes.value())));
        ValueId sums = models.add(new Operation.Dense(codes.value(), codes.zero(), models.weights(Weights.BINARY, 6,
                9)));
        models.output("best sum", models.add(new Operation.ArgMax(sums)));
        check();
    }

    @Test
    void thresholds() {
        ValueId x = models.input("x", 4, 66);
        KernelModels.Codes codes = models.quantize(x, Activations.SIGN);
        ValueId sums = models.add(new Operation.Dense(codes.value(), Optional.empty(),
                models.weights(Weights.BINARY, 5, 66)));
        ValueId bounds = models.builder.constant(new Tensor.Integers(Shape.of(5, 3),
                new int[]{-9, 0, 4, 1, 2, 3, -70, 0, 70, -1, 0, 1, 5, 6, 7}));
        ValueId directions = models.builder.constant(new Tensor.Integers(Shape.of(5), new int[]{1, -1, 1, -1, 1}));
        ElementType.Code two = new ElementType.Code(2, false);
        ValueId steps = models.add(new Operation.Threshold(sums, bounds, directions, 0, 1, two));
        ValueId next = models.add(new Operation.Dense(steps, Optional.empty(), models.weights(Weights.TERNARY, 4, 5)));
        ValueId same = models.builder.constant(Tensor.of(0.5f));
        ValueId oneBound = models.builder.reshape(same, Shape.of(1, 1));
        ValueId up = models.builder.constant(new Tensor.Integers(Shape.of(1), new int[]{1}));
        models.output("sums", next);
        models.output("bits",
                models.add(new Operation.Threshold(x, oneBound, up, -1, 2, ElementType.BIPOLAR)));
        check();
    }

    @Test
    void dequantizedValues() {
        ValueId x = models.input("x", 3, 5);
        for (Activations scheme : List.of(Activations.MINMAX8, Activations.ROWS4, Activations.STATIC8,
                Activations.ABSMAX4)) {
            KernelModels.Codes codes = models.quantize(x, scheme);
            models.output(scheme.name(),
                    models.add(new Operation.Dequantize(codes.value(), codes.scale().orElseThrow(), codes.zero())));
        }
        check();
    }

    @Test
    void stepTablesAndIntegerInputs() {
        ValueId step = models.builder.input("t", new TensorType(new ElementType.StepIndex(4), Shape.scalar()));
        ValueId pixels = models.builder.input("pixels", new TensorType(new ElementType.Code(8, false), Shape.of(2,
                70)));
        ValueId bytes = models.builder.input("bytes", new TensorType(new ElementType.Code(8, true), Shape.of(70)));
        ValueId table = models.builder.constant(Tensor.of(0.1f, 0.2f, 0.3f, 0.4f));
        ValueId scale = models.add(new Operation.StepTable(step, table));
        ValueId real = models.add(new Operation.Rescale(pixels, Optional.empty(), Optional.empty()));
        ValueId sum = models.add(new Operation.Elementwise(BinaryFunction.ADD, real,
                models.add(new Operation.Rescale(bytes, Optional.of(scale), Optional.empty()))));
        Grid grid = new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX);
        ValueId codes = models.add(new Operation.Quantize(sum, scale, Optional.empty(), grid));
        ValueId product = models.add(new Operation.Dense(codes, Optional.empty(), models.weights(Weights.TERNARY, 3,
                70)));
        models.output("y", models.add(new Operation.Rescale(product, Optional.of(scale), Optional.empty())));
        ValueId rows = models.builder.constant(models.floats(4, 2, 70));
        models.output("entry", models.add(new Operation.StepTable(step, rows)));
        models.output("direct",
                models.add(new Operation.Dense(pixels, Optional.empty(), models.weights(Weights.BINARY, 3, 70))));
        check();
    }
}
