package dev.tern.compiler.kernel.schedule;

/** How a kernel's loops run: plain data that never changes a result. */
public sealed interface KernelSchedule permits KernelSchedule.Plain, ProductSchedule {
    /** The schedule of kernels that leave nothing to choose. */
    Plain PLAIN = new Plain();

    /** Row by row, each along its channels. */
    record Plain() implements KernelSchedule {
        @Override
        public String toString() {
            return "row by row";
        }
    }
}
