package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.KnownSign;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is known of the sign of every value from the operations that lead to it: of a value that cannot be negative a
 * quantizer's grid has no codes below zero. Of codes it is the sign of the code less its zero point.
 */
public final class Signs {
    private record Known(Operation operation, TensorType type, KnownSign sign) {
    }

    private final Map<ValueId, Known> known = new HashMap<>();
    private final Predicate<ValueId> mayBeNaN;

    /** What is so by construction, as grids are chosen: of numbers. */
    public Signs() {
        this(id -> false);
    }

    private Signs(Predicate<ValueId> mayBeNaN) {
        this.mayBeNaN = mayBeNaN;
    }

    /**
     * The signs of all values of a graph.
     *
     * @param mayBeNaN whether a value may be NaN, whose code lies below the zero point whatever the sign of the others
     */
    public static Signs of(Graph graph, Predicate<ValueId> mayBeNaN) {
        Signs signs = new Signs(mayBeNaN);
        graph.nodes().forEach(node -> signs.add(node.id(), node.operation(), node.type()));
        return signs;
    }

    /** Takes up a value; its operands come before it. */
    public void add(ValueId id, Operation operation, TensorType type) {
        known.put(id, new Known(operation, type, infer(operation, type)));
    }

    public KnownSign of(ValueId id) {
        return known.get(id).sign;
    }

    private KnownSign infer(Operation operation, TensorType type) {
        return switch (operation) {
            case Operation.Input _,Operation.StepTable _,Operation.RangeZero _ -> ofType(type);
            case Operation.Threshold _,Operation.Sign _,Operation.Ternarize _,Operation.ArgMax _ -> ofType(type);
            case Operation.WeightCodes _,Operation.Requantize _,Operation.CombineCodes _,Operation.CodeTable _ ->
                ofType(type);
            case Operation.RescaleIntegers _,Operation.SumPool _ ->
                ofType(type);
            case Operation.Constant(Tensor tensor) -> of(tensor);
            case Operation.Parameter _,Operation.MeasureRange _,Operation.BatchNorm _,Operation.NotLowered _ ->
                KnownSign.ANY;
            case Operation.Product product -> type.element() instanceof ElementType.F32 ? KnownSign.ANY : ofType(type);
            // A sum in f32 begins with +0, and so is -0 never; codes have no such thing.
            case Operation.MatMul(ValueId left, Optional<ValueId> _, ValueId right, Optional<ValueId> _) ->
                !(type.element() instanceof ElementType.F32)
                        ? ofType(type)
                        : of(left).nonNegative() && of(right).nonNegative() ? KnownSign.NO_SIGN_BIT : KnownSign.ANY;
            case Operation.WeightScale _,Operation.RangeScale _,Operation.Softmax _ -> KnownSign.NO_SIGN_BIT;
            case Operation.Quantize quantize -> of(quantize.x()).nonNegative()
                    && (quantize.zero().isEmpty() || !mayBeNaN.test(quantize.x()))
                            ? KnownSign.NO_SIGN_BIT
                            : quantize.zero().isEmpty() ? ofType(type) : KnownSign.ANY;
            case Operation.Dequantize(ValueId codes, ValueId scale, Optional<ValueId> zero) ->
                less(codes, zero).or(of(scale));
            case Operation.Rescale rescale ->
                rescale.operands().stream().map(this::of).reduce(KnownSign::or).orElseThrow();
            case Operation.Affine(ValueId x, ValueId scale, ValueId shift) ->
                BinaryFunction.ADD.sign(BinaryFunction.MULTIPLY.sign(of(x), of(scale)), of(shift));
            case Operation.Elementwise(BinaryFunction function, ValueId left, ValueId right) ->
                function == BinaryFunction.MULTIPLY && left.equals(right)
                        ? KnownSign.NO_SIGN_BIT
                        : function.sign(of(left), of(right));
            case Operation.Activation activation -> activation.function().sign(of(activation.x()));
            case Operation.Clip clip -> clipped(clip, of(clip.x()));
            case Operation.PRelu prelu -> of(prelu.x());
            case Operation.MaxPool pool -> of(pool.x());
            // Sums begin with +0.
            case Operation.AvgPool pool -> of(pool.x()).nonNegative() ? KnownSign.NO_SIGN_BIT : KnownSign.ANY;
            case Operation.Reshape reshape -> of(reshape.x());
            case Operation.Transpose transpose -> of(transpose.x());
            case Operation.Slice slice -> of(slice.x());
            case Operation.Gather gather -> of(gather.x());
            case Operation.RowStatistic(Operation.Statistic statistic, ValueId x) ->
                statistic == Operation.Statistic.MEAN_SQUARE || of(x).nonNegative()
                        ? KnownSign.NO_SIGN_BIT
                        : KnownSign.ANY;
            case Operation.Composite composite ->
                composite.expansion().sign(composite.operands().stream().map(this::of).toList());
            case Operation.Concat concat -> concat.parts().stream().map(this::of).reduce(KnownSign::or).orElseThrow();
        };
    }

    /** {@code x < low ? low : x > high ? high : x}. */
    private static KnownSign clipped(Operation.Clip clip, KnownSign x) {
        KnownSign low = KnownSign.of(clip.low());
        KnownSign high = KnownSign.of(clip.high());
        if (low.nonNegative()) {
            // A clip at zero leaves -0, whichever zero it is at.
            return clip.low() > 0
                    ? KnownSign.NO_SIGN_BIT
                    : x == KnownSign.NO_SIGN_BIT ? x.or(high) : KnownSign.NOT_NEGATIVE;
        }
        return x.or(high);
    }

    /** Of codes less their zero point. */
    private KnownSign less(ValueId codes, Optional<ValueId> zero) {
        Known code = known.get(codes);
        if (zero.isEmpty() || code.operation instanceof Operation.Quantize quantize && quantize.zero().equals(zero)) {
            return code.sign;
        }
        return known.get(zero.get()).operation instanceof Operation.Constant(Tensor.Integers tensor)
                && Interval.of(code.type.element()).low() >= Interval.of(tensor).high()
                        ? KnownSign.NO_SIGN_BIT
                        : KnownSign.ANY;
    }

    private static KnownSign ofType(TensorType type) {
        return switch (type.element()) {
            case ElementType.F32 _ -> KnownSign.ANY;
            case ElementType.StepIndex _ -> KnownSign.NO_SIGN_BIT;
            case ElementType.Code _,ElementType.Accumulator _ ->
                Interval.of(type.element()).low() >= 0 ? KnownSign.NO_SIGN_BIT : KnownSign.ANY;
        };
    }

    private static KnownSign of(Tensor tensor) {
        KnownSign sign = KnownSign.NO_SIGN_BIT;
        switch (tensor) {
            case Tensor.Floats floats -> {
                for (float value : floats.values()) {
                    sign = sign.or(KnownSign.of(value));
                }
            }
            case Tensor.Integers integers -> {
                for (int value : integers.values()) {
                    sign = sign.or(KnownSign.of(value));
                }
            }
        }
        return sign;
    }
}
