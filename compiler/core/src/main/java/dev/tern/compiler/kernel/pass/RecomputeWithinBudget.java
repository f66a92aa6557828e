package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Lifetimes;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Spends time where a model's budget has no memory: values that would be kept in f32 are computed again by each kernel
 * that quantizes them, and never stored. Where a scale is measured, a first run through the product finds the range and
 * a second one the codes. Changes nothing for a model without a ram budget, or within it.
 */
public final class RecomputeWithinBudget implements KernelPass {
    /** Sizes of buffers that are tried, the greatest first; what is left after these is too small to matter. */
    private static final int ROUNDS = 16;

    @Override
    public String summary() {
        return "compute f32 values again instead of storing them, where the ram budget asks for it";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        long budget = program.budget().ram();
        if (!MemoryNeed.overBudget(program)) {
            return program;
        }
        KernelProgram best = program;
        KernelProgram current = program;
        Set<BufferId> tried = new HashSet<>();
        for (int round = 0; round < ROUNDS && MemoryNeed.bytes(best) > budget; round++) {
            // Buffers that live at different times share memory, so that those of a size go together or not at all.
            List<BufferId> greatest = greatest(current, tried);
            current = without(current, greatest);
            tried.addAll(greatest);
            if (MemoryNeed.bytes(current) < MemoryNeed.bytes(best)) {
                best = current;
            }
        }
        return best;
    }

    /** The f32 buffers between kernels that have not been tried and than which no other of these is greater. */
    private static List<BufferId> greatest(KernelProgram program, Set<BufferId> tried) {
        Lifetimes lifetimes = Lifetimes.of(program);
        List<Buffer> candidates = program.buffers().stream().filter(b -> b.bank() == Bank.F32
                && b.role() == Buffer.Role.VALUE && lifetimes.used(b.id()) && !tried.contains(b.id())).toList();
        long size = candidates.stream().mapToLong(Buffer::bytes).max().orElse(0);
        return candidates.stream().filter(b -> b.bytes() == size).map(Buffer::id).toList();
    }

    /** The program with the readers of each of some buffers computing its values themselves, if all of them can. */
    private static KernelProgram without(KernelProgram program, List<BufferId> stored) {
        KernelSequence kernels = new KernelSequence(program.kernels());
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        for (BufferId buffer : stored) {
            recompute(program, buffer, kernels, buffers);
        }
        return program.withBuffers(buffers).withKernels(kernels.toList());
    }

    private static void recompute(KernelProgram program, BufferId buffer, KernelSequence kernels,
            List<Buffer> buffers) {
        if (kernels.writers(buffer).size() != 1
                || !(kernels.at(kernels.writers(buffer).first()) instanceof PixelKernel maker)) {
            return;
        }
        int made = kernels.writers(buffer).first();
        Optional<List<Step>> steps = stepsTo(program, maker, buffer);
        if (steps.isEmpty()) {
            return;
        }
        int before = buffers.size();
        Map<Integer, PixelKernel> alone = new TreeMap<>();
        for (int reader : kernels.readers(buffer)) {
            Optional<PixelKernel> own = alone(program, buffers, maker, steps.get(), kernels.at(reader), buffer);
            if (own.isEmpty()) {
                buffers.subList(before, buffers.size()).clear();
                return;
            }
            alone.put(reader, own.get());
        }
        alone.forEach(kernels::set);
        maker.storing(output -> !output.equals(buffer)).ifPresentOrElse(rest -> kernels.set(made, rest),
                () -> kernels.remove(made));
    }

    /** What the maker does to a value before it stores it to the buffer, which has to hold all of them. */
    private static Optional<List<Step>> stepsTo(KernelProgram program, PixelKernel maker, BufferId buffer) {
        List<Step> steps = new ArrayList<>();
        for (Step step : maker.epilogue()) {
            if (step instanceof Step.StorePlain store && store.output().equals(buffer)) {
                boolean whole = program.buffer(buffer).length() == maker.producer().rows()
                        * maker.producer().channels();
                return whole ? Optional.of(steps) : Optional.empty();
            }
            if (!(step instanceof Step.Store)) {
                steps.add(step);
            }
        }
        return Optional.empty();
    }

    /** The reader with the maker's product in place of its load. */
    private static Optional<PixelKernel> alone(KernelProgram program, List<Buffer> buffers, PixelKernel maker,
            List<Step> steps, Kernel reader, BufferId buffer) {
        if (!(reader instanceof PixelKernel pixel) || !(pixel.producer() instanceof Producer.Load load)
                || !load.input().equals(buffer)
                || pixel.epilogue().stream().anyMatch(step -> KernelAccess.readsOf(step).contains(buffer))) {
            return Optional.empty();
        }
        return new RowView(program, load, maker.producer()).of(pixel.epilogue()).map(own -> {
            List<Step> epilogue = new ArrayList<>(steps);
            epilogue.addAll(own);
            return epilogue;
        }).filter(epilogue -> EpilogueSize.fits(program, epilogue))
                .map(epilogue -> new PixelKernel(pixel.name(), pixel.origin(), withScratch(maker.producer(), buffers),
                        epilogue,
                        maker.schedule()));
    }

    /** The producer with scratch of its own, which lives no longer than the kernel. */
    private static Producer withScratch(Producer producer, List<Buffer> buffers) {
        return switch (producer) {
            case Producer.Load p -> p;
            case Producer.LoadConstant p -> p;
            case Producer.PopcountProduct p -> p.withScratch(copy(p.accumulator(), buffers),
                    p.patch().map(patch -> copy(patch, buffers)));
            case Producer.LookUpProduct p -> p.withScratch(copy(p.accumulator(), buffers));
            case Producer.MultiplyProduct p -> p.withScratch(copy(p.accumulator(), buffers));
            case Producer.TileProduct p -> p.withScratch(copy(p.accumulator(), buffers));
            case Producer.Pool p -> p.withScratch(copy(p.accumulator(), buffers));
        };
    }

    private static BufferId copy(BufferId id, List<Buffer> buffers) {
        Buffer buffer = buffers.get(id.index());
        BufferId copy = new BufferId(buffers.size());
        buffers.add(new Buffer(copy, buffer.name(), buffer.bank(), buffer.layout(), -1, buffer.role()));
        return copy;
    }
}
