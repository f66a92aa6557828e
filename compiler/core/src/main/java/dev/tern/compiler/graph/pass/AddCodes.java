package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import java.util.Arrays;
import java.util.Optional;

/**
 * Adds codes on one scale as integers, as FINN streamlines residuals, where it gives the same bits: where every
 * quantizer of the sum, with what stands in between, makes the same code of all reals that an integer sum may have
 * been, or where each integer sum has one real. Small grids become thresholds on the integer sum, others are
 * requantized by integers alone; of a scale that is a power of two the sum itself is a multiple.
 */
public final class AddCodes implements GraphPass {
    /** With more levels, one multiplication costs less than the comparisons. */
    private static final int LEVELS = 15;
    /** The most codes of all sums and channels that are compared: milliseconds of a cold JVM. */
    private static final long MOST = 1 << 18;

    @Override
    public String summary() {
        return "add quantized codes on one scale as integers";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Definitions written = Definitions.of(graph);
        Graph quantized = GraphRewriter.rewrite(graph, (node, out) -> {
            Optional<Quantizer> quantizer = Quantizer.of(node, out.definitions()).filter(Quantizer::constant);
            if (quantizer.isEmpty() || !quantize(node, quantizer.get(), written, out)) {
                out.keep(node);
            }
        });
        return GraphRewriter.rewrite(new EliminateDeadOperations().apply(quantized, diagnostics),
                (node, out) -> SumOfCodes.of(node, out.definitions()).filter(SumOfCodes::exact)
                        .ifPresentOrElse(sum -> multiple(node, sum, out), () -> out.keep(node)));
    }

    /** The sum as a multiple of an integer. */
    private static void multiple(Node node, SumOfCodes sum, GraphRewriter out) {
        ValueId integers = out.add(sum.integers(), node.origin());
        out.redefine(node, new Operation.Rescale(integers, sum.scale(), Optional.empty()));
    }

    private static boolean quantize(Node node, Quantizer quantizer, Definitions written, GraphRewriter out) {
        MonotoneChain chain = MonotoneChain.into(quantizer, out.definitions(), out.uses());
        Node start = out.definitions().of(chain.start());
        Optional<SumOfCodes> found = Optional.of(start).filter(x -> onlyQuantized(x, written, out.uses()))
                .flatMap(x -> SumOfCodes.of(x, out.definitions()));
        if (found.isEmpty() || found.get().count() * chain.channels() > MOST) {
            return false;
        }
        SumOfCodes sum = found.get();
        Optional<int[]> least = chain.evaluate(sum.leastReals(chain.channels()));
        Optional<int[]> greatest = chain.evaluate(sum.greatestReals(chain.channels()));
        if (least.isEmpty() || greatest.isEmpty() || !Arrays.equals(least.get(), greatest.get())) {
            return false;
        }
        Origin origin = node.origin().absorbing(start.origin());
        for (Node step : chain.steps()) {
            origin = origin.absorbing(step.origin());
        }
        return thresholds(node, chain, sum, quantizer.code(), origin, out)
                || chain.channels() == 1 && requantized(node, quantizer, sum, least.get(), origin, out);
    }

    /** Whether nobody needs the reals of a sum. */
    private static boolean onlyQuantized(Node sum, Definitions written, Uses uses) {
        return uses.single(sum.id()) || !uses.isOutput(sum.id()) && uses.of(sum.id()).stream()
                .allMatch(user -> Quantizer.of(user, written).filter(Quantizer::constant).isPresent());
    }

    private static boolean thresholds(Node node, MonotoneChain chain, SumOfCodes sum, Code code, Origin origin,
            GraphRewriter out) {
        Optional<ThresholdSearch.Result> found = new ThresholdSearch(chain, sum.domain(), code).find(LEVELS, MOST);
        found.ifPresent(result -> {
            ValueId integers = out.add(sum.integers(), node.origin());
            ValueId thresholds = out.add(new Operation.Constant(result.thresholds()), node.origin());
            ValueId directions = out.add(new Operation.Constant(result.directions()), node.origin());
            out.redefine(node, result.of(integers, thresholds, directions), origin);
        });
        return found.isPresent();
    }

    /** @param codes of the sums, from the least on */
    private static boolean requantized(Node node, Quantizer quantizer, SumOfCodes sum, int[] codes, Origin origin,
            GraphRewriter out) {
        if (!(quantizer.operation() instanceof Operation.Quantize)) {
            return false;
        }
        float scale = ((Tensor.Floats) quantizer.scales().orElseThrow().getFirst()).values()[0];
        int zero = quantizer.scales().orElseThrow().size() > 1
                ? ((Tensor.Integers) quantizer.scales().orElseThrow().getLast()).values()[0]
                : 0;
        for (Rounding rounding : Rounding.values()) {
            Requantization rule = new Requantization(sum.unit(), scale, rounding, quantizer.code(), zero, codes[0],
                    codes[codes.length - 1]);
            if (rule.lowest() <= rule.highest() && sum.gives(rule, codes)) {
                ValueId integers = out.add(sum.integers(), node.origin());
                out.redefine(node, new Operation.Requantize(integers, Optional.empty(), Optional.empty(), rule),
                        origin);
                return true;
            }
        }
        return false;
    }
}
