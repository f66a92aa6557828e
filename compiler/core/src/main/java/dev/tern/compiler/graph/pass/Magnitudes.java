package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How great the f32 values of a model can become, and where infinities that f32 arithmetic overflows to may meet and
 * make NaN. Inputs are finite; so are parameters.
 *
 * <p>A scale that is measured on a tensor with an infinity or a NaN in it is none itself, and makes NaN of every
 * element: all codes stand for 0 then, and 0 times infinity is NaN. Whoever only moves elements about, or picks some
 * of them, is not troubled by that.
 */
final class Magnitudes {
    private static final double GREATEST = Float.MAX_VALUE;
    /** More than what rounding adds to sums of magnitudes. */
    private static final double ROUNDING = 1 + 0x1p-10;

    /**
     * @param bound no element that is a number is greater in magnitude; beyond the greatest f32 it may be infinite
     * @param some some elements may be NaN beside others that are numbers
     * @param all all elements may be NaN
     */
    private record Known(double bound, boolean some, boolean all) {
        static final Known NOTHING = new Known(Double.POSITIVE_INFINITY, true, true);

        boolean infinite() {
            return bound > GREATEST;
        }

        Known bound(double other) {
            return new Known(other * ROUNDING, some, all);
        }

        Known orSome(boolean nan) {
            return new Known(bound, some || nan, all);
        }

        Known with(Known other, double newBound) {
            return new Known(newBound * ROUNDING, some || other.some, all || other.all);
        }
    }

    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, Known> known = new HashMap<>();

    private Magnitudes(Graph graph) {
        definitions = graph.definitions();
        for (Node node : graph.nodes()) {
            known.put(node.id(), infer(node.operation(), node.type()));
        }
    }

    static Magnitudes of(Graph graph) {
        return new Magnitudes(graph);
    }

    /** Whether an element of the value may be NaN. */
    boolean mayBeNaN(ValueId id) {
        return of(id).some || of(id).all;
    }

    /** Whether an element of the value may be NaN while another is a number. */
    boolean mayHoldNaN(ValueId id) {
        return of(id).some;
    }

    /** Values that a pass has made since are not known. */
    private Known of(ValueId id) {
        return known.getOrDefault(id, Known.NOTHING);
    }

    private Known infer(Operation operation, TensorType type) {
        if (!(type.element() instanceof ElementType.F32)) {
            return number(magnitude(Interval.of(type.element())));
        }
        return switch (operation) {
            case Operation.Input _ -> number(GREATEST);
            case Operation.Constant(Tensor tensor) -> number(greatest(tensor));
            case Operation.MeasureRange measure -> of(measure.x());
            case Operation.RangeScale scale -> rangeScale(scale);
            case Operation.StepTable table -> of(table.table());
            case Operation.Rescale rescale -> rescale(rescale);
            case Operation.Dequantize(ValueId codes, ValueId scale, Optional<ValueId> zero) ->
                scaled(number(of(codes).bound + zero.map(z -> of(z).bound).orElse(0.0)), codes, scale);
            case Operation.Product product -> product(product);
            case Operation.MatMul _ -> Known.NOTHING;
            case Operation.Affine(ValueId x, ValueId scale, ValueId shift) -> of(x)
                    .orSome(of(x).infinite() && hasZero(scale))
                    .bound(of(x).bound * of(scale).bound + of(shift).bound);
            case Elementwise elementwise -> elementwise(elementwise);
            case Operation.Activation(ElementFunction function, ValueId x) -> activation(function, of(x));
            case Operation.Clip clip -> of(clip.x()).bound(Math.max(Math.abs(clip.low()), Math.abs(clip.high())));
            case Operation.PRelu(ValueId x, ValueId slope) -> of(x).orSome(of(x).infinite() && hasZero(slope))
                    .bound(of(x).bound * Math.max(1, of(slope).bound));
            case Operation.MaxPool pool -> of(pool.x());
            case Operation.AvgPool pool -> of(pool.x()).orSome(of(pool.x()).infinite());
            case Operation.Softmax softmax -> of(softmax.x()).orSome(of(softmax.x()).infinite()).bound(1);
            case Operation.Reshape reshape -> of(reshape.x());
            case Operation.Transpose transpose -> of(transpose.x());
            case Operation.Slice slice -> of(slice.x());
            case Operation.Gather gather -> of(gather.x());
            case Operation.RowStatistic row -> rowStatistic(row.statistic(), of(row.x()));
            case Operation.Composite _ -> Known.NOTHING;
            case Operation.Concat concat -> concat.parts().stream().map(this::of)
                    .reduce((a, b) -> a.with(b, Math.max(a.bound, b.bound)))
                    .map(all -> all.orSome(all.all)).orElseThrow();
            case Operation.Parameter _,Operation.NotLowered _,Operation.WeightScale _,Operation.BatchNorm _ ->
                Known.NOTHING;
            // @formatter:off
            case Operation.RangeZero _, Operation.WeightCodes _, Operation.Quantize _, Operation.Sign _,
                 Operation.Ternarize _, Operation.Threshold _, Operation.ArgMax _, Operation.Requantize _,
                 Operation.CombineCodes _, Operation.CodeTable _, Operation.RescaleIntegers _, Operation.SumPool _ ->
                throw new IllegalStateException("f32 of " + operation);
            // @formatter:on
        };
    }

    private static Known activation(ElementFunction function, Known x) {
        if (function.equals(ElementFunction.RELU)) {
            return x;
        }
        if (function.equals(ElementFunction.TANH) || function.equals(ElementFunction.SIGMOID)) {
            return x.bound(1);
        }
        return x.orSome(x.infinite()).bound(Double.POSITIVE_INFINITY);
    }

    /** Each row by itself, so that what one row holds is nothing to the others. */
    private static Known rowStatistic(Operation.Statistic statistic, Known x) {
        return switch (statistic) {
            case MEAN -> x.orSome(x.infinite() || x.all);
            case MEAN_SQUARE -> x.orSome(x.all).bound(x.bound * x.bound);
        };
    }

    private static Known number(double bound) {
        return new Known(bound, false, false);
    }

    /** Where the range is finite, so is the scale; where it is not, neither is any product with it a number. */
    private Known rangeScale(Operation.RangeScale scale) {
        Known range = of(scale.x());
        Grid grid = scale.grid();
        double width = switch (grid.rule()) {
            case ABSMAX -> Math.max(range.bound, 1) / grid.highest();
            case MINMAX, GIVEN -> Math.max(2 * range.bound / grid.highest(), 1);
        };
        boolean finite = 2 * range.bound <= GREATEST && !range.some && !range.all;
        boolean rows = definitions.get(scale.x()).type().shape().rank() > 1;
        return new Known(Math.min(width, GREATEST), !finite && rows, !finite);
    }

    private Known rescale(Operation.Rescale rescale) {
        Known x = rescale.weightScale().map(w -> factor(of(rescale.x()), of(w))).orElse(of(rescale.x()));
        return rescale.activationScale().map(scale -> {
            boolean overflows = of(scale).bound * rescale.weightScale().map(w -> of(w).bound).orElse(1.0) > GREATEST;
            return scaled(x, rescale.x(), scale).orSome(overflows);
        }).orElse(x);
    }

    /** A product with a number that may be 0. */
    private static Known factor(Known x, Known by) {
        return x.orSome(x.infinite() || by.infinite()).with(by, x.bound * by.bound);
    }

    /** Codes, or a sum of products of them, times the scale that made them, or another. */
    private Known scaled(Known x, ValueId codes, ValueId scale) {
        Known by = of(scale);
        Known product = x.orSome(x.infinite() || by.some).with(by, x.bound * by.bound);
        return by.all && !standForZero(codes, scale) ? product.orSome(true) : product;
    }

    /** Whether nothing but 0 is left of the codes where their scale is not finite. */
    private boolean standForZero(ValueId codes, ValueId scale) {
        return switch (definitions.get(codes).operation()) {
            case Operation.Quantize quantize -> quantize.scale().equals(scale)
                    && definitions.get(scale).operation() instanceof Operation.RangeScale range
                    && quantize.zero().map(z -> definitions.get(z).operation() instanceof Operation.RangeZero zero
                            && zero.x().equals(range.x())).orElse(true);
            case Operation.Conv conv -> conv.padding() == Operation.Padding.ZERO && standForZero(conv.a(), scale);
            case Operation.Dense dense -> standForZero(dense.a(), scale);
            case Operation.MaxPool pool -> standForZero(pool.x(), scale);
            case Operation.Reshape reshape -> standForZero(reshape.x(), scale);
            case Operation.Transpose transpose -> standForZero(transpose.x(), scale);
            case Operation.Slice slice -> standForZero(slice.x(), scale);
            case Operation.Gather gather -> standForZero(gather.x(), scale);
            // Whatever else there is may leave more; forgetting one costs speed, never bits.
            default -> false;
        };
    }

    /** A sum of f32 products, which may be of infinities of both signs. */
    private Known product(Operation.Product product) {
        Tensor weights = constant(product.weights());
        if (weights == null) {
            return Known.NOTHING;
        }
        int terms = weights.shape().elements() / weights.shape().dimension(0);
        Known a = of(product.a());
        double zero = product.zero().map(z -> of(z).bound).orElse(0.0);
        // Each sum on the way may be rounded up by half a unit in the last place of 24 bits.
        double sums = terms * (1 + terms * 0x1p-24);
        Known made = a.bound(sums * Math.max(a.bound + zero, 1) * of(product.weights()).bound);
        return made.orSome(a.all || made.infinite());
    }

    private Known elementwise(Elementwise operation) {
        Known left = of(operation.left());
        Known right = of(operation.right());
        return switch (operation.function()) {
            case ADD, SUBTRACT -> left.with(right, left.bound + right.bound)
                    .orSome(left.infinite() && right.infinite());
            case MULTIPLY -> left.with(right, left.bound * right.bound).orSome(
                    left.infinite() && hasZero(operation.right()) || right.infinite() && hasZero(operation.left()));
            case DIVIDE -> hasZero(operation.right())
                    ? Known.NOTHING
                    : left.with(right, left.bound / least(constant(operation.right())))
                            .orSome(left.infinite() && right.infinite());
            case MINIMUM, MAXIMUM -> left.with(right, Math.max(left.bound, right.bound));
        };
    }

    private Tensor constant(ValueId id) {
        return definitions.get(id).operation() instanceof Operation.Constant(Tensor tensor) ? tensor : null;
    }

    /** Whether a value is no constant, or one with a zero. */
    private boolean hasZero(ValueId id) {
        return !(constant(id) instanceof Tensor.Floats floats) || least(floats) == 0;
    }

    private static double least(Tensor tensor) {
        double least = Double.POSITIVE_INFINITY;
        for (float value : ((Tensor.Floats) tensor).values()) {
            least = Math.min(least, Math.abs(value));
        }
        return least;
    }

    private static double greatest(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> {
                double greatest = 0;
                for (float value : floats.values()) {
                    greatest = Math.max(greatest, Math.abs(value));
                }
                yield greatest;
            }
            case Tensor.Integers integers -> magnitude(Interval.of(integers));
        };
    }

    private static double magnitude(Interval interval) {
        return Math.max(Math.abs((double) interval.low()), Math.abs((double) interval.high()));
    }
}
