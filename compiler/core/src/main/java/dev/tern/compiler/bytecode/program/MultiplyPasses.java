package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The hot loops of products by multiplication: some input values, held in registers, into the accumulators along the
 * output channels.
 *
 * <pre>
 * for n in channels: accumulator[n] += a0 * w[0][n] + ... + a7 * w[7][n]
 * </pre>
 *
 * Sums of codes are taken in f32 lanes: a product of two codes is under 2^16 and a pass has at most
 * {@value #MOST_VALUES} of them, so that each step is exact. C2 has no vector form for a load of bytes as ints, nor for
 * a loop that reads one array of a type and writes another, hence weights as floats and accumulators as ints. Sums of
 * f32 take their products in ascending order, one rounding per step, and stay scalar.
 */
final class MultiplyPasses {
    /** 2^24 / 2^16, past which f32 would round a sum of products of codes. */
    private static final int MOST_VALUES = 256;

    private final ClassScope owner;
    private final PixelKernel kernel;
    private final MultiplyProduct product;
    private final Map<String, Callee> passes = new HashMap<>();

    MultiplyPasses(ClassScope owner, PixelKernel kernel, MultiplyProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
    }

    /** A pass over neighbouring input values. */
    Callee pass(int values, boolean first) {
        return pass((first ? "first" : "add") + values, IntStream.range(0, values).toArray(), first);
    }

    /**
     * A pass; to be called through {@link #call}.
     *
     * @param distances of the input values from the first
     * @param first whether the accumulators are overwritten
     */
    Callee pass(String name, int[] distances, boolean first) {
        if (distances.length > MOST_VALUES) {
            throw new IllegalArgumentException(distances.length + " values in a pass");
        }
        Callee known = passes.get(name);
        if (known != null) {
            return known;
        }
        MethodScope scope = owner.method(kernel, name, parameters());
        Local weights = product.floating() ? scope.constant(product.weights()) : scope.wide(product.weights());
        List<Local> inputs = new ArrayList<>();
        List<Local> offsets = new ArrayList<>();
        for (int i = 0; i < distances.length; i++) {
            inputs.add(scope.body().declare("a" + i, input(scope, scope.get("input").plus(distances[i]))));
            offsets.add(scope.body().declare("o" + i, scope.get("weights").plus(i * product.channels())));
        }
        scope.body().loop("n", 0, product.channels() / product.groups(), (loop, n) -> {
            Value.Element accumulator = scope.element(product.accumulator(), product.groups() == 1
                    ? n
                    : scope.get("output").plus(n));
            Value sum = !product.floating() ? null : first ? Value.of(0f) : accumulator;
            for (int i = 0; i < distances.length; i++) {
                Value term = inputs.get(i).times(weights.at(offsets.get(i).plus(n)).to(JvmType.FLOAT));
                sum = sum == null ? term : sum.plus(term);
            }
            if (product.floating() || first) {
                loop.store(accumulator, product.floating() ? sum : sum.to(JvmType.INT));
            } else {
                loop.update(accumulator, Operator.ADD, sum.to(JvmType.INT));
            }
        });
        Callee pass = scope.end();
        passes.put(name, pass);
        return pass;
    }

    private String[] parameters() {
        List<String> names = new ArrayList<>(List.of("input", "weights"));
        if (product.groups() > 1) {
            names.add("output");
        }
        if (product.zero().isPresent()) {
            names.add("zero");
        }
        return names.toArray(String[]::new);
    }

    /**
     * A call of a pass.
     *
     * @param input index of the first input value
     * @param weights index of its first weight
     * @param output the first channel of the group
     */
    Value.Call call(MethodScope scope, Callee pass, Value input, Value weights, Value output, Value zero) {
        List<Value> arguments = new ArrayList<>(List.of(input, weights));
        if (product.groups() > 1) {
            arguments.add(output);
        }
        if (product.zero().isPresent()) {
            arguments.add(zero);
        }
        return scope.call(pass, arguments.toArray(Value[]::new));
    }

    /** One tap where each channel has its own weight and nothing is summed over channels. */
    Callee depthwise() {
        MethodScope scope = owner.method(kernel, "tap", "input", "weights", "zero");
        Local weights = scope.constant(product.weights());
        scope.body().loop("n", 0, product.channels(), (loop, n) -> {
            Value weight = weights.at(scope.get("weights").plus(n));
            Value code = code(scope, scope.get("input").plus(n));
            Value term = product.floating()
                    ? code.to(JvmType.FLOAT).times(weight.to(JvmType.FLOAT))
                    : code.times(weight);
            loop.update(scope.element(product.accumulator(), n), Operator.ADD, term);
        });
        return scope.end();
    }

    private Value input(MethodScope scope, Value index) {
        return code(scope, index).to(JvmType.FLOAT);
    }

    private Value code(MethodScope scope, Value index) {
        Value code = scope.loaded(product.input(), index, product.code());
        return product.zero().isPresent() ? code.minus(scope.get("zero")) : code;
    }
}
