package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;

/** What a scheduled product becomes. Its parts are asked for once each, in this order. */
sealed interface PackedForm permits PopcountPacking, LookUpPacking, TilePacking, RoomPacking {
    /** The product's kernel as it was. */
    PixelKernel kernel();

    default MultiplyProduct product() {
        return (MultiplyProduct) kernel().producer();
    }

    /** Adds its constants to the pool. */
    void addConstants(ConstantPool constants);

    /** Adds its buffers, and the kernel that makes what it reads. */
    void addBuffers(Packing packing);

    /** The producer, of the buffers and constants that were added. */
    Producer producer(Packing packing);
}
