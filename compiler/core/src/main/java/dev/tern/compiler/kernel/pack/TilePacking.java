package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.BytePasses;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.TileBlock;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import java.util.Arrays;
import java.util.Optional;

/**
 * A product in lanes of 32 or 16 bits or in bytes, whose input is widened with its padding around it, unless it is f32
 * and has none.
 */
final class TilePacking implements PackedForm {
    /** Up to where f32 holds every whole number. */
    private static final int EXACT = 1 << 24;
    /** Up to that the sum of an f32 and 1.5 * 2^23 is rounded to the nearest whole number. */
    private static final int SMALL = 1 << 22;
    /** Lanes of the narrowest vectors of f32. */
    private static final int NARROWEST = 4;

    private final Tiles schedule;
    private final PixelKernel kernel;
    private final ConstantArray weights;
    private final int lanes;
    private final int pitch;
    /** What the input holds less than the values are: bytes hold sums of more products of small numbers. */
    private final int offset;
    private Optional<ConstantId> starts = Optional.empty();
    private BufferId input;
    private BufferId accumulator;

    /** @param lanes f32 values in a vector */
    TilePacking(PixelKernel kernel, ConstantArray weights, int lanes) {
        this.kernel = kernel;
        this.weights = weights;
        this.schedule = (Tiles) kernel.schedule();
        int together = schedule.lane() == Lane.I16 ? 2 : 1;
        this.lanes = depthwise() ? enough(lanes, (product().channels() + together - 1) / together) : lanes;
        // Where each channel is by itself, vectors of channels are loaded.
        this.pitch = roundedUp(product().inputChannels(), together * (depthwise() ? this.lanes : 1));
        this.offset = schedule.lane() == Lane.I8 && !measured()
                ? Math.floorDiv(product().code().lowest() + product().code().highest() + 1, 2)
                        - Corrections.fixedZero(product())
                : 0;
    }

    private boolean measured() {
        return product().zero().filter(ZeroSource.Measured.class::isInstance).isPresent();
    }

    private boolean depthwise() {
        return product().groups() > 1;
    }

    /** Of few values a narrower vector holds all; their rows then lie close, without a gap to be filled. */
    private static int enough(int most, int values) {
        int lanes = most;
        while (lanes > NARROWEST && values <= lanes / 2) {
            lanes /= 2;
        }
        return lanes;
    }

    private static int roundedUp(int count, int step) {
        return (count + step - 1) / step * step;
    }

    @Override
    public PixelKernel kernel() {
        return kernel;
    }

    @Override
    public void addConstants(ConstantPool constants) {
        // The weights stay as they are: the class makes panels of them when it is loaded.
        if (offset != 0) {
            int channels = product().channels();
            int[] sums = new int[roundedUp(channels, schedule.vectors() * lanes * schedule.lane().channels())];
            byte[] codes = ((ConstantArray.Bytes) weights).values();
            for (int i = 0; i < codes.length; i++) {
                sums[i % channels] += offset * codes[i];
            }
            starts = Optional.of(constants.ints(KernelNames.path(kernel.origin(), "starts"), sums));
        }
    }

    @Override
    public void addBuffers(Packing packing) {
        MultiplyProduct product = product();
        PaddedImage image = PaddedImage.of(product.window());
        input = product.elements().floating() && !image.padded() && pitch == product.inputChannels()
                ? packing.of(product.input())
                : packing.widened(kernel, image, pitch, schedule.lane(), offset);
        accumulator = packing.scratch(kernel, "accumulator", product.floating() ? Bank.F32 : Bank.I32, sums(),
                Producer.COLUMN);
    }

    /** Rows of sums: where they are not taken in 32 bits, those of a tile lie behind; of parts of the steps all do. */
    private int sums() {
        if (depthwise()) {
            return schedule.rows();
        }
        int rows = TileBlock.of(product().shape()).count();
        return rows + switch (schedule.lane()) {
            case F32 -> exact() < steps() ? rows : 0;
            case I16 -> schedule.rows();
            case I8 -> behind();
        };
    }

    /** Rows that hold the sums of all passes that wait, and what they are added to. */
    private int behind() {
        int passes = 2 + BytePasses.of(product().shape(), pitch, exact()).waiting();
        return roundedUp(passes * schedule.rows() * schedule.vectors() * lanes, Producer.COLUMN) / Producer.COLUMN;
    }

    @Override
    public Producer producer(Packing packing) {
        MultiplyProduct product = product();
        return new TileProduct(input, product.elements(), pitch, product.shape(), packing.of(product.weights()), product
                .floating(), schedule.lane(), exact(), small(), lanes, starts, accumulator);
    }

    private boolean small() {
        return schedule.lane() == Lane.F32 && !product().floating()
                && greatestMagnitude(exact()) * greatestCode() <= SMALL;
    }

    private int steps() {
        return schedule.lane() == Lane.I16 && !depthwise()
                ? product().shape().taps() * (pitch / 2)
                : product().shape().depth();
    }

    /** How many steps, one after the other from a multiple of it on, have exact sums whatever the codes. */
    private int exact() {
        if (product().floating()) {
            return steps();
        }
        int greatest = switch (schedule.lane()) {
            case F32 -> EXACT;
            case I16 -> Short.MAX_VALUE;
            case I8 -> Byte.MAX_VALUE;
        };
        int certain = Math.min(steps(), greatest / (greatestCode() * greatestWeight()));
        return schedule.lane() == Lane.F32 && !depthwise() ? ofFewestParts(certain) : certain;
    }

    /**
     * Of the steps' equal parts the fewest whose weights' magnitudes have sums that, by the greatest code, f32 holds.
     *
     * @param certain steps that are exact whatever the weights
     */
    private int ofFewestParts(int certain) {
        int steps = steps();
        for (int parts = 1; (steps + parts - 1) / parts > certain; parts++) {
            int part = (steps + parts - 1) / parts;
            if (greatestMagnitude(part) * (long) greatestCode() <= EXACT) {
                return part;
            }
        }
        return certain;
    }

    /** The greatest sum, over channels and parts, of the magnitudes of so many steps' weights. */
    private long greatestMagnitude(int part) {
        byte[] codes = ((ConstantArray.Bytes) weights).values();
        int channels = product().channels();
        long greatest = 0;
        for (int from = 0; from < steps(); from += part) {
            long[] sums = new long[channels];
            for (int i = from * channels; i < Math.min(codes.length, (from + part) * channels); i++) {
                sums[i % channels] += Math.abs(codes[i]);
            }
            greatest = Math.max(greatest, Arrays.stream(sums).max().orElse(0));
        }
        return greatest;
    }

    /** The greatest magnitude of a code less its zero point, and of what the padding counts as. */
    private int greatestCode() {
        ElementType.Code code = product().code();
        if (measured()) {
            return code.highest() - code.lowest();
        }
        int zero = Corrections.fixedZero(product()) + offset;
        return Math.max(1, Math.max(Math.abs(Corrections.value(product().padding()) - offset),
                Math.max(Math.abs(code.lowest() - zero), Math.abs(code.highest() - zero))));
    }

    private int greatestWeight() {
        int greatest = 1;
        for (byte code : ((ConstantArray.Bytes) weights).values()) {
            greatest = Math.max(greatest, Math.abs(code));
        }
        return greatest;
    }
}
