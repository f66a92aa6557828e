package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.LineParts;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;

/** A product in lines: it stays as it is, with room for parts of a line. */
final class LinePacking implements PackedForm {
    private final PixelKernel kernel;
    private BufferId accumulator;

    LinePacking(PixelKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public PixelKernel kernel() {
        return kernel;
    }

    @Override
    public void addConstants(ConstantPool constants) {
        // The weights stay as they are: the class makes rows of them when it is loaded.
    }

    @Override
    public void addBuffers(Packing packing) {
        MultiplyProduct product = product();
        accumulator = packing.scratch(kernel, "accumulator", product.floating() ? Bank.F32 : Bank.I32, 1, LineParts.of(
                product).elements(product.window().geometry()));
    }

    @Override
    public Producer producer(Packing packing) {
        MultiplyProduct product = product();
        return new MultiplyProduct(packing.of(product.input()), product.elements(), product.shape(), packing.of(product
                .weights()), product.zero().map(packing::of), product.padding(), product.floating(), accumulator);
    }
}
