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
}
