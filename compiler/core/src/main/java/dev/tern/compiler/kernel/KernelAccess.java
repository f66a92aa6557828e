package dev.tern.compiler.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel touches, in the order in which its record names it.
 *
 * @param reads buffers read; a buffer may be named twice
 * @param writes buffers written
 * @param scratch buffers that hold nothing before or after
 */
public record KernelAccess(List<BufferId> reads, List<BufferId> writes, List<BufferId> scratch,
        List<ConstantId> constants) {
    public KernelAccess {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        scratch = List.copyOf(scratch);
        constants = List.copyOf(constants);
    }

    public static KernelAccess of(Kernel kernel) {
        Recorder recorder = new Recorder();
        kernel.map(recorder);
        return recorder.access();
    }

    /** The buffers that a step reads. */
    public static List<BufferId> readsOf(Step step) {
        Recorder recorder = new Recorder();
        step.map(recorder);
        return recorder.access().reads();
    }

    /** Leaves all ids as they are. */
    private static final class Recorder implements KernelIds {
        private final List<BufferId> reads = new ArrayList<>();
        private final List<BufferId> writes = new ArrayList<>();
        private final List<BufferId> scratch = new ArrayList<>();
        private final List<ConstantId> constants = new ArrayList<>();

        @Override
        public BufferId read(BufferId id) {
            reads.add(id);
            return id;
        }

        @Override
        public BufferId write(BufferId id) {
            writes.add(id);
            return id;
        }

        @Override
        public BufferId scratch(BufferId id) {
            scratch.add(id);
            return id;
        }

        @Override
        public ConstantId constant(ConstantId id) {
            constants.add(id);
            return id;
        }

        KernelAccess access() {
            return new KernelAccess(reads, writes, scratch, constants);
        }
    }
}
