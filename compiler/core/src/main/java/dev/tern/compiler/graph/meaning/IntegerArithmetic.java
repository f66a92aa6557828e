package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Meaning.floats;
import static dev.tern.compiler.graph.meaning.Meaning.integers;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Arrays;
import java.util.List;

/** Codes from accumulators and from codes, by integers alone. */
final class IntegerArithmetic {
    private IntegerArithmetic() {
    }

    static Tensor.Integers requantize(Operation.Requantize operation, List<Tensor> operands) {
        Tensor.Integers x = integers(operands, 0);
        int channels = x.shape().channels();
        FixedPoint[] factors = operation.rule().factors(
                operation.weightScale().map(_ -> floats(operands, 1).values()));
        int[] bias = operation.bias().isPresent()
                ? Requantization.whole(floats(operands, operands.size() - 1).values())
                : new int[1];
        int[] codes = new int[x.values().length];
        for (int i = 0; i < codes.length; i++) {
            int channel = i % channels;
            codes[i] = operation.rule().code(x.values()[i] + bias[channel % bias.length],
                    factors[channel % factors.length]);
        }
        return new Tensor.Integers(x.shape(), codes);
    }

    static Tensor.Integers rescale(Operation.RescaleIntegers operation, List<Tensor> operands) {
        Tensor.Integers x = integers(operands, 0);
        int channels = x.shape().channels();
        FixedPoint[] factors = operation.ratio().factors(operation.factor().map(_ -> floats(operands, 1).values()),
                operation.rounding());
        int[] bias = operation.bias().isPresent()
                ? Requantization.whole(floats(operands, operands.size() - 1).values())
                : new int[1];
        int[] results = new int[x.values().length];
        for (int i = 0; i < results.length; i++) {
            int channel = i % channels;
            int scaled = factors[channel % factors.length].times(x.values()[i] + bias[channel % bias.length],
                    operation.rounding());
            results[i] = Math.max(operation.lowest(), Math.min(operation.highest(), scaled));
        }
        return new Tensor.Integers(x.shape(), results);
    }

    static Tensor.Integers combine(Operation.CombineCodes operation, List<Tensor> operands) {
        Tensor.Integers left = integers(operands, 0);
        Tensor.Integers right = integers(operands, 1);
        int[] results = new int[left.values().length];
        for (int i = 0; i < results.length; i++) {
            int a = operation.leftTerm().of(left.values()[i]);
            int b = operation.rightTerm().of(right.values()[i]);
            results[i] = operation.product() ? a * b : a + b;
        }
        return new Tensor.Integers(left.shape(), results);
    }

    static Tensor.Integers table(Operation.CodeTable operation, List<Tensor> operands) {
        Tensor.Integers x = integers(operands, 0);
        int[] table = Requantization.whole(floats(operands, 1).values());
        return new Tensor.Integers(x.shape(),
                Arrays.stream(x.values()).map(code -> table[code - operation.from().lowest()]).toArray());
    }
}
