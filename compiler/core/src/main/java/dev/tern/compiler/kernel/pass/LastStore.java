package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/** Finds the kernel at whose end the values are those of a buffer: where more steps on them can be appended. */
final class LastStore {
    private LastStore() {
    }

    /**
     * The index of the kernel under {@code before} that fills the whole buffer with the values of its last step.
     *
     * @param access what {@link KernelAccess#of} gives, which costs too much to be asked of every kernel anew
     */
    static OptionalInt of(KernelProgram program, List<Kernel> kernels, int before, BufferId buffer,
            Function<Kernel, KernelAccess> access) {
        for (int i = before - 1; i >= 0; i--) {
            Kernel kernel = kernels.get(i);
            if (access.apply(kernel).writes().contains(buffer)) {
                return kernel instanceof PixelKernel pixel && endsIn(program, pixel, buffer)
                        ? OptionalInt.of(i)
                        : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
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
