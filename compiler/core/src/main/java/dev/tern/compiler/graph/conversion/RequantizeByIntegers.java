package dev.tern.compiler.graph.conversion;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.pass.GraphPass;
import java.util.Optional;

/**
 * Makes codes by integers alone, where a quantizer of a constant scale s reads what is computed of accumulators and
 * codes of constant scales by factors and summands per channel, relu, clip, sums, pools and means. Of
 * {@code q(a[c] * (s_x * acc) + b[c])} becomes {@link Operation.Requantize}, with the factor {@code s_x * a[c] / s} as
 * a fixed-point number and {@code b[c]} as a whole number of accumulators, see {@link ChannelNumbers}. Before a sum or
 * a mean, values are whole numbers of s / 256, see {@link IntegerValues}. What reads of such values is no such
 * quantizer keeps its reals.
 */
public final class RequantizeByIntegers implements GraphPass {
    @Override
    public String summary() {
        return "make codes of accumulators by integers alone";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        IntegerValues values = new IntegerValues(graph);
        for (Node node : graph.nodes()) {
            if (!(node.operation() instanceof Operation.Quantize quantize && requantize(node, quantize, values))) {
                values.keep(node);
            }
        }
        return graph.withNodes(values.nodes());
    }

    /** Adds a quantizer by integers, if it is one of a constant scale that can be had so. */
    private static boolean requantize(Node node, Operation.Quantize quantize, IntegerValues values) {
        Optional<Float> scale = values.real(quantize.scale());
        Optional<Integer> zero = quantize.zero().map(values::integer).orElse(Optional.of(0));
        if (scale.isEmpty() || zero.isEmpty()) {
            return false;
        }
        RealSteps steps = RealSteps.of(quantize.x(), values);
        double unit = scale.get();
        int lowest = code(steps.low(), unit, zero.get(), quantize.grid().lowest(), quantize.grid().highest());
        int highest = code(steps.high(), unit, zero.get(), quantize.grid().lowest(), quantize.grid().highest());
        if (lowest > highest) {
            return false;
        }
        return values.of(steps.start(), unit)
                .flatMap(integers -> values.numbers(integers, steps, node.type().shape().channels(), unit)
                        .map(numbers -> {
                            Requantization rule = new Requantization(integers.scale(), unit,
                                    FixedPoint.Rounding.SINGLE, quantize.grid().code(), zero.get(), lowest, highest);
                            values.define(node, new Operation.Requantize(integers.id(),
                                    numbers.factors().map(all -> values.constant(Tensor.of(all), node)),
                                    numbers.bias().map(all -> values.constant(Tensor.of(all), node)), rule));
                            return true;
                        }))
                .orElse(false);
    }

    /** The code of a bound, which may be infinite. */
    private static int code(double bound, double unit, int zero, int lowest, int highest) {
        return (int) Math.clamp(Math.rint(bound / unit) + zero, lowest, highest);
    }
}
