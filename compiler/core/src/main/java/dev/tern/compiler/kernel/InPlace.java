package dev.tern.compiler.kernel;

import java.util.List;

/** Where a kernel's output may take the place of its input: the one rule that the planner and the verifier share. */
public final class InPlace {
    private InPlace() {
    }

    /**
     * Whether the kernel may write {@code output} over {@code input}, both starting at the same element: every value
     * is loaded from the element it is stored to, the store is the last step, and nothing else reads the input.
     */
    public static boolean allowed(Kernel kernel, BufferId input, BufferId output) {
        if (!(kernel instanceof Kernel.PixelKernel pixel) || !(pixel.producer() instanceof Producer.Load load)
                || !load.input().equals(input) || pixel.epilogue().isEmpty()
                || !(pixel.epilogue().getLast() instanceof Step.StorePlain store) || !store.output().equals(output)) {
            return false;
        }
        KernelAccess access = KernelAccess.of(kernel);
        return store.channelOffset() == 0 && (store.rowStride() == load.channels() || load.rows() == 1)
                && once(access.reads(), input) && once(access.writes(), output);
    }

    private static boolean once(List<BufferId> ids, BufferId id) {
        return ids.stream().filter(id::equals).count() == 1;
    }
}
