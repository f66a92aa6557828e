package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.AccumulatorCorrections;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BitWeights;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.target.Word;
import dev.tern.runtime.layout.CodeSums;
import dev.tern.runtime.layout.WeightLayout;
import java.util.Optional;

/** A product of bit planes. */
final class PopcountPacking implements PackedForm {
    private final PixelKernel kernel;
    private final UnpackedCodes weights;
    private final Word word;
    private final WeightLayout layout;
    private final int lines;
    private final int rows;
    private AccumulatorCorrections corrections;
    private ConstantId packedWeights;
    private BufferId input;
    private BufferId accumulator;
    private Optional<BufferId> patch;

    /**
     * @param word what bits are packed in
     * @param lines of the output whose patches are kept, or 0
     * @param rows computed together
     */
    PopcountPacking(PixelKernel kernel, UnpackedCodes weights, Word word, WeightLayout layout, int lines,
            int rows) {
        this.kernel = kernel;
        this.weights = weights;
        this.word = word;
        this.layout = layout;
        this.lines = lines;
        this.rows = rows;
    }

    @Override
    public PixelKernel kernel() {
        return kernel;
    }

    @Override
    public void addConstants(ConstantPool constants) {
        boolean bipolar = product().code().bipolar();
        corrections = Corrections.of(product(), kernel.origin(), weights,
                bipolar ? bipolarStart() : weights.sums(0, 0, 0), bipolar ? 1 : 0, constants);
        packedWeights = constants.add(weights.laidOut(KernelNames.path(kernel.origin(), "weight"),
                weights.planes(bipolar, word, layout)));
    }

    /** What is to be added to counts of bits of -1 and +1. */
    private CodeSums bipolarStart() {
        return switch (weights.form()) {
            case BINARY, TERNARY -> weights.sums(0, 1, 0);
            case INTEGER -> weights.sums(-1, 0, 0);
        };
    }

    @Override
    public void addBuffers(Packing packing) {
        Window window = product().window();
        ElementType.Code code = product().code();
        input = packing.planes(kernel, product().input(), code, window.inputHeight() * window.inputWidth(),
                product().inputChannels());
        int patches = lines == 0 ? 1 : lines * window.outputWidth();
        patch = window.direct()
                ? Optional.empty()
                : Optional.of(packing.scratch(kernel, "patch", Bank.of(word), patches * code.bits(), word
                        .count(product().shape().depth())));
        accumulator = packing.scratch(kernel, "accumulator", Bank.I32, 1,
                layout.panels() ? Producer.COLUMN * rows : weights.channels());
    }

    @Override
    public Producer producer(Packing packing) {
        MultiplyProduct product = product();
        return new PopcountProduct(input, product.code(), product.shape(), new BitWeights(weights.form(), word, layout,
                packedWeights), corrections.reading(packing::of), accumulator, patch);
    }
}
