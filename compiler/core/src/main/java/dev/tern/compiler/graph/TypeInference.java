package dev.tern.compiler.graph;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.ElementType.F32;
import dev.tern.compiler.graph.ElementType.StepIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The typing rule of every operation: the type of its value from the types of its operands. Accumulators get the
 * widest interval that the operands' types allow; range propagation narrows it from the actual weights.
 */
public final class TypeInference {
    private TypeInference() {
    }

    /**
     * The type of an operation that its operands determine.
     *
     * @param operands in the order of {@link Operation#operands()}
     * @throws TypeRuleException if the operands break the operation's rule, or do not determine its type
     */
    public static TensorType of(Operation operation, List<TensorType> operands) {
        return infer(operation, operands, Optional.empty());
    }

    /**
     * Checks a node's type against its operation and operands: it is the inferred one, or narrower where it is an
     * accumulator; where the operands do not determine it, it is the declared one if that obeys the rule.
     *
     * @throws TypeRuleException if it is not
     */
    public static void check(Operation operation, List<TensorType> operands, TensorType declared) {
        TensorType inferred = infer(operation, operands, Optional.of(declared));
        require(narrower(declared, inferred), "has type " + declared + " where " + inferred + " follows");
    }

    /**
     * The type of a node whose operands are no longer those that it was declared with: the inferred one where that is
     * narrower than the declared one, else the declared one.
     *
     * @throws TypeRuleException if the operands break the operation's rule
     */
    public static TensorType narrowest(Operation operation, List<TensorType> operands, TensorType declared) {
        TensorType inferred = infer(operation, operands, Optional.of(declared));
        return narrower(inferred, declared) ? inferred : declared;
    }

    private static TensorType infer(Operation operation, List<TensorType> operands, Optional<TensorType> declared) {
        return switch (operation) {
            case Operation.Input input -> WindowTypes.input(known(declared, "input " + input.name()));
            case Operation.Parameter parameter -> real("a parameter", known(declared, parameter.path()));
            case Operation.NotLowered other -> known(declared, other.name());
            case Operation.Reshape reshape -> MovementTypes.reshape(operands.get(0), known(declared, "reshape"));
            case Operation.Constant constant -> constant(constant.tensor(), declared);
            case Operation.WeightCodes codes -> WeightTypes.codes(codes, operands.get(0));
            case Operation.WeightScale scale -> WeightTypes.scale(scale, operands.get(0));
            case Operation.MeasureRange measure -> measureRange(measure, operands.get(0));
            case Operation.RangeScale scale -> range(scale.grid(), operands.get(0), ElementType.F32);
            case Operation.RangeZero zero -> rangeZero(zero, operands.get(0));
            case Operation.StepTable table -> stepTable(operands);
            case Operation.Quantize quantize -> QuantizerTypes.quantize(quantize, operands);
            case Operation.Dequantize dequantize -> QuantizerTypes.dequantize(operands);
            case Operation.Sign sign -> QuantizerTypes.elementwise("sign", ElementType.BIPOLAR, operands.get(0));
            case Operation.Ternarize ternarize -> QuantizerTypes.ternarize(ternarize, operands.get(0));
            case Operation.Requantize requantize -> QuantizerTypes.requantize(requantize, operands);
            case Operation.RescaleIntegers rescale -> QuantizerTypes.rescaleIntegers(rescale, operands);
            case Operation.SumPool pool -> WindowTypes.sumPool(pool.geometry(), operands.get(0));
            case Operation.CombineCodes combine -> QuantizerTypes.combine(combine, operands);
            case Operation.CodeTable table -> QuantizerTypes.table(table, operands);
            case Operation.Threshold threshold -> QuantizerTypes.threshold(threshold, operands);
            case Operation.Dense dense -> ProductTypes.dense(dense, operands);
            case Operation.Conv conv -> ProductTypes.conv(conv, operands);
            case Operation.Rescale rescale -> ProductTypes.rescale(rescale, operands);
            case Operation.BatchNorm norm -> perChannel("batchnorm", operands);
            case Operation.Affine affine -> perChannel("affine", operands);
            case Operation.PRelu prelu -> perChannel("prelu", operands);
            case Operation.Elementwise elementwise -> broadcast(operands.get(0), operands.get(1));
            case Operation.Activation activation -> real("activation", operands.get(0));
            case Operation.Clip clip -> clip(clip, operands.get(0));
            case Operation.MaxPool pool -> WindowTypes.pool("maxpool", pool.geometry(), operands.get(0));
            case Operation.AvgPool pool ->
                WindowTypes.pool("avgpool", pool.geometry(), real("avgpool", operands.get(0)));
            case Operation.MatMul product -> ProductTypes.matMul(product, operands);
            case Operation.Softmax softmax -> softmax(operands.get(0));
            case Operation.ArgMax argMax -> argMax(operands.get(0));
            case Operation.Transpose transpose -> MovementTypes.transpose(transpose, operands.get(0));
            case Operation.Gather gather -> MovementTypes.gather(gather, operands.get(0));
            case Operation.RowStatistic row -> rowStatistic(operands.get(0));
            case Operation.Composite composite -> composite.expansion().type(operands);
            case Operation.Slice slice -> MovementTypes.slice(slice, operands.get(0));
            case Operation.Concat concat -> MovementTypes.concat(concat, operands);
        };
    }

    /** Whether a value of the first type is one of the second: equal, or an accumulator with a smaller interval. */
    static boolean narrower(TensorType type, TensorType than) {
        return type.equals(than)
                || type.shape().equals(than.shape()) && type.element() instanceof Accumulator narrow
                        && than.element() instanceof Accumulator wide && wide.low() <= narrow.low()
                        && narrow.high() <= wide.high();
    }

    private static TensorType known(Optional<TensorType> declared, String what) {
        return declared.orElseThrow(
                () -> new TypeRuleException("the operands do not determine the type of " + what));
    }

    private static TensorType constant(Tensor tensor, Optional<TensorType> declared) {
        declared.ifPresent(type -> checkConstant(tensor, type));
        return declared.orElseGet(() -> switch (tensor) {
            case Tensor.Floats floats -> new TensorType(ElementType.F32, floats.shape());
            case Tensor.Integers integers -> new TensorType(Interval.of(integers).accumulator(), integers.shape());
        });
    }

    private static void checkConstant(Tensor tensor, TensorType declared) {
        require(tensor.shape().equals(declared.shape()), "a constant " + tensor + " of type " + declared);
        switch (tensor) {
            case Tensor.Floats floats -> {
                require(declared.element() instanceof F32, "f32 elements of type " + declared);
                for (float value : floats.values()) {
                    require(!Float.isNaN(value), "a constant holds NaN");
                }
            }
            case Tensor.Integers integers -> {
                require(!(declared.element() instanceof F32), "integers of type " + declared);
                require(Interval.of(declared.element()).contains(Interval.of(integers)),
                        "a constant has values outside " + declared.element());
                if (declared.element() instanceof Code code && code.bipolar()) {
                    for (int value : integers.values()) {
                        require(value != 0, "a bipolar constant holds 0");
                    }
                }
            }
        }
    }

    private static TensorType measureRange(Operation.MeasureRange measure, TensorType x) {
        real("measure_range", x);
        return new TensorType(ElementType.F32,
                measure.perRow() ? Shape.of(x.shape().rows(), 2) : Shape.of(2));
    }

    private static TensorType range(Grid grid, TensorType range, ElementType result) {
        real("a range", range);
        require(range.shape().rank() >= 1 && range.shape().channels() == 2, "a range has type " + range);
        QuantizerTypes.checkGrid(grid);
        require(grid.rule() != Grid.Rule.GIVEN, "a range for the grid " + grid);
        int[] outer = Arrays.copyOf(range.shape().toArray(), range.shape().rank() - 1);
        return new TensorType(result, Shape.of(outer));
    }

    private static TensorType rangeZero(Operation.RangeZero zero, TensorType range) {
        require(zero.grid().rule() == Grid.Rule.MINMAX, "a zero point on the grid " + zero.grid());
        return range(zero.grid(), range, new Accumulator(0, zero.grid().code().highest()));
    }

    private static TensorType stepTable(List<TensorType> operands) {
        TensorType step = operands.get(0);
        TensorType table = real("step_table", operands.get(1));
        require(step.element() instanceof StepIndex(int count) && table.shape().rank() > 0
                && table.shape().dimension(0) == count, "a table " + table + " for " + step);
        return new TensorType(ElementType.F32, step.shape().followedBy(table.shape().withoutFirst()));
    }

    private static TensorType perChannel(String name, List<TensorType> operands) {
        TensorType x = real(name, operands.get(0));
        for (TensorType vector : operands.subList(1, operands.size())) {
            require(vector.element() instanceof F32 && vector.shape().equals(Shape.of(x.shape().channels())),
                    name + " of " + x + " has a per-channel operand " + vector);
        }
        return x;
    }

    private static TensorType broadcast(TensorType left, TensorType right) {
        real("an elementwise operation", left);
        real("an elementwise operation", right);
        int rank = Math.max(left.shape().rank(), right.shape().rank());
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            int a = trailing(left.shape(), rank - 1 - i);
            int b = trailing(right.shape(), rank - 1 - i);
            require(a == b || a == 1 || b == 1, left + " and " + right + " do not broadcast");
            dimensions.add(Math.max(a, b));
        }
        return new TensorType(ElementType.F32, Shape.of(dimensions));
    }

    /** The dimension so many places before the last; 1 beyond the first. */
    private static int trailing(Shape shape, int fromLast) {
        int index = shape.rank() - 1 - fromLast;
        return index < 0 ? 1 : shape.dimension(index);
    }

    private static TensorType clip(Operation.Clip clip, TensorType x) {
        require(clip.low() <= clip.high(), "clip from " + clip.low() + " to " + clip.high());
        return real("clip", x);
    }

    private static TensorType rowStatistic(TensorType x) {
        require(x.shape().rank() >= 1, "a row statistic of a scalar");
        int[] dimensions = real("a row statistic", x).shape().toArray();
        dimensions[dimensions.length - 1] = 1;
        return new TensorType(ElementType.F32, Shape.of(dimensions));
    }

    private static TensorType softmax(TensorType x) {
        require(x.shape().rank() >= 1, "softmax of a scalar");
        return real("softmax", x);
    }

    private static TensorType argMax(TensorType x) {
        require(x.shape().rank() >= 1, "argmax of a scalar");
        require(!(x.element() instanceof StepIndex), "argmax of " + x);
        int[] outer = Arrays.copyOf(x.shape().toArray(), x.shape().rank() - 1);
        return new TensorType(new Accumulator(0, x.shape().channels() - 1), Shape.of(outer));
    }

    static TensorType real(String what, TensorType type) {
        require(type.element() instanceof F32, what + " takes f32, not " + type);
        return type;
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new TypeRuleException(message);
        }
    }

    /** A scale or zero point beside x: a scalar, or one per row of the last axis. */
    static void requirePerTensorOrRow(String what, TensorType type, Shape x) {
        require(type.shape().rank() == 0 || type.shape().equals(Shape.of(x.rows())),
                what + " of type " + type + " beside " + x);
    }

    static boolean distinct(List<Integer> values) {
        return new HashSet<>(values).size() == values.size();
    }
}
