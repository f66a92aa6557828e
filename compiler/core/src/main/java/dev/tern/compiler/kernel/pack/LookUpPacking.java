package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.AccumulatorCorrections;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.LookUpProduct;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Step.ZeroSource;

/** A product of table look-ups. */
final class LookUpPacking implements PackedForm {
    private final PixelKernel kernel;
    private final UnpackedCodes weights;
    private final LookUpForm form;
    private final int lanes;
    private final int together;
    private AccumulatorCorrections corrections;
    private ConstantId indices;
    private BufferId input;
    private BufferId accumulator;

    /**
     * @param lanes bytes in a vector
     * @param together rows or columns computed together
     */
    LookUpPacking(PixelKernel kernel, UnpackedCodes weights, int lanes, int together) {
        this.kernel = kernel;
        this.weights = weights;
        this.form = new LookUpForm(weights.form(), product().code());
        this.lanes = lanes;
        this.together = together;
    }

    @Override
    public PixelKernel kernel() {
        return kernel;
    }

    @Override
    public void addConstants(ConstantPool constants) {
        int lookUps = weights.taps() * form.groups(weights.depth());
        corrections = Corrections.of(product(), kernel.origin(), weights,
                weights.sums(form.center(), 0, -form.bias(form.digits(), lookUps)), -margin(), constants);
        indices = constants.add(weights.laidOut(KernelNames.path(kernel.origin(), "weight"),
                weights.indices(form, lanes)));
    }

    @Override
    public void addBuffers(Packing packing) {
        input = packing.tables(kernel, product().input(), PaddedImage.of(product().window()), weights.depth(), form,
                margin());
        accumulator = packing.scratch(kernel, "accumulator", Bank.I32, 1, Producer.COLUMN * together);
    }

    @Override
    public Producer producer(Packing packing) {
        MultiplyProduct product = product();
        return new LookUpProduct(input, form, product.shape(), indices, lanes, corrections.reading(packing::of),
                accumulator);
    }

    /** The code that the padding stands for where that is known and a code; else one whose products are nothing. */
    private int margin() {
        ElementType.Code code = product().code();
        boolean measured = product().zero().isPresent() && product().zero().get() instanceof ZeroSource.Measured;
        int stands = Corrections.value(product().padding())
                + Corrections.fixedZero(product());
        boolean known = product().window().geometry().padded() && !measured && stands >= code.lowest()
                && stands <= code.highest();
        return known ? stands : form.center();
    }
}
