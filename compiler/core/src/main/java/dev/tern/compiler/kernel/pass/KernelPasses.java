package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.pipeline.PassPipeline;

/** The lists of passes over the kernel program. */
public final class KernelPasses {
    private KernelPasses() {
    }

    /**
     * What every compilation runs between lowering and emission.
     *
     * @param choice how products are computed
     */
    public static PassPipeline<KernelProgram> standard(CostModel.Choice choice) {
        return placing(choice)
                .then(new CheckBudgets());
    }

    /** The same up to a program whose buffers have their places, whether or not it keeps the model's budget. */
    public static PassPipeline<KernelProgram> placing(CostModel.Choice choice) {
        return PassPipeline.over(new KernelRepresentation())
                // How each product is computed, and what that asks of its weights and codes.
                .then(new ChooseSchedules(choice))
                .then(new PackWeights())
                // Elementwise kernels join their producers.
                .then(new FuseEpilogues())
                // Codes are packed where they are made, also where a flatten stands between.
                .then(new FusePackingIntoProducer())
                // What only served to connect kernels goes.
                .then(new EliminateDeadStores())
                // Pools of bits that are only wanted packed by now work on words; the unpacked codes are then unread.
                .then(new UseOrPool())
                .then(new EliminateDeadStores())
                // Where memory is short, what ranges and averages need of large f32 values is gathered while these are
                // computed, and they are computed twice instead of being kept.
                .then(new FuseRanges())
                .then(new FuseGlobalAverage())
                // What are codes times a scale is kept as codes.
                .then(new KeepCodes())
                // What is pooled is kept as long as that takes, and no longer.
                .then(new PoolInStrips())
                .then(new RecomputeWithinBudget())
                .then(new EliminateDeadStores())
                // So do values of one branch of a join; what these hid behind is then tried again.
                .then(new JoinRowByRow())
                .then(new RecomputeWithinBudget())
                .then(new EliminateDeadStores())
                // Of a range that is wanted for its greatest magnitude no more is measured.
                .then(new MeasureMagnitudes())
                // Plain loops along lines stay in f32 from their quantizer on.
                .then(new QuantizeToReals())
                // Ranges of what is never below 0 are measured as it is computed.
                .then(new MeasurePeaks())
                // The kernels stand: where their buffers lie.
                .then(new JoinRows())
                .then(new PlanArena());
    }
}
