package dev.tern.compiler.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel touches, in the order in which its record names it.
 *
 * @param reads buffers read; a buffer may be named twice
 * @param writes buffers written
 * @param scratch buffers that hold nothing before or after
 */
public record KernelAccess(List<BufferId> reads, List<BufferId> writes, List<BufferId> scratch,
        List<ConstantId> constants) {

    public static KernelAccess of(Kernel kernel) {
        KernelAccess access = new KernelAccess(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>());
        access.visit(kernel);
        return new KernelAccess(List.copyOf(access.reads), List.copyOf(access.writes), List.copyOf(access.scratch),
                List.copyOf(access.constants));
    }

    private void visit(Kernel kernel) {
        switch (kernel) {
            case Kernel.PixelKernel k -> {
                visit(k.producer());
                k.epilogue().forEach(this::visit);
            }
            case Kernel.MeasureRange k -> move(k.input(), k.output());
            case Kernel.DeriveScale k -> {
                reads.add(k.ranges());
                k.scale().ifPresent(writes::add);
                k.zero().ifPresent(writes::add);
            }
            case Kernel.TableLookUp k -> {
                move(k.input(), k.output());
                constants.add(k.table());
            }
            case Kernel.RowStatistic k -> move(k.input(), k.output());
            case Kernel.Softmax k -> move(k.input(), k.output());
            case Kernel.ArgMax k -> move(k.input(), k.output());
            case Kernel.StridedCopy k -> move(k.input(), k.output());
            case Kernel.OrPool k -> move(k.input(), k.output());
            case Kernel.BuildTables k -> move(k.input(), k.output());
            case Kernel.WidenImage k -> {
                move(k.input(), k.output());
                k.zero().ifPresent(this::visit);
            }
        }
    }

    private void move(BufferId from, BufferId to) {
        reads.add(from);
        writes.add(to);
    }

    private void visit(Producer producer) {
        switch (producer) {
            case Producer.Load p -> reads.add(p.input());
            case Producer.LoadConstant p -> constants.add(p.constant());
            case Producer.PackedProduct p -> {
                reads.add(p.input());
                constants.add(p.weights());
                constants.add(p.sums());
                p.zero().ifPresent(reads::add);
                p.weightSums().ifPresent(constants::add);
                p.tapSums().ifPresent(constants::add);
                scratch.add(p.accumulator());
                if (p instanceof Producer.PopcountProduct popcount) {
                    popcount.patch().ifPresent(scratch::add);
                }
            }
            case Producer.MultiplyProduct p -> {
                reads.add(p.input());
                constants.add(p.weights());
                p.zero().ifPresent(this::visit);
                scratch.add(p.accumulator());
            }
            case Producer.TileProduct p -> {
                reads.add(p.input());
                constants.add(p.weights());
                scratch.add(p.accumulator());
            }
            case Producer.Pool p -> {
                reads.add(p.input());
                scratch.add(p.accumulator());
            }
        }
    }

    private void visit(Step step) {
        switch (step) {
            case Step.ToFloat s -> {
            }
            case Step.SubtractZero s -> visit(s.zero());
            case Step.Multiply s -> constants.add(s.factors());
            case Step.Rescale s -> {
                reads.add(s.scale());
                s.weightScale().ifPresent(constants::add);
            }
            case Step.Affine s -> {
                constants.add(s.scale());
                constants.add(s.shift());
            }
            case Step.Mean s -> {
            }
            case Step.WithConstant s -> constants.add(s.constants());
            case Step.WithBuffer s -> reads.add(s.other());
            case Step.Activation s -> {
            }
            case Step.Clip s -> {
            }
            case Step.PRelu s -> constants.add(s.slope());
            case Step.Threshold s -> {
                constants.add(s.thresholds());
                s.directions().ifPresent(constants::add);
            }
            case Step.Quantize s -> {
                if (s.scale() instanceof Step.ScaleSource.Measured measured) {
                    reads.add(measured.buffer());
                }
                visit(s.zero());
            }
            case Step.Sign s -> {
            }
            case Step.Ternarize s -> {
            }
            case Step.Store s -> writes.add(s.output());
        }
    }

    private void visit(Step.ZeroSource zero) {
        if (zero instanceof Step.ZeroSource.Measured measured) {
            reads.add(measured.buffer());
        }
    }

    /** The buffers that a step reads. */
    public static List<BufferId> readsOf(Step step) {
        KernelAccess access = new KernelAccess(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>());
        access.visit(step);
        return access.reads;
    }
}
