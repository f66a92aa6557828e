package dev.tern.compiler.kernel;

import java.util.List;
import java.util.function.UnaryOperator;

/** Rewrites the ids in kernels; every id is looked up, so that tables of a program can be renumbered. */
public record KernelRenaming(UnaryOperator<BufferId> buffers, UnaryOperator<ConstantId> constants) {

    private BufferId of(BufferId id) {
        return buffers.apply(id);
    }

    private ConstantId of(ConstantId id) {
        return constants.apply(id);
    }

    public KernelProgram.Port of(KernelProgram.Port port) {
        return new KernelProgram.Port(port.name(), of(port.buffer()), port.element(), port.shape(), port.labels());
    }

    public Kernel of(Kernel kernel) {
        return switch (kernel) {
            case Kernel.PixelKernel k -> new Kernel.PixelKernel(k.name(), k.origin(), of(k.producer()),
                    of(k.epilogue()), k.schedule());
            case Kernel.MeasureRange k -> new Kernel.MeasureRange(k.name(), k.origin(), of(k.input()), k.rows(),
                    k.channels(), k.perRow(), of(k.output()));
            case Kernel.DeriveScale k -> new Kernel.DeriveScale(k.name(), k.origin(), of(k.ranges()), k.count(),
                    k.grid(), k.scale().map(this::of), k.zero().map(this::of));
            case Kernel.TableLookUp k -> new Kernel.TableLookUp(k.name(), k.origin(), of(k.input()), of(k.table()),
                    of(k.output()));
            case Kernel.RowStatistic k -> new Kernel.RowStatistic(k.name(), k.origin(), k.statistic(), of(k.input()),
                    k.rows(), k.channels(), of(k.output()));
            case Kernel.Softmax k ->
                new Kernel.Softmax(k.name(), k.origin(), of(k.input()), k.rows(), k.channels(), of(k.output()));
            case Kernel.ArgMax k -> new Kernel.ArgMax(k.name(), k.origin(), of(k.input()), k.code(), k.rows(),
                    k.channels(), of(k.output()));
            case Kernel.StridedCopy k -> new Kernel.StridedCopy(k.name(), k.origin(), of(k.input()), of(k.output()),
                    k.extents(), k.inputStrides(), k.inputOffset(), k.outputStrides(), k.outputOffset());
            case Kernel.OrPool k ->
                new Kernel.OrPool(k.name(), k.origin(), of(k.input()), k.window(), k.channels(), of(k.output()));
            case Kernel.WidenImage k -> new Kernel.WidenImage(k.name(), k.origin(), of(k.input()), k.bank(), k.code(),
                    k.image(), k.channels(), k.zero().map(this::of), k.margin(), k.pitch(), of(k.output()));
            case Kernel.BuildTables k -> new Kernel.BuildTables(k.name(), k.origin(), of(k.input()), k.image(),
                    k.channels(), k.form(), k.margin(), of(k.output()));
        };
    }

    private Producer of(Producer producer) {
        return switch (producer) {
            case Producer.Load p -> new Producer.Load(of(p.input()), p.bank(), p.code(), p.rows(), p.channels());
            case Producer.LoadConstant p ->
                new Producer.LoadConstant(of(p.constant()), p.bank(), p.code(), p.rows(), p.channels());
            case Producer.PopcountProduct p -> new Producer.PopcountProduct(of(p.input()), p.activation(),
                    p.inputChannels(), p.window(), p.form(), of(p.weights()), of(p.sums()), p.zero().map(this::of),
                    p.weightSums().map(this::of), p.tapSums().map(this::of), p.paddingFactor(), p.channels(),
                    p.lanes(), p.panelVectors(), of(p.accumulator()), p.patch().map(this::of));
            case Producer.LookUpProduct p -> new Producer.LookUpProduct(of(p.input()), p.activation(),
                    p.inputChannels(), p.window(), p.form(), of(p.weights()), of(p.sums()), p.zero().map(this::of),
                    p.weightSums().map(this::of), p.tapSums().map(this::of), p.paddingFactor(), p.channels(),
                    p.lanes(), of(p.accumulator()));
            case Producer.MultiplyProduct p -> new Producer.MultiplyProduct(of(p.input()), p.bank(), p.code(),
                    p.inputChannels(), p.window(), p.groups(), of(p.weights()), p.zero().map(this::of), p.padding(),
                    p.channels(), p.floating(), of(p.accumulator()));
            case Producer.TileProduct p -> new Producer.TileProduct(of(p.input()), p.code(), p.pitch(), p
                    .inputChannels(),
                    p.window(), p.groups(), of(p.weights()), p.channels(), p.floating(), p.exact(), p.lanes(),
                    of(p.accumulator()));
            case Producer.Pool p -> new Producer.Pool(p.kind(), of(p.input()), p.bank(), p.code(), p.window(),
                    p.channels(), of(p.accumulator()));
        };
    }

    private List<Step> of(List<Step> steps) {
        return steps.stream().map(this::of).toList();
    }

    private Step of(Step step) {
        return switch (step) {
            case Step.ToFloat s -> s;
            case Step.SubtractZero s -> new Step.SubtractZero(of(s.zero()));
            case Step.Multiply s -> new Step.Multiply(of(s.factors()));
            case Step.Rescale s -> new Step.Rescale(of(s.scale()), s.perRow(), s.weightScale().map(this::of));
            case Step.Affine s -> new Step.Affine(of(s.scale()), of(s.shift()));
            case Step.Mean s -> s;
            case Step.WithConstant s -> new Step.WithConstant(s.function(), of(s.constants()), s.constantFirst());
            case Step.WithBuffer s -> new Step.WithBuffer(s.function(), of(s.other()), s.otherFirst(), s.spread());
            case Step.Activation s -> s;
            case Step.Clip s -> s;
            case Step.PRelu s -> new Step.PRelu(of(s.slope()));
            case Step.Threshold s -> new Step.Threshold(of(s.thresholds()), s.levels(), s.directions().map(this::of),
                    s.base(), s.step(), s.code(), s.byLevel());
            case Step.Quantize s -> new Step.Quantize(of(s.scale()), of(s.zero()), s.grid());
            case Step.Sign s -> s;
            case Step.Ternarize s -> s;
            case Step.StorePlain s -> new Step.StorePlain(of(s.output()), s.rowStride(), s.channelOffset());
            case Step.StorePlanes s -> new Step.StorePlanes(of(s.output()), s.flattened());
            case Step.Fold s -> new Step.Fold(s.kind(), of(s.output()));
        };
    }

    private Step.ScaleSource of(Step.ScaleSource scale) {
        return switch (scale) {
            case Step.ScaleSource.Fixed fixed -> fixed;
            case Step.ScaleSource.Measured measured ->
                new Step.ScaleSource.Measured(of(measured.buffer()), measured.perRow());
        };
    }

    private Step.ZeroSource of(Step.ZeroSource zero) {
        return switch (zero) {
            case Step.ZeroSource.Fixed fixed -> fixed;
            case Step.ZeroSource.Measured measured ->
                new Step.ZeroSource.Measured(of(measured.buffer()), measured.perRow());
        };
    }
}
