package dev.tern.runtime.layout;

/**
 * How an array of a form is made from one that is stored. A weight file holds {@link #kind()} and {@link
 * #parameters()}.
 */
public sealed interface ArrayLayout permits AsStored, Interleaved, BitPlanes, LookUpIndices, CodeSums,
        BorderSums {
    /**
     * The array of the form.
     *
     * @param stored an array that {@link #bytes} accepts; not written to
     * @return a new array, or the stored one
     */
    Object of(Object stored);

    /**
     * How many bytes {@link #of} will take, known before anything is made.
     *
     * @throws IllegalArgumentException if the layout is not one of such an array
     */
    long bytes(Object stored);

    /** Which layout, as a weight file says it. */
    int kind();

    /** Its numbers, as a weight file says them. */
    int[] parameters();

    /**
     * The layout that a weight file tells of.
     *
     * @throws IllegalArgumentException if there is none such
     */
    static ArrayLayout read(int kind, int[] parameters) {
        switch (kind) {
            case AsStored.KIND :
                return AsStored.read(parameters);
            case Interleaved.KIND :
                return Interleaved.read(parameters);
            case BitPlanes.KIND :
                return BitPlanes.read(Long.SIZE, parameters);
            case BitPlanes.KIND_OF_INTS :
                return BitPlanes.read(Integer.SIZE, parameters);
            case BitPlanes.KIND_OF_SHORTS :
                return BitPlanes.read(Short.SIZE, parameters);
            case LookUpIndices.KIND :
                return LookUpIndices.read(parameters);
            case CodeSums.KIND :
                return CodeSums.read(parameters);
            case BorderSums.KIND :
                return BorderSums.read(parameters);
            default :
                throw new IllegalArgumentException("layout " + kind + " of an array");
        }
    }
}
