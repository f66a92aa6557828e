package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import java.util.OptionalInt;

/** Finds the kernel at whose end the values are those of a buffer: where more steps on them can be appended. */
final class LastStore {
    private LastStore() {
    }

    /** The place of the kernel before another that fills the whole buffer with the values of its last step. */
    static OptionalInt of(KernelProgram program, KernelSequence kernels, int before, BufferId buffer) {
        Integer last = kernels.writers(buffer).lower(before);
        return last != null && kernels.at(last) instanceof PixelKernel pixel && endsIn(program, pixel, buffer)
                ? OptionalInt.of(last)
                : OptionalInt.empty();
    }

    /** Whether the values at the end of the epilogue are, element by element, all that the buffer holds. */
    private static boolean endsIn(KernelProgram program, PixelKernel kernel, BufferId buffer) {
        int rows = kernel.producer().rows();
        int channels = kernel.producer().channels();
        for (Step step : kernel.epilogue().reversed()) {
            if (!(step instanceof Step.Store)) {
                return false;
            }
            if (step instanceof Step.StorePlain store && store.output().equals(buffer)) {
                return store.channelOffset() == 0 && (store.rowStride() == channels || rows == 1)
                        && program.buffer(buffer).length() == rows * channels;
            }
        }
        return false;
    }
}
