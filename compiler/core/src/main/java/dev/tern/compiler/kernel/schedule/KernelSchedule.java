package dev.tern.compiler.kernel.schedule;

/**
 * How a kernel's loops run.
 *
 * @param wordsPerPass words (popcount products) or products' inner index values (multiply products) taken
 *        into the accumulators by one pass along the output channels
 */
public record KernelSchedule(int wordsPerPass) {
    /** What was fastest for most shapes: four words a pass. */
    public static final KernelSchedule DEFAULT = new KernelSchedule(4);

    /** Four a pass; all at once where there are fewer. */
    public static KernelSchedule forDepth(int depth) {
        return depth < DEFAULT.wordsPerPass ? new KernelSchedule(depth) : DEFAULT;
    }
}
