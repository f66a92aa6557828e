package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Appends consumers that load what a kernel stored last to that kernel, until no more can be. A buffer holds each of
 * its elements once and for all as long as the arena is not planned, so kernels may move as far as what they read is
 * written before and what they write is read after.
 */
final class EpilogueFusion {
    private final KernelProgram program;
    private final Predicate<PixelKernel> wanted;
    private final KernelSequence kernels;
    private final Map<BufferId, Integer> readers = new HashMap<>();

    /** @param wanted which consumers may be appended */
    EpilogueFusion(KernelProgram program, Predicate<PixelKernel> wanted) {
        this.program = program;
        this.wanted = wanted;
        kernels = new KernelSequence(program.kernels());
        program.kernels().forEach(
                kernel -> KernelAccess.of(kernel).reads().forEach(id -> readers.merge(id, 1, Integer::sum)));
    }

    /** Whether a kernel does nothing but pack what it loads. */
    static boolean onlyPacks(PixelKernel kernel) {
        return kernel.epilogue().stream().allMatch(Step.StorePlanes.class::isInstance);
    }

    KernelProgram run() {
        boolean changed = false;
        for (int consumer = 0; consumer < kernels.places(); consumer++) {
            changed |= fused(consumer);
        }
        return changed ? program.withKernels(kernels.toList()) : program;
    }

    private boolean fused(int index) {
        if (!(kernels.at(index) instanceof PixelKernel consumer)
                || !(consumer.producer() instanceof Producer.Load load) || !wanted.test(consumer)) {
            return false;
        }
        OptionalInt producer = LastStore.of(program, kernels, index, load.input());
        return producer.isPresent()
                && fuse(producer.getAsInt(), (PixelKernel) kernels.at(producer.getAsInt()), index, consumer);
    }

    private boolean fuse(int at, PixelKernel producer, int index, PixelKernel consumer) {
        Optional<List<Step>> steps = new RowView(program, consumer.producer(), producer.producer())
                .of(consumer.epilogue());
        if (steps.isEmpty() || readsWhatItWrites(producer, consumer)) {
            return false;
        }
        List<Step> epilogue = new ArrayList<>(producer.epilogue());
        epilogue.addAll(steps.get());
        BufferId between = ((Producer.Load) consumer.producer()).input();
        if (!EpilogueSize.fits(program, epilogue.stream().filter(step -> !dead(step, between)).toList())) {
            return false;
        }
        int target;
        if (readyBefore(at, index, consumer)) {
            target = at;
        } else if (unusedBetween(at, producer, index)) {
            target = index;
        } else {
            return false;
        }
        readers.merge(between, -1, Integer::sum);
        kernels.remove(target == at ? index : at);
        kernels.set(target, producer.withEpilogue(epilogue));
        return true;
    }

    /** Whether a step is a store that nobody reads once the load of {@code between} is gone. */
    private boolean dead(Step step, BufferId between) {
        return step instanceof Step.Store store && program.buffer(store.output()).role() == Buffer.Role.VALUE
                && readers.getOrDefault(store.output(), 0) == (store.output().equals(between) ? 1 : 0);
    }

    /** Whether the steps of the consumer read a buffer that the fused kernel would be writing. */
    private boolean readsWhatItWrites(PixelKernel producer, PixelKernel consumer) {
        List<BufferId> writes = KernelAccess.of(producer).writes();
        return consumer.epilogue().stream().flatMap(step -> KernelAccess.readsOf(step).stream())
                .anyMatch(writes::contains);
    }

    /** Whether all that the consumer's steps read is complete before the first of the two runs. */
    private boolean readyBefore(int at, int index, PixelKernel consumer) {
        return consumer.epilogue().stream().flatMap(step -> KernelAccess.readsOf(step).stream())
                .allMatch(read -> kernels.writers(read).subSet(at, index).isEmpty());
    }

    /** Whether nothing between the two needs what the first writes, so that it may move down to the second. */
    private boolean unusedBetween(int at, PixelKernel producer, int index) {
        return KernelAccess.of(producer).writes().stream()
                .allMatch(written -> kernels.readers(written).subSet(at, index).isEmpty());
    }
}
