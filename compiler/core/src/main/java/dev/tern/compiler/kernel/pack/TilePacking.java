package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;

/** A product in f32 lanes, whose input is widened to f32 with its padding around it, unless it is so already. */
final class TilePacking implements PackedForm {
    /** Up to where f32 holds every whole number. */
    private static final int EXACT = 1 << 24;

    private final PixelKernel kernel;
    private final ConstantArray weights;
    private final int lanes;
    private final int pitch;
    private BufferId input;
    private BufferId accumulator;

    /** @param lanes f32 values in a vector */
    TilePacking(PixelKernel kernel, ConstantArray weights, int lanes) {
        this.kernel = kernel;
        this.weights = weights;
        this.lanes = lanes;
        int channels = product().inputChannels();
        // Where each channel is by itself, vectors of channels are loaded.
        this.pitch = product().groups() > 1 ? (channels + lanes - 1) / lanes * lanes : channels;
    }

    @Override
    public PixelKernel kernel() {
        return kernel;
    }

    @Override
    public void addConstants(ConstantPool constants) {
        // The weights stay as they are: the class makes panels of them when it is loaded.
    }

    @Override
    public void addBuffers(Packing packing) {
        MultiplyProduct product = product();
        PaddedImage image = PaddedImage.of(product.window());
        input = product.elements().floating() && !image.padded() && pitch == product.inputChannels()
                ? packing.of(product.input())
                : packing.widened(kernel, image, pitch);
        accumulator = packing.scratch(kernel, "accumulator", product.floating() ? Bank.F32 : Bank.I32,
                ((Tiles) kernel.schedule()).rows(), Producer.COLUMN);
    }

    @Override
    public Producer producer(Packing packing) {
        MultiplyProduct product = product();
        int depth = product.window().geometry().taps() * (product.inputChannels() / product.groups());
        int exact = product.floating() ? depth : Math.min(depth, EXACT / (greatestCode() * greatestWeight()));
        return new TileProduct(input, product.elements(), pitch, product.inputChannels(), product.window(),
                product.groups(), packing.of(product.weights()), product.channels(), product.floating(), exact, lanes,
                accumulator);
    }

    /** The greatest magnitude of a code less its zero point, and of what the padding counts as. */
    private int greatestCode() {
        ElementType.Code code = product().code();
        if (product().zero().isPresent() && product().zero().get() instanceof ZeroSource.Measured) {
            return code.highest() - code.lowest();
        }
        int zero = AccumulatorCorrections.fixedZero(product());
        return Math.max(1, Math.max(Math.abs(code.lowest() - zero), Math.abs(code.highest() - zero)));
    }

    private int greatestWeight() {
        int greatest = 1;
        for (byte code : ((ConstantArray.Bytes) weights).values()) {
            greatest = Math.max(greatest, Math.abs(code));
        }
        return greatest;
    }
}
