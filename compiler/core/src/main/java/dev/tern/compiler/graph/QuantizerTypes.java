package dev.tern.compiler.graph;

import static dev.tern.compiler.graph.TypeInference.real;
import static dev.tern.compiler.graph.TypeInference.require;
import static dev.tern.compiler.graph.TypeInference.requirePerTensorOrRow;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.ElementType.F32;
import java.util.List;

/** Typing rules of what turns reals (or accumulators) into codes, and back. */
final class QuantizerTypes {
    private QuantizerTypes() {
    }

    static void checkGrid(Grid grid) {
        require(!grid.code().bipolar(), "one signed bit is no uniform grid");
        require(grid.rule() != Grid.Rule.MINMAX || !grid.code().signed(), "a signed minmax grid");
    }

    static TensorType quantize(Operation.Quantize operation, List<TensorType> operands) {
        checkGrid(operation.grid());
        TensorType x = real("quantize", operands.get(0));
        requirePerTensorOrRow("a scale", real("a scale", operands.get(1)), x.shape());
        if (operation.zero().isPresent()) {
            require(operation.grid().rule() != Grid.Rule.ABSMAX, "a zero point on the grid " + operation.grid());
            checkZero(operands.get(2), x.shape());
        }
        return new TensorType(operation.grid().code(), x.shape());
    }

    static TensorType dequantize(List<TensorType> operands) {
        TensorType codes = operands.get(0);
        require(codes.element() instanceof Code, "dequantize takes codes, not " + codes);
        requirePerTensorOrRow("a scale", real("a scale", operands.get(1)), codes.shape());
        if (operands.size() > 2) {
            checkZero(operands.get(2), codes.shape());
        }
        return new TensorType(ElementType.F32, codes.shape());
    }

    static void checkZero(TensorType zero, Shape x) {
        require(zero.element() instanceof Accumulator, "a zero point of type " + zero);
        requirePerTensorOrRow("a zero point", zero, x);
    }

    static TensorType elementwise(String name, Code code, TensorType x) {
        return new TensorType(code, real(name, x).shape());
    }

    static TensorType ternarize(Operation.Ternarize operation, TensorType x) {
        require(operation.threshold() >= 0 && operation.threshold() < Float.POSITIVE_INFINITY,
                "ternarize at " + operation.threshold());
        return elementwise("ternarize", ElementType.TERNARY, x);
    }

    static TensorType threshold(Operation.Threshold operation, List<TensorType> operands) {
        TensorType x = operands.get(0);
        TensorType thresholds = operands.get(1);
        TensorType directions = operands.get(2);
        require(!(x.element() instanceof ElementType.StepIndex), "threshold of " + x);
        require(thresholds.shape().rank() == 2, "thresholds of type " + thresholds);
        require((thresholds.element() instanceof F32) == (x.element() instanceof F32)
                && !(thresholds.element() instanceof Code), "thresholds " + thresholds + " for " + x);
        requireChannels("thresholds", thresholds, x);
        require(directions.shape().rank() == 1 && directions.element() instanceof Accumulator sign
                && sign.low() >= -1 && sign.high() <= 1, "directions of type " + directions);
        requireChannels("directions", directions, x);
        int levels = thresholds.shape().dimension(1);
        Code code = operation.code();
        require(operation.step() == (code.bipolar() ? 2 : 1), "a threshold's step of " + operation.step());
        require(operation.base() >= code.lowest() && operation.base() + operation.step() * levels <= code.highest(),
                levels + " thresholds from " + operation.base() + " leave " + code);
        return new TensorType(code, x.shape());
    }

    private static void requireChannels(String what, TensorType type, TensorType x) {
        int count = type.shape().dimension(0);
        require(count == 1 || count == x.shape().channels(), what + " of type " + type + " for " + x);
    }

    static TensorType requantize(Operation.Requantize operation, List<TensorType> operands) {
        TensorType x = operands.get(0);
        requireIntegers("requantize", operands);
        Requantization rule = operation.rule();
        require(!rule.code().bipolar() && rule.lowest() >= rule.code().lowest() && rule.lowest() <= rule.highest()
                && rule.highest() <= rule.code().highest(), "codes " + rule);
        return new TensorType(rule.code(), x.shape());
    }

    private static void requireIntegers(String name, List<TensorType> operands) {
        TensorType x = operands.get(0);
        require(x.element() instanceof Accumulator || x.element() instanceof Code, name + " takes integers, not " + x);
        for (TensorType perChannel : operands.subList(1, operands.size())) {
            real("a number of each channel", perChannel);
            require(perChannel.shape().rank() == 0 || perChannel.shape().equals(Shape.of(x.shape().channels())),
                    name + " of " + x + " has an operand " + perChannel);
        }
    }

    static TensorType rescaleIntegers(Operation.RescaleIntegers operation, List<TensorType> operands) {
        requireIntegers("rescale_integers", operands);
        require(operation.lowest() <= operation.highest(), "no integers from " + operation.lowest() + " to "
                + operation.highest());
        return new TensorType(new Accumulator(operation.lowest(), operation.highest()), operands.get(0).shape());
    }

    static TensorType combine(Operation.CombineCodes operation, List<TensorType> operands) {
        TensorType left = operands.get(0);
        TensorType right = operands.get(1);
        require(left.shape().equals(right.shape()), left + " and " + right + " are combined");
        boolean codes = left.element() instanceof Code || right.element() instanceof Code;
        require(codes || !operation.product(), "a code is multiplied, not " + left + " and " + right);
        require(codes || operation.leftTerm().left() == 0 || operation.rightTerm().left() == 0,
                "one of two accumulators is shifted, not " + left + " and " + right);
        Interval a = values(operation.leftTerm(), left);
        Interval b = values(operation.rightTerm(), right);
        return new TensorType((operation.product() ? a.times(b) : a.plus(b)).accumulator(), left.shape());
    }

    private static Interval values(CodeTerm term, TensorType codes) {
        if (codes.element() instanceof Accumulator(long low, long high)) {
            require(term.shifts(), "a term of accumulators " + term);
            return new Interval(low, high).times(1L << term.left());
        }
        require(codes.element() instanceof Code, "codes are combined, not " + codes);
        int[] table = term.table((Code) codes.element());
        return Interval.of(new Tensor.Integers(Shape.of(table.length), table));
    }

    static TensorType table(Operation.CodeTable operation, List<TensorType> operands) {
        TensorType x = operands.get(0);
        Code code = operation.from();
        require(x.element().equals(code) && !code.bipolar(), "a table for " + code + " is read by " + x);
        require(real("a table", operands.get(1)).shape().equals(Shape.of(1 << code.bits())),
                "a table " + operands.get(1) + " for " + code);
        return new TensorType(operation.code(), x.shape());
    }
}
