package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps what is a code times a constant scale, such as a quantized residual stream, as the code: a byte where the f32
 * takes four. Whoever reads it multiplies again, which gives the same bits. Values stay f32 where a pool, a copy or
 * another kernel without an epilogue wants them so. A range is measured of the codes; where the ram budget is broken by
 * an epilogue, which can join the kernel that makes them.
 */
public final class KeepCodes implements KernelPass {
    /** So many extremes are kept side by side where a range is measured of codes. */
    private static final int RANGE_CHANNELS = 128;

    @Override
    public String summary() {
        return "store codes in the place of their multiples";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        // What measures a range becomes two kernels.
        KernelSequence kernels = new KernelSequence(program.kernels(), 1);
        boolean changed = false;
        boolean overBudget = MemoryNeed.overBudget(program);
        for (Buffer buffer : program.buffers()) {
            if (buffer.bank() == Bank.F32 && buffer.role() == Buffer.Role.VALUE) {
                int before = buffers.size();
                if (keep(program, buffer, kernels, buffers, overBudget)) {
                    changed = true;
                } else {
                    buffers.subList(before, buffers.size()).clear();
                }
            }
        }
        return changed ? program.withBuffers(buffers).withKernels(kernels.toList()) : program;
    }

    /**
     * The codes that a buffer holds multiples of.
     *
     * @param buffer of the codes
     * @param steps that make the multiples of them
     */
    private record Codes(BufferId buffer, ElementType.Code code, int zero, float scale, List<Step> steps) {
        /** What takes the place of f32 values that come from the buffer. */
        List<Step> then(List<Step> epilogue) {
            List<Step> all = new ArrayList<>(steps);
            all.addAll(epilogue);
            return all;
        }

        Producer.Load load(int rows, int channels) {
            return new Producer.Load(buffer, ValueKind.of(code), rows, channels);
        }
    }

    /** Whether the buffer's writer and readers have been changed so that it holds codes. */
    private static boolean keep(KernelProgram program, Buffer buffer, KernelSequence kernels, List<Buffer> buffers,
            boolean overBudget) {
        if (kernels.writers(buffer.id()).size() != 1
                || !(kernels.at(kernels.writers(buffer.id()).first()) instanceof PixelKernel maker)) {
            return false;
        }
        int writer = kernels.writers(buffer.id()).first();
        Optional<Made> made = made(program, maker, buffer, buffers);
        if (made.isEmpty() || !made.get().kernel().map(kernel -> fits(program, kernel)).orElse(true)) {
            return false;
        }
        Map<Integer, List<Kernel>> changed = new TreeMap<>();
        for (int reader : kernels.readers(buffer.id())) {
            Optional<List<Kernel>> reading = reading(kernels.at(reader), buffer.id(), made.get().codes(), buffers,
                    overBudget)
                    .filter(all -> all.stream().allMatch(kernel -> fits(program, kernel)));
            if (reading.isEmpty()) {
                return false;
            }
            changed.put(reader, reading.get());
        }
        changed.forEach((place, reading) -> {
            kernels.set(place, reading.getLast());
            if (reading.size() > 1) {
                kernels.set(place - 1, reading.getFirst());
            }
        });
        made.get().kernel().ifPresentOrElse(kernel -> kernels.set(writer, kernel), () -> kernels.remove(writer));
        return true;
    }

    private static boolean fits(KernelProgram program, Kernel kernel) {
        return !(kernel instanceof PixelKernel pixel) || EpilogueSize.fits(program, pixel.epilogue());
    }

    /** The writer with a store of codes, if it is left with anything to do. */
    private record Made(Optional<PixelKernel> kernel, Codes codes) {
    }

    private static Optional<Made> made(KernelProgram program, PixelKernel maker, Buffer buffer, List<Buffer> buffers) {
        List<Step> steps = maker.epilogue();
        int rows = maker.producer().rows();
        int channels = maker.producer().channels();
        ValueKind kind = ValueKind.of(maker.producer());
        for (int i = 0; i < steps.size(); i++) {
            if (kind.coded()) {
                Optional<Multiple> multiple = multiple(program, steps, i, buffer.id());
                if (multiple.isPresent() && fills(multiple.get().store(), buffer, rows, channels)) {
                    ElementType.Code code = kind.code();
                    List<Step> dequantize = steps.subList(i, multiple.get().multiply() + 1);
                    if (i == 0 && maker.producer() instanceof Producer.Load load) {
                        return Optional.of(new Made(maker.storing(id -> !id.equals(buffer.id())),
                                new Codes(load.input(), code, multiple.get().zero(), multiple.get().scale(),
                                        dequantize)));
                    }
                    Optional<BufferId> there = stored(buffers, steps, i, rows, channels);
                    if (there.isPresent()) {
                        return Optional.of(new Made(maker.storing(other -> !other.equals(buffer.id())),
                                new Codes(there.get(), code, multiple.get().zero(), multiple.get().scale(),
                                        dequantize)));
                    }
                    BufferId id = new BufferId(buffers.size());
                    buffers.add(new Buffer(id, buffer.name() + " codes", Bank.I8, new Layout.Plain(rows, channels), -1,
                            Buffer.Role.VALUE));
                    List<Step> changed = new ArrayList<>(steps);
                    changed.add(i, new Step.StorePlain(id, channels, 0));
                    return Optional.of(new Made(
                            maker.withEpilogue(changed).storing(other -> !other.equals(buffer.id())),
                            new Codes(id, code, multiple.get().zero(), multiple.get().scale(), dequantize)));
                }
            }
            kind = kind.after(steps.get(i));
        }
        return Optional.empty();
    }

    /** Where the codes that come to a step are stored already. */
    private static Optional<BufferId> stored(List<Buffer> buffers, List<Step> steps, int at, int rows, int channels) {
        for (int i = at - 1; i >= 0 && steps.get(i) instanceof Step.Store; i--) {
            if (steps.get(i) instanceof Step.StorePlain store && fills(store, buffers.get(store.output().index()), rows,
                    channels)) {
                return Optional.of(store.output());
            }
        }
        return Optional.empty();
    }

    /** Whether a store writes every element of a buffer, in order. */
    private static boolean fills(Step.StorePlain store, Buffer buffer, int rows, int channels) {
        return store.channelOffset() == 0 && (store.rowStride() == channels || rows == 1)
                && buffer.length() == rows * channels;
    }

    /** @param multiply the place of the multiplication among the steps */
    private record Multiple(int zero, float scale, int multiply, Step.StorePlain store) {
    }

    /** What makes multiples of the codes that come to a step, and stores them to the buffer before anything else. */
    private static Optional<Multiple> multiple(KernelProgram program, List<Step> steps, int from, BufferId buffer) {
        int i = from;
        int zero = 0;
        if (steps.get(i) instanceof Step.SubtractZero(ZeroSource.Fixed(int value))) {
            zero = value;
            i++;
        }
        // The last step is a store, so that none of these is.
        if (!(steps.get(i) instanceof Step.ToFloat)
                || !(steps.get(i + 1) instanceof Step.Multiply multiply)
                || !(program.constant(multiply.factors()) instanceof ConstantArray.Floats factors)
                || factors.length() != 1) {
            return Optional.empty();
        }
        for (int j = i + 2; j < steps.size() && steps.get(j) instanceof Step.Store store; j++) {
            if (store.output().equals(buffer)) {
                return store instanceof Step.StorePlain plain
                        ? Optional.of(new Multiple(zero, factors.values()[0], i + 1, plain))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** A kernel that reads the codes, if there is a form of it that does. */
    private static Optional<List<Kernel>> reading(Kernel kernel, BufferId buffer, Codes codes, List<Buffer> buffers,
            boolean overBudget) {
        if (kernel instanceof PixelKernel pixel) {
            return reading(pixel, buffer, codes).map(List::of);
        }
        if (!(kernel instanceof Kernel.MeasureRange measure) || measure.perRow() || measure.rows() == 1) {
            return Optional.empty();
        }
        if (!overBudget && codes.scale() > 0) {
            BufferId extremes = new BufferId(buffers.size());
            buffers.add(new Buffer(extremes, buffers.get(buffer.index()).name() + " extremes", Bank.I8,
                    new Layout.Plain(1, 2), -1, Buffer.Role.VALUE));
            // What codes stand for rises with them, so that theirs are the extremes.
            return Optional.of(List.of(
                    new Kernel.MeasureCodes(measure.name() + "_codes", measure.origin(), codes.buffer(), codes.code(),
                            measure.rows(), measure.channels(), extremes),
                    PixelKernel.elementwise(measure.name(), measure.origin(),
                            new Producer.Load(extremes, ValueKind.of(codes.code()), 1, 2),
                            codes.then(List.of(new Step.StorePlain(measure.output(), 2, 0))))));
        }
        BufferId ranges = new BufferId(buffers.size());
        int together = together(measure);
        int channels = measure.channels() * together;
        buffers.add(new Buffer(ranges, buffers.get(buffer.index()).name() + " ranges", Bank.F32,
                new Layout.Plain(2, channels), -1, Buffer.Role.VALUE));
        return Optional.of(List.of(
                PixelKernel.elementwise(measure.name() + "_channels", measure.origin(),
                        codes.load(measure.rows() / together, channels),
                        codes.then(List.of(new Step.Fold(Step.FoldKind.RANGE, ranges)))),
                new Kernel.MeasureRange(measure.name(), measure.origin(), ranges, 2, channels, false,
                        measure.output())));
    }

    /**
     * How many rows of few channels are taken as one: whose extreme a value is does not matter, and what is taken into
     * the same few extremes over and over waits each time for the one before.
     */
    private static int together(Kernel.MeasureRange measure) {
        int together = 1;
        for (int count = 2; count < measure.rows() && count * measure.channels() <= RANGE_CHANNELS; count++) {
            together = measure.rows() % count == 0 ? count : together;
        }
        return together;
    }

    private static Optional<Kernel> reading(PixelKernel kernel, BufferId buffer, Codes codes) {
        List<Step> steps = new ArrayList<>();
        for (Step step : kernel.epilogue()) {
            if (step instanceof Step.WithBuffer pair && pair.other().equals(buffer)
                    && pair.spread() == Step.Spread.NONE) {
                steps.add(new Step.WithCodes(pair.function(), codes.buffer(), codes.code(), codes.zero(),
                        codes.scale(), pair.otherFirst()));
            } else if (KernelAccess.readsOf(step).contains(buffer)) {
                return Optional.empty();
            } else {
                steps.add(step);
            }
        }
        if (kernel.producer() instanceof Producer.Load load && load.input().equals(buffer)) {
            return Optional.of(new PixelKernel(kernel.name(), kernel.origin(), codes.load(load.rows(), load.channels()),
                    codes.then(steps), kernel.schedule()));
        }
        return KernelAccess.of(kernel).reads().contains(buffer) && readsBeside(kernel, buffer)
                ? Optional.empty()
                : Optional.of(kernel.withEpilogue(steps));
    }

    /** Whether the producer itself reads the buffer. */
    private static boolean readsBeside(PixelKernel kernel, BufferId buffer) {
        return KernelAccess.of(kernel.withEpilogue(List.of())).reads().contains(buffer);
    }
}
