package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ValueId;
import java.util.Optional;

/**
 * Replaces what stands between an accumulator and a quantizer with constant scales (rescaling, bias, batch
 * normalization, relu, clip) by integer thresholds on the accumulator, as FINN does (Umuroglu et al., FPGA 2017), and
 * what stands between an f32 value and a sign or ternarize by f32 thresholds. The chain is monotone in every channel,
 * so each code begins at one value, and that value is found by asking the chain itself: a negative gamma turns the
 * comparison round, a gamma of zero makes a channel constant, ties fall as they did.
 */
public final class FuseThresholds implements GraphPass {
    /** With more levels, one multiplication, addition and rounding cost less than the comparisons. */
    private static final int LEVELS = 15;
    /** So many values are checked in a few milliseconds of a cold JVM; the tests check all. */
    private static final long EXHAUSTIVE = 1 << 16;

    private final int levels;
    private final long exhaustive;

    public FuseThresholds() {
        this(LEVELS, EXHAUSTIVE);
    }

    /**
     * @param levels the most comparisons per value that are worth it
     * @param exhaustive the most values of one layer, over all channels, that are all checked
     */
    public FuseThresholds(int levels, long exhaustive) {
        this.levels = levels;
        this.exhaustive = exhaustive;
    }

    @Override
    public String summary() {
        return "turn scale, bias, normalization and quantizer into thresholds on the accumulator";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Magnitudes magnitudes = Magnitudes.of(graph);
        return GraphRewriter.rewrite(graph, (node, out) -> {
            Optional<Quantizer> quantizer = Quantizer.of(node, out.definitions()).filter(Quantizer::constant);
            boolean fused = quantizer.isPresent() && fuse(node, quantizer.get(), magnitudes, out);
            if (!fused) {
                out.keep(node);
            }
        });
    }

    private boolean fuse(Node node, Quantizer quantizer, Magnitudes magnitudes, GraphRewriter out) {
        MonotoneChain chain = MonotoneChain.into(quantizer, out.definitions(), out.uses());
        // Thresholds give a NaN their base, which is its sign, but not its ternary code, nor that of another grid.
        boolean asNumber = (quantizer.operation() instanceof Operation.Ternarize || chain.quantizes())
                && magnitudes.mayBeNaN(chain.start());
        if (chain.steps().isEmpty() || asNumber) {
            return false;
        }
        Optional<ThresholdDomain> domain = domain(out.definitions().of(chain.start()), quantizer);
        Optional<ThresholdSearch.Result> found = domain
                .flatMap(d -> new ThresholdSearch(chain, d, quantizer.code()).find(levels, exhaustive));
        found.ifPresent(result -> {
            ValueId thresholds = out.add(new Operation.Constant(result.thresholds()), node.origin());
            ValueId directions = out.add(new Operation.Constant(result.directions()), node.origin());
            Origin origin = node.origin();
            for (Node step : chain.steps()) {
                origin = origin.absorbing(step.origin());
            }
            out.redefine(node, result.of(chain.start(), thresholds, directions), origin);
        });
        return found.isPresent();
    }

    /** The values that the chain starts from, where thresholds on them are exact and worth it. */
    private static Optional<ThresholdDomain> domain(Node start, Quantizer quantizer) {
        return switch (start.type().element()) {
            case ElementType.Accumulator type -> ThresholdDomain.Integers.supports(type)
                    ? Optional.of(new ThresholdDomain.Integers(type.low(), type.high()))
                    : Optional.empty();
            case ElementType.F32 real -> quantizer.operation() instanceof Operation.Quantize
                    ? Optional.empty()
                    : Optional.of(new ThresholdDomain.Floats(
                            start.operation() instanceof Operation.Input
                                    ? Float.MAX_VALUE
                                    : Float.POSITIVE_INFINITY));
            case ElementType.Code code -> code.bipolar()
                    ? Optional.empty()
                    : Optional.of(new ThresholdDomain.Integers(code.lowest(), code.highest()));
            case ElementType.StepIndex step -> Optional.empty();
        };
    }
}
