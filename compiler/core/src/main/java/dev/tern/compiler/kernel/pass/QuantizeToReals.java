package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.LineParts;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the codes that plain loops multiply along lines as f32, less their zero point. Their products are exact there
 * while they stay below 2^24, and nothing between the values and the layer's result becomes an int or a byte: the C2 of
 * Java 17 makes no vector code of what converts between these. Where sums are small enough, two lines of the output
 * share each f32, which halves the products. Codes take four times the bytes; all is left where the model's ram budget
 * has no room for them.
 */
public final class QuantizeToReals implements KernelPass {
    private static final int EXACT = 1 << 24;
    /** How often a sum fits in what another one counts that shares its f32. */
    private static final int APART = 3;

    @Override
    public String summary() {
        return "keep codes that plain loops multiply along lines as f32";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        if (program.target().vector() || !program.target().vectorized()) {
            return program;
        }
        KernelSequence kernels = new KernelSequence(program.kernels());
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        boolean changed = false;
        for (int i = 0; i < kernels.places(); i++) {
            changed |= change(program, kernels, i, buffers);
        }
        if (!changed) {
            return program;
        }
        KernelProgram result = program.withBuffers(buffers).withKernels(kernels.toList());
        return MemoryNeed.overBudget(result) ? program : result;
    }

    /** Whether the kernel at a place and all that read its codes have been changed. */
    private static boolean change(KernelProgram program, KernelSequence kernels, int place, List<Buffer> buffers) {
        if (!(kernels.at(place) instanceof PixelKernel quantizing)
                || !(quantizing.producer() instanceof Producer.Load load)
                || quantizing.epilogue().size() != 2
                || !(quantizing.epilogue().getFirst() instanceof Step.Quantize quantize)
                || !(quantize.scale() instanceof ScaleSource.Measured scale)
                || !(quantizing.epilogue().getLast() instanceof Step.StorePlain store)
                || buffers.get(store.output().index()).role() != Buffer.Role.VALUE
                || kernels.writers(store.output()).size() != 1
                || !measured(program, kernels, place, load, scale)) {
            return false;
        }
        TreeMap<Integer, PixelKernel> readers = new TreeMap<>();
        for (int reader : kernels.readers(store.output())) {
            Optional<PixelKernel> multiplying = multiplying(program, kernels.at(reader), store.output(), quantize);
            if (multiplying.isEmpty()) {
                return false;
            }
            readers.put(reader, multiplying.get());
        }
        setBank(buffers, store.output());
        kernels.set(place, quantizing.withEpilogue(List.of(new Step.QuantizeToReal(scale, quantize.zero(), quantize
                .grid()), store)));
        readers.forEach((reader, kernel) -> {
            setAccumulator(buffers, kernel);
            kernels.set(reader, kernel);
        });
        return true;
    }

    /** Whether a scale comes of the range of all that is loaded, which nothing changes in between. */
    private static boolean measured(KernelProgram program, KernelSequence kernels, int place, Producer.Load load,
            ScaleSource.Measured scale) {
        NavigableSet<Integer> deriving = kernels.writers(scale.buffer());
        if (scale.perRow() || deriving.size() != 1
                || !(kernels.at(deriving.first()) instanceof Kernel.DeriveScale derive)) {
            return false;
        }
        NavigableSet<Integer> measuring = kernels.writers(derive.ranges());
        return measuring.size() == 1 && kernels.at(measuring.first()) instanceof Kernel.MeasureRange measure
                && measure.input().equals(load.input()) && !measure.perRow()
                && measure.rows() * measure.channels() == program.buffer(load.input()).length()
                && kernels.writers(load.input()).subSet(measuring.first(), place).isEmpty();
    }

    /** A product along lines with exact sums, of the codes less their zero point as f32. */
    private static Optional<PixelKernel> multiplying(KernelProgram program, Kernel kernel, BufferId codes,
            Step.Quantize quantize) {
        if (!(kernel instanceof PixelKernel pixel) || !pixel.byLines()
                || !(pixel.producer() instanceof MultiplyProduct product)
                || product.floating() || !KernelAccess.of(pixel).reads().stream().filter(codes::equals).toList()
                        .equals(List.of(product.input()))
                || !product.zero().orElse(new ZeroSource.Fixed(0)).equals(quantize.zero())
                || !(pixel.epilogue().getFirst() instanceof Step.ToFloat)
                || !(program.constant(product.weights()) instanceof ConstantArray.Bytes weights)) {
            return Optional.empty();
        }
        long greatest = greatest(weights.values(), product.channels()) * magnitude(quantize);
        if (greatest > EXACT) {
            return Optional.empty();
        }
        MultiplyProduct reals = new MultiplyProduct(codes, ValueKind.FLOAT, product.shape(), product.weights(), Optional
                .empty(), product.padding(), true, product.accumulator());
        PixelKernel alone = new PixelKernel(pixel.name(), pixel.origin(), reals, pixel.epilogue().subList(1, pixel
                .epilogue().size()), pixel.schedule());
        return Optional.of(LineParts.of(reals).slides(reals.window().geometry())
                ? alone.withLinesShared(base(greatest))
                : alone);
    }

    /**
     * What a sum counts that shares an f32 with another, both up to so great: all that comes of them is exact, and the
     * other one is less than a third of it, so that rounding tells them apart. 0 where there is none.
     */
    private static int base(long greatest) {
        long most = EXACT / Math.max(1, greatest) - 1;
        return most < APART * greatest ? 0 : (int) most;
    }

    /** No code less its zero point is greater in magnitude. Padding may count as one. */
    private static int magnitude(Step.Quantize quantize) {
        int lowest = quantize.grid().lowest();
        int highest = quantize.grid().highest();
        return quantize.zero() instanceof ZeroSource.Fixed(int zero)
                ? Math.max(1, Math.max(highest - zero, zero - lowest))
                : highest - lowest;
    }

    /** The greatest sum of a channel's weights, each without its sign. */
    private static long greatest(byte[] weights, int channels) {
        long greatest = 0;
        for (int channel = 0; channel < channels; channel++) {
            long sum = 0;
            for (int i = channel; i < weights.length; i += channels) {
                sum += Math.abs(weights[i]);
            }
            greatest = Math.max(greatest, sum);
        }
        return greatest;
    }

    /** Makes room for the sums in f32, and for what is laid out beside them. */
    private static void setAccumulator(List<Buffer> buffers, PixelKernel kernel) {
        MultiplyProduct product = (MultiplyProduct) kernel.producer();
        int elements = LineParts.of(product, kernel.linesShared()).elements(product.window().geometry());
        Buffer buffer = buffers.get(product.accumulator().index());
        buffers.set(buffer.id().index(), new Buffer(buffer.id(), buffer.name(), Bank.F32, new Layout.Plain(1, elements),
                buffer.offset(), buffer.role()));
    }

    private static void setBank(List<Buffer> buffers, BufferId id) {
        Buffer buffer = buffers.get(id.index());
        buffers.set(id.index(), new Buffer(id, buffer.name(), Bank.F32, buffer.layout(), buffer.offset(), buffer
                .role()));
    }
}
