package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Narrows the interval of every accumulator to what its weights and the codes before it can give, and proves that
 * sums stay within 32 bits.
 */
public final class PropagateRanges implements GraphPass {
    private static final Interval INT = new Interval(Integer.MIN_VALUE, Integer.MAX_VALUE);

    @Override
    public String summary() {
        return "narrow accumulators to the sums that their weights allow, and prove that they fit 32 bits";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Map<ValueId, Interval> ranges = new HashMap<>();
        Definitions definitions = Definitions.of(graph);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.type().element() instanceof ElementType.F32) {
                nodes.add(node);
                continue;
            }
            Interval range = range(node, ranges, definitions, diagnostics);
            ranges.put(node.id(), range);
            nodes.add(node.type().element() instanceof Accumulator ? narrowed(node, range) : node);
        }
        return graph.withNodes(nodes);
    }

    private static Node narrowed(Node node, Interval range) {
        return new Node(node.id(), new TensorType(range.accumulator(), node.type().shape()), node.operation(),
                node.origin());
    }

    /** The integers that can occur; never more than the type allows. */
    private static Interval range(Node node, Map<ValueId, Interval> ranges, Definitions definitions,
            Diagnostics diagnostics) {
        Interval declared = Interval.of(node.type().element());
        return switch (node.operation()) {
            case Operation.Constant(Tensor.Integers tensor) -> Interval.of(tensor);
            case Operation.Ternarize ternarize -> new Interval(-1, 1);
            case Operation.Quantize quantize -> measuredOnItself(quantize, definitions)
                    ? new Interval(-declared.high(), declared.high())
                    : declared;
            case Operation.Requantize(var x, var scale, var bias, Requantization rule) ->
                new Interval(rule.lowest(), rule.highest());
            case Operation.RescaleIntegers rescale -> new Interval(rescale.lowest(), rescale.highest());
            case Operation.CombineCodes combine when !combine.product() && sums(combine.left(), definitions)
                    && sums(combine.right(), definitions) -> {
                Interval sum = ranges.get(combine.left()).times(1L << combine.leftTerm().left())
                        .plus(ranges.get(combine.right()).times(1L << combine.rightTerm().left()));
                requireFit(node, sum, "sums of products", diagnostics);
                yield sum.intersect(declared);
            }
            case Operation.SumPool pool -> ranges.get(pool.x()).times(pool.geometry().taps()).intersect(declared);
            case Operation.Threshold threshold -> {
                int levels = definitions.of(threshold.thresholds()).type().shape().dimension(1);
                yield new Interval(threshold.base(), threshold.base() + threshold.step() * levels);
            }
            case Operation.MaxPool pool -> ranges.get(pool.x());
            case Operation.Reshape reshape -> ranges.get(reshape.x());
            case Operation.Transpose transpose -> ranges.get(transpose.x());
            case Operation.Slice slice -> ranges.get(slice.x());
            case Operation.Gather gather -> ranges.get(gather.x());
            case Operation.Concat concat ->
                concat.parts().stream().map(ranges::get).reduce(Interval::hull).orElseThrow();
            case Operation.Product product ->
                definitions.constant(product.weights()).orElse(null) instanceof Tensor.Integers weights
                        ? product(node, product, weights, ranges, definitions, diagnostics)
                        : declared;
            case Operation.MatMul product -> {
                int depth = definitions.of(product.left()).type().shape().channels();
                Interval left = less(product.left(), product.leftZero(), ranges);
                Interval sum = left.times(less(product.right(), product.rightZero(), ranges)).times(depth);
                requireFit(node, sum.hull(Interval.of(0)), "sums of " + depth + " products", diagnostics);
                yield sum.intersect(declared);
            }
            // Of whatever else there is the type says all; forgetting one leaves a wider interval.
            default -> declared;
        };
    }

    /**
     * Whether an absmax quantizer's scale comes from the very tensor that it quantizes: then no quotient rounds beyond
     * the highest code, and the lowest one, which the symmetric scale leaves over, does not occur.
     */
    private static boolean measuredOnItself(Operation.Quantize quantize, Definitions definitions) {
        return quantize.grid().rule() == Grid.Rule.ABSMAX && quantize.grid().code().signed()
                && definitions.operation(quantize.scale()) instanceof Operation.RangeScale(ValueId range, Grid grid)
                && grid.equals(quantize.grid())
                && definitions.operation(range) instanceof Operation.MeasureRange measure
                && measure.x().equals(quantize.x());
    }

    private static Interval product(Node node, Operation.Product product, Tensor.Integers weights,
            Map<ValueId, Interval> ranges, Definitions definitions, Diagnostics diagnostics) {
        Interval codes = less(product.a(), product.zero(), ranges);
        Interval partial = Interval.of(0);
        Interval range = null;
        List<TapCoverage> taps = TapCoverage.of(product, definitions.of(product.a()).type().shape(), weights.shape(),
                node.type().shape());
        int terms = weights.shape().elements() / weights.shape().dimension(0);
        int depth = terms / taps.size();
        for (int out = 0; out < weights.shape().dimension(0); out++) {
            Interval sum = Interval.of(0);
            for (int k = 0; k < terms; k++) {
                Interval term = taps.get(k / depth).term(codes, weights.values()[out * terms + k]);
                sum = sum.plus(term);
                partial = partial.hull(sum);
            }
            range = range == null ? sum : range.hull(sum);
        }
        Interval declared = Interval.of(node.type().element());
        requireFit(node, partial, "sums of " + terms + " products", diagnostics);
        return range.intersect(declared);
    }

    private static Interval less(ValueId codes, Optional<ValueId> zero, Map<ValueId, Interval> ranges) {
        Interval all = ranges.get(codes);
        return zero.map(id -> all.minus(ranges.get(id))).orElse(all);
    }

    private static boolean sums(ValueId id, Definitions definitions) {
        return definitions.of(id).type().element() instanceof Accumulator;
    }

    /** Reports where 32 bits do not hold all sums, even of some of the products. */
    private static void requireFit(Node node, Interval partial, String sums, Diagnostics diagnostics) {
        if (!INT.contains(partial)) {
            long worst = Math.max(partial.high(), -partial.low());
            diagnostics.add(Diagnostic
                    .error(DiagnosticCode.ACCUMULATOR_OVERFLOW,
                            sums + " can reach " + worst + ", which 32 bits do not hold",
                            node.origin().position(), "this layer's sums")
                    .help("fewer bits for its weights or activations, or fewer inputs for each output, keep the sums "
                            + "within " + Integer.MAX_VALUE));
        }
    }
}
