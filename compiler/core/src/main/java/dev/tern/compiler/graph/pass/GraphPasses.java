package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.pipeline.PassPipeline;
import java.util.List;

/** The lists of passes over the model graph. */
public final class GraphPasses {
    /** Rounds in which pools, movements and clamps may change places with quantizers; a chain of n of them needs n. */
    private static final int ROUNDS = 32;

    private GraphPasses() {
    }

    /** What every compilation runs before lowering; the package's text says what forms it leaves. */
    public static PassPipeline<Graph> standard() {
        return PassPipeline.over(new GraphRepresentation())
                // What has no lowering is reported first, all of it, so that nobody waits for the second error.
                .then(new CheckLowerable())
                // From here on there are only operations that have kernels.
                .then(new ExpandComposites())
                // Parameters are known: codes, scales and static ranges become constants, normalizations two numbers
                // per channel.
                .then(new FoldConstants())
                .then(new FoldBatchNormIntoAffine())
                // Equal quantizers of one tensor become one before anybody counts a tensor's users.
                .then(new SimplifyIdentities())
                .then(new EliminateCommonSubexpressions())
                .then(new EliminateDeadOperations())
                // Quantizers of a constant scale move up, past what only stands between them and the product.
                .untilStable(ROUNDS, List.of(new FoldReluIntoQuantizer(), new MovePoolPastDequantizer(),
                        new MovePoolPastQuantizer(),
                        new MoveReshapePastQuantizer(), new MoveConcatPastQuantizer(), new EliminateDeadOperations()))
                // What adds codes on one scale adds integers.
                .then(new AddCodes())
                // Thresholds are looked for among the sums that can occur, so these are narrowed first; the codes
                // that thresholds leave may narrow the sums after them.
                .then(new PropagateRanges())
                .then(new FuseThresholds())
                .then(new EliminateDeadOperations())
                // Pools that still stand behind measured scales move in front of the scaling.
                .then(new PoolAccumulators())
                .then(new EliminateDeadOperations())
                .then(new PropagateRanges())
                // What stood behind a pool of reals has sums before it now, and may be thresholds on them.
                .then(new FuseThresholds())
                .then(new EliminateDeadOperations())
                // What the passes wrote twice (constants above all) is shared.
                .then(new SimplifyIdentities())
                .then(new EliminateCommonSubexpressions())
                .then(new EliminateDeadOperations());
    }
}
