package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Window;
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
 * Weights are in rows, each an array of its own, so that C2 sees that none is what the loop writes, and turns it into
 * vector code; a loop has four products, for the C2 of Java 17 does not of more. Where several rows take a pass
 * together, of which each weight is loaded once, it has two of each of four rows: 42 multiply-adds a nanosecond instead
 * of 22 from 1024 inputs to 1024 channels (256 bits, Java 17 and 25 alike, by f32 and by ints), which is what reading
 * the weights allows otherwise. Sums of f32 take their products in
 * ascending order, one rounding per step. On small JVMs weights stay the bytes that they are.
 */
final class MultiplyPasses {
    /** Input values in a pass, which hold registers. */
    static final int MOST_VALUES = 9;
    /** Products of a loop over one row's sums. */
    private static final int MOST_PRODUCTS = 4;
    /** Values of each row in a loop over the sums of several. */
    private static final int MOST_SHARED = 2;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final MultiplyProduct product;
    private final ValueType.Primitive factors;
    /** Whether weights are in rows. */
    private final boolean rows;
    /** Rows whose windows take a pass together. */
    private final int together;
    /** From a value of a row's window to the same of its neighbour's. */
    private final int rowDistance;
    private final Map<String, Callee> passes = new HashMap<>();

    /** @param together rows whose windows take a pass together, with their sums one after the other */
    MultiplyPasses(ProgramScope owner, PixelKernel kernel, MultiplyProduct product, int together) {
        this.together = together;
        this.rowDistance = product.window().geometry().strideWidth() * product.inputChannels();
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.factors = product.floating() ? ValueType.FLOAT : ValueType.INT;
        this.rows = owner.program().target().vectorized();
    }

    /** A pass over neighbouring input values. */
    Callee pass(int values, boolean first) {
        return pass((first ? "first" : "add") + values + suffix(), IntStream.range(0, values).toArray(), first);
    }

    /** Rows whose windows take a pass together. */
    int together() {
        return together;
    }

    private String suffix() {
        return together == 1 ? "" : "x" + together;
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
        RoutineScope scope = owner.routine(kernel, name, parameters());
        List<List<Local>> inputs = new ArrayList<>();
        for (int i = 0; i < distances.length; i++) {
            List<Local> ofRows = new ArrayList<>();
            for (int row = 0; row < together; row++) {
                ofRows.add(scope.body().declare(scope.fresh("a"), code(scope, scope.get("input").plus(distances[i]
                        + row * rowDistance)).to(factors)));
            }
            inputs.add(ofRows);
        }
        accumulate(scope, inputs, scope.get("weights"), first);
        Callee pass = scope.end();
        passes.put(name, pass);
        return pass;
    }

    /** A pass over a whole window at the border; to be called through {@link #callEdge}. */
    Callee edge() {
        boolean zeroed = product.zero().isPresent();
        RoutineScope scope = zeroed
                ? owner.routine(kernel, "edge_all", "top", "left", "zero")
                : owner.routine(kernel, "edge_all", "top", "left");
        Window window = product.window();
        EdgeTaps taps = new EdgeTaps(scope, window);
        Value pixel = scope.get("top").times(window.inputWidth()).plus(scope.get("left"));
        Local first = scope.body().declare("input", pixel.times(product.inputChannels()));
        Value padding = Value.of(switch (product.padding()) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        });
        List<List<Local>> inputs = new ArrayList<>();
        for (int i = 0; i < window.geometry().taps() * product.inputChannels(); i++) {
            int tap = i / product.inputChannels();
            int distance = EdgeTaps.distance(window, tap) * product.inputChannels() + i % product.inputChannels();
            Value code = taps.choose(tap, code(scope, first.plus(distance)), padding);
            inputs.add(List.of(scope.body().declare("a" + i, code.to(factors))));
        }
        accumulate(scope, inputs, Value.of(0), true);
        return scope.end();
    }

    Value.Call callEdge(RoutineScope scope, Callee edge, Value top, Value left, Value zero) {
        return product.zero().isPresent() ? scope.call(edge, top, left, zero) : scope.call(edge, top, left);
    }

    /**
     * The loops: input values times neighbouring rows of weights.
     *
     * @param inputs a value of each row of the output for each row of weights
     * @param start the first row
     */
    private void accumulate(RoutineScope scope, List<List<Local>> inputs, Value start, boolean first) {
        int most = together == 1 ? MOST_PRODUCTS : MOST_SHARED;
        for (int from = 0; from < inputs.size(); from += most) {
            int end = Math.min(inputs.size(), from + most);
            loop(scope, inputs.subList(from, end), plus(start, from), first && from == 0);
        }
    }

    private void loop(RoutineScope scope, List<List<Local>> inputs, Value start, boolean first) {
        Value output = product.groups() == 1 ? Value.of(0) : scope.get("output");
        List<Local> weights = new ArrayList<>();
        List<Value> offsets = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Value row = plus(start, i);
            weights.add(rows ? row(scope, row) : scope.constant(product.weights()));
            offsets.add(rows
                    ? output
                    : scope.body().declare(scope.fresh("o"), row.times(product.channels()).plus(output)));
        }
        scope.body().loop(scope.fresh("n"), 0, product.channels() / product.groups(), (loop, n) -> {
            for (int row = 0; row < inputs.getFirst().size(); row++) {
                Value.ArrayElement accumulator = scope.element(product.accumulator(), n.plus(output).plus(row * product
                        .channels()));
                Value sum = !first ? accumulator : product.floating() ? Value.of(0f) : null;
                for (int i = 0; i < inputs.size(); i++) {
                    Value term = inputs.get(i).get(row).times(weights.get(i).at(n.plus(offsets.get(i))).to(factors));
                    sum = sum == null ? term : sum.plus(term);
                }
                loop.store(accumulator, sum);
            }
        });
    }

    private static Value plus(Value start, int count) {
        return start instanceof Immediate known ? Value.of((Integer) known.literal() + count) : start.plus(count);
    }

    private Local row(RoutineScope scope, Value index) {
        Local all = scope.field(owner.rows(new ProgramScope.Rows(product.weights(), product.channels(), 1, factors)));
        return scope.body().declare(scope.fresh("w"), new Value.Row(all, index));
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
     * @param weights the row of its weights
     * @param output the first channel of the group
     */
    Value.Call call(RoutineScope scope, Callee pass, Value input, Value weights, Value output, Value zero) {
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
        RoutineScope scope = owner.routine(kernel, "tap", "input", "weights", "zero");
        Local weights = scope.constant(product.weights());
        Local first = scope.body().declare("first", scope.get("weights").times(product.channels()));
        scope.body().loop("n", 0, product.channels(), (loop, n) -> {
            Value weight = weights.at(first.plus(n));
            Value code = code(scope, scope.get("input").plus(n));
            Value term = product.floating()
                    ? code.to(ValueType.FLOAT).times(weight.to(ValueType.FLOAT))
                    : code.times(weight);
            loop.update(scope.element(product.accumulator(), n), Operator.ADD, term);
        });
        return scope.end();
    }

    private Value code(RoutineScope scope, Value index) {
        Value code = scope.loaded(product.input(), index, product.elements());
        return product.zero().isPresent() ? code.minus(scope.get("zero")) : code;
    }
}
