package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;

/** A product that stays as it is, with room for more sums: of parts of a line, or of several rows. */
final class RoomPacking implements PackedForm {
    private final PixelKernel kernel;
    private final int elements;
    private BufferId accumulator;

    RoomPacking(PixelKernel kernel, int elements) {
        this.kernel = kernel;
        this.elements = elements;
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
        accumulator = packing.scratch(kernel, "accumulator", product.floating() ? Bank.F32 : Bank.I32, 1,
                elements);
    }

    @Override
    public Producer producer(Packing packing) {
        MultiplyProduct product = product();
        return new MultiplyProduct(packing.of(product.input()), product.elements(), product.shape(), packing.of(product
                .weights()), product.zero().map(packing::of), product.padding(), product.floating(), accumulator);
    }
}
