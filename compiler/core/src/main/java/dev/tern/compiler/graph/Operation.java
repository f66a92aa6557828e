package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node computes. Operands are ids; everything else is a compile-time attribute. Every f32 step rounds once,
 * in the order that the record's text gives; {@code meaning.Meaning} is the definition.
 */
public sealed interface Operation {
    /** The operands in a fixed order. */
    List<ValueId> operands();

    /** The same operation on renamed operands. */
    Operation map(UnaryOperator<ValueId> rename);

    // Sources

    /** An input of the model. @param documentation what the writer said of it */
    record Input(String name, int index) implements Source {
    }

    /**
     * Parameters not bound yet, f32.
     *
     * @param path where they are found in a parameter file
     * @param role what they are to the op that they were written with, whatever has become of it
     */
    record Parameter(String path, ParameterRole role) implements Source {
    }

    /** A tensor known at compile time. */
    record Constant(Tensor tensor) implements Source {
    }

    // Weights

    /**
     * Codes of float weights [out, ...] under a scheme; BIPOLAR, TERNARY or s(bits). Of a Ttq rule it is one sign's
     * part: the positive part has codes {0, 1}, the negative part {-1, 0}.
     */
    record WeightCodes(ValueId weights, WeightScheme scheme, Part part) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(weights);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new WeightCodes(rename.apply(weights), scheme, part);
        }
    }

    /** Scales of float weights [out, ...] under a scheme: f32 [out] for a scale per channel, else f32 []. */
    record WeightScale(ValueId weights, WeightScheme scheme, Part part) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(weights);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new WeightScale(rename.apply(weights), scheme, part);
        }
    }

    enum Part {
        ALL, POSITIVE, NEGATIVE
    }

    // Activation scales and quantizers

    /**
     * The lowest and highest element: f32 [2] over the whole tensor, or f32 [rows, 2] with one pair per row of the
     * last axis; as {@link Math#min(float, float)} and {@link Math#max(float, float)} find them, in any order.
     */
    record MeasureRange(ValueId x, boolean perRow) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new MeasureRange(operand, perRow);
        }
    }

    /**
     * The scale that a range [..., 2] asks for on a grid: f32 [...]. ABSMAX: {@code max(max(|low|, |high|), 1e-5f) /
     * (float) highest}. MINMAX: with {@code l = min(low, 0)} and {@code h = max(high, 0)}, {@code (h - l) / (float)
     * (2^bits - 1)}, and 1 where that is 0 (nothing but zeros, or a range that vanishes in f32).
     */
    record RangeScale(ValueId x, Grid grid) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new RangeScale(operand, grid);
        }
    }

    /**
     * The zero point that a range [..., 2] asks for on a MINMAX grid: i32 [...]. {@code rint(-min(low, 0) / scale)}
     * saturated into 0..2^bits-1, the scale being that of {@link RangeScale}.
     */
    record RangeZero(ValueId x, Grid grid) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new RangeZero(operand, grid);
        }
    }

    /**
     * The entries of a constant f32 table [n, ...] at a step or at indices [m...]: f32 [m..., ...]. The scales of
     * time-step dependent quantization, and embeddings.
     */
    record StepTable(ValueId step, ValueId table) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(step, table);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new StepTable(rename.apply(step), rename.apply(table));
        }
    }

    /**
     * clamp(rint(x / scale) + zero, lowest, highest); the scale (and zero) is a scalar, or one per row [rows].
     */
    record Quantize(ValueId x, ValueId scale, Optional<ValueId> zero, Grid grid) implements Operation {
        @Override
        public List<ValueId> operands() {
            return zero.map(z -> List.of(x, scale, z)).orElseGet(() -> List.of(x, scale));
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Quantize(rename.apply(x), rename.apply(scale), zero.map(rename), grid);
        }
    }

    /** x >= 0 ? +1 : -1. */
    record Sign(ValueId x) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Sign(operand);
        }
    }

    /** {@code x > t ? 1 : x < -t ? -1 : 0}. */
    record Ternarize(ValueId x, float threshold) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Ternarize(operand, threshold);
        }
    }

    /**
     * A code by counting thresholds, made by passes from what stood between an accumulator (or f32 value) and a
     * quantizer: {@code base + step * #{j : direction[c] * x >= thresholds[c][j]}}. For an operand of
     * accumulators or codes thresholds is i32 [channels or 1, levels] and the comparison is exact in 64 bits; for an
     * f32 operand it is f32.
     *
     * @param directions i32 [channels or 1], +1 or -1
     * @param base the code when no threshold is reached
     * @param step 1, or 2 for a bipolar code
     */
    record Threshold(ValueId x, ValueId thresholds, ValueId directions, int base, int step,
            ElementType.Code code) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(x, thresholds, directions);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Threshold(rename.apply(x), rename.apply(thresholds), rename.apply(directions), base, step,
                    code);
        }
    }

    // Products

    /**
     * Over the last axis: sum over k of (a[.., k] - zero) * w[out, k], k ascending. Codes by codes give an exact
     * accumulator; where either side is f32 the products and sums are f32 (the sum from +0, each product rounded
     * before it is added), codes less their zero point converted first. A zero point is a scalar or one per row.
     */
    record Dense(ValueId a, Optional<ValueId> zero, ValueId weights) implements Product {
        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Dense(rename.apply(a), zero.map(rename), rename.apply(weights));
        }
    }

    /**
     * [h, w, c] by w[out, kh, kw, c / groups]: sum over ky, kx, channel ascending of (a - zero) * w over the taps
     * inside the input; taps in the padding count as {@code padding} says, in their place of the order. Arithmetic as
     * for {@link Dense}; a zero point is a scalar. Output channel o reads the channels of group o / (out / groups).
     */
    record Conv(ValueId a, Optional<ValueId> zero, ValueId weights, Geometry geometry, int groups,
            Padding padding) implements Product {
        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Conv(rename.apply(a), zero.map(rename), rename.apply(weights), geometry, groups, padding);
        }
    }

    /** What a tap in the padding contributes: nothing, +w or -w. */
    enum Padding {
        ZERO, PLUS_ONE, MINUS_ONE
    }

    /**
     * [.., m, k] by [.., k, n] with equal leading dimensions, both known at run time: sum over k ascending of
     * {@code (left[.., m, k] - leftZero) * (right[.., k, n] - rightZero)}. Arithmetic as for {@link Dense}; both are
     * codes or both f32, and zero points are scalars.
     */
    record MatMul(ValueId left, Optional<ValueId> leftZero, ValueId right,
            Optional<ValueId> rightZero) implements Operation {
        @Override
        public List<ValueId> operands() {
            return Stream.of(Optional.of(left), Optional.of(right), leftZero, rightZero).flatMap(Optional::stream)
                    .toList();
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new MatMul(rename.apply(left), leftZero.map(rename), rename.apply(right), rightZero.map(rename));
        }
    }

    /**
     * An accumulator (or codes, or an unscaled f32 sum) to a real: {@code (activationScale * weightScale[c]) * x}, one
     * rounding per multiplication; a missing scale is not multiplied, so with neither this is a conversion. Integers
     * convert to f32 by rounding to nearest even. The activation scale is a scalar or one per row [rows], the weight
     * scale a scalar or one per channel.
     */
    record Rescale(ValueId x, Optional<ValueId> activationScale, Optional<ValueId> weightScale) implements Operation {
        @Override
        public List<ValueId> operands() {
            return Stream.of(Optional.of(x), activationScale, weightScale).flatMap(Optional::stream).toList();
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Rescale(rename.apply(x), activationScale.map(rename), weightScale.map(rename));
        }
    }

    /**
     * Codes back to reals: {@code scale * (float) (code - zero)}, one rounding; the scale (and zero) is a scalar, or
     * one per row [rows]. What a quantizer in a place of its own gives.
     */
    record Dequantize(ValueId codes, ValueId scale, Optional<ValueId> zero) implements Operation {
        @Override
        public List<ValueId> operands() {
            return zero.map(z -> List.of(codes, scale, z)).orElseGet(() -> List.of(codes, scale));
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Dequantize(rename.apply(codes), rename.apply(scale), zero.map(rename));
        }
    }

    /** A product of activations and weights, output channels first. */
    sealed interface Product extends Operation {
        /** Multiplications of one inference, those in the padding included. */
        default long multiplyAdds(Shape result, Shape weightShape) {
            return (long) result.elements() * (weightShape.elements() / weightShape.dimension(0));
        }

        ValueId a();

        Optional<ValueId> zero();

        ValueId weights();

        @Override
        default List<ValueId> operands() {
            return zero().map(z -> List.of(a(), weights(), z)).orElseGet(() -> List.of(a(), weights()));
        }
    }

    // Integers alone

    /**
     * Accumulators to codes by integers alone, see {@link Requantization}: {@code code(x + bias[c])}, the sum wrapping
     * around. A scalar weight scale is one for all weights.
     *
     * @param weightScale f32, a scalar or one per channel
     * @param bias whole numbers in f32, one per channel
     */
    record Requantize(ValueId x, Optional<ValueId> weightScale, Optional<ValueId> bias,
            Requantization rule) implements Operation {
        @Override
        public List<ValueId> operands() {
            return Stream.of(Optional.of(x), weightScale, bias).flatMap(Optional::stream).toList();
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Requantize(rename.apply(x), weightScale.map(rename), bias.map(rename), rule);
        }
    }

    /**
     * Integers on another scale, by integers alone: {@code R(x + bias[c])} held to lowest..highest, the sum wrapping
     * around, R the product with {@code FixedPoint.of(ratio.input * factor[c] / ratio.output)}.
     *
     * @param x accumulators or codes
     * @param factor f32, one per channel
     * @param bias whole numbers in f32, a scalar or one per channel
     * @param rounding of the product
     */
    record RescaleIntegers(ValueId x, Optional<ValueId> factor, Optional<ValueId> bias, ScaleRatio ratio,
            FixedPoint.Rounding rounding, int lowest, int highest) implements Operation {
        /** Rounded once, halves up. */
        public RescaleIntegers(ValueId x, Optional<ValueId> factor, Optional<ValueId> bias, ScaleRatio ratio,
                int lowest, int highest) {
            this(x, factor, bias, ratio, FixedPoint.Rounding.SINGLE, lowest, highest);
        }

        @Override
        public List<ValueId> operands() {
            return Stream.of(Optional.of(x), factor, bias).flatMap(Optional::stream).toList();
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new RescaleIntegers(rename.apply(x), factor.map(rename), bias.map(rename), ratio, rounding, lowest,
                    highest);
        }
    }

    /** The sum of each window of accumulators or codes, all of whose taps lie inside. */
    record SumPool(ValueId x, Geometry geometry) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new SumPool(operand, geometry);
        }
    }

    /**
     * Two codes as integers, added or multiplied, element by element. Accumulators are integers already; the term of
     * one
     * of them may shift it up. One of the factors of a product is a code.
     */
    record CombineCodes(boolean product, ValueId left, ValueId right, CodeTerm leftTerm,
            CodeTerm rightTerm) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(left, right);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new CombineCodes(product, rename.apply(left), rename.apply(right), leftTerm, rightTerm);
        }
    }

    /**
     * The entry of a table at each code.
     *
     * @param table f32 [number of codes], whole numbers that are codes; the first is that of the lowest code
     * @param from the type of the operand's codes
     * @param code the type of the table's
     */
    record CodeTable(ValueId x, ValueId table, ElementType.Code from, ElementType.Code code) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(x, table);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new CodeTable(rename.apply(x), rename.apply(table), from, code);
        }
    }

    // f32

    /**
     * {@code a[c] * x + b[c]} with {@code a = (float) (gamma / sqrt(variance + eps))} and
     * {@code b = (float) (beta - mean * (double) a)}, both computed in double; two f32 roundings at run time.
     */
    record BatchNorm(ValueId x, ValueId gamma, ValueId beta, ValueId mean, ValueId variance,
            double epsilon) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(x, gamma, beta, mean, variance);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new BatchNorm(rename.apply(x), rename.apply(gamma), rename.apply(beta), rename.apply(mean),
                    rename.apply(variance), epsilon);
        }
    }

    /** {@code scale[c] * x + shift[c]}, two roundings. */
    record Affine(ValueId x, ValueId scale, ValueId shift) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(x, scale, shift);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Affine(rename.apply(x), rename.apply(scale), rename.apply(shift));
        }
    }

    /** Elementwise with broadcasting (trailing dimensions align; 1 stretches). */
    record Elementwise(BinaryFunction function, ValueId left, ValueId right) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(left, right);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Elementwise(function, rename.apply(left), rename.apply(right));
        }
    }

    /** A function of each element. */
    record Activation(ElementFunction function, ValueId x) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Activation(function, operand);
        }
    }

    /** {@code x < low ? low : x > high ? high : x}. */
    record Clip(ValueId x, float low, float high) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Clip(operand, low, high);
        }
    }

    /** x >= 0 ? x : slope[c] * x. */
    record PRelu(ValueId x, ValueId slope) implements Operation {
        @Override
        public List<ValueId> operands() {
            return List.of(x, slope);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new PRelu(rename.apply(x), rename.apply(slope));
        }
    }

    /**
     * The greatest element of each window, padding left out; of f32, codes or accumulators. As
     * {@link Math#max(float, float)} compares (+0 above -0), so that the order does not matter.
     */
    record MaxPool(ValueId x, Geometry geometry) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new MaxPool(operand, geometry);
        }
    }

    /**
     * The mean of each window: the sum in double, from +0 in ascending order (row, column), divided in double by the
     * number of taps inside the input, rounded once to f32.
     */
    record AvgPool(ValueId x, Geometry geometry) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new AvgPool(operand, geometry);
        }
    }

    /**
     * One f32 number for each row of the last axis, whose size becomes 1: a sum in double, from +0 ascending, divided
     * in
     * double by the number of elements and rounded once.
     */
    record RowStatistic(Statistic statistic, ValueId x) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new RowStatistic(statistic, operand);
        }
    }

    /** Of what a mean is taken. */
    enum Statistic {
        /** The elements. */
        MEAN,
        /** Their squares, which are exact in double. */
        MEAN_SQUARE
    }

    /**
     * Over the last axis: m = max; e = (float) StrictMath.exp((double) (x - m)) with the difference rounded to f32;
     * (float) (e / sum of e), the sum in double, from +0 ascending, and the division in double.
     */
    record Softmax(ValueId x) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Softmax(operand);
        }
    }

    /** The index of the first greatest element of the last axis: i32 with that axis gone. */
    record ArgMax(ValueId x) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new ArgMax(operand);
        }
    }

    // Movement

    /** The same elements in the same order under another shape (the node's type). */
    record Reshape(ValueId x) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Reshape(operand);
        }
    }

    /** Dimension i of the result is dimension permutation[i] of x. */
    record Transpose(ValueId x, List<Integer> permutation) implements Unary {
        public Transpose {
            permutation = List.copyOf(permutation);
        }

        @Override
        public Operation with(ValueId operand) {
            return new Transpose(operand, permutation);
        }
    }

    /** Elements start (inclusive) to end (exclusive) of one axis. */
    record Slice(ValueId x, int axis, int start, int end) implements Unary {
        @Override
        public Operation with(ValueId operand) {
            return new Slice(operand, axis, start, end);
        }
    }

    /** Element i of the result along an axis is element indices[i] of x. */
    record Gather(ValueId x, int axis, List<Integer> indices) implements Unary {
        public Gather {
            indices = List.copyOf(indices);
        }

        @Override
        public Operation with(ValueId operand) {
            return new Gather(operand, axis, indices);
        }
    }

    /** The parts one after the other along an axis. */
    record Concat(List<ValueId> parts, int axis) implements Operation {
        public Concat {
            parts = List.copyOf(parts);
        }

        @Override
        public List<ValueId> operands() {
            return parts;
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Concat(parts.stream().map(rename).collect(Collectors.toList()), axis);
        }
    }

    /**
     * An operation that the language has, whose shapes are checked, and that no pass lowers; the legality check
     * reports it where it was written.
     *
     * @param name as written in the language
     * @param instead what to write instead, in the words of the language
     */
    record NotLowered(String name, String instead, List<ValueId> operands) implements Operation {
        public NotLowered {
            operands = List.copyOf(operands);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new NotLowered(name, instead, operands.stream().map(rename).collect(Collectors.toList()));
        }
    }

    /** What other operations compute; see {@link Expansion}. */
    record Composite(Expansion expansion, List<ValueId> operands) implements Operation {
        public Composite {
            operands = List.copyOf(operands);
        }

        @Override
        public Operation map(UnaryOperator<ValueId> rename) {
            return new Composite(expansion, operands.stream().map(rename).toList());
        }
    }

    /** No operands. */
    sealed interface Source extends Operation {
        @Override
        default List<ValueId> operands() {
            return List.of();
        }

        @Override
        default Operation map(UnaryOperator<ValueId> rename) {
            return this;
        }
    }

    /** One operand. */
    sealed interface Unary extends Operation {
        ValueId x();

        /** The same with another operand. */
        Operation with(ValueId operand);

        @Override
        default List<ValueId> operands() {
            return List.of(x());
        }

        @Override
        default Operation map(UnaryOperator<ValueId> rename) {
            return with(rename.apply(x()));
        }
    }
}
