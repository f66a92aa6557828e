package dev.tern.runtime;

import java.util.List;

/**
 * How large a session's working arrays are and where in them inputs and outputs lie. All numbers count elements.
 * An {@link Element#F32} value lies in the {@code f32} array, {@link Element#STEP} and {@link Element#I32} in
 * {@code i32}, {@link Element#U8} and {@link Element#I8} in {@code i8}; each is contiguous and row-major. An f32 input
 * or output may also lie outside, at {@link #OUTSIDE}: the class then works on the caller's array.
 *
 * @param shared the arrays that hold inputs, outputs, and what layers hand to each other; one set in a session
 * @param work the {@link WorkArrays}; one set for each thread of a session
 * @param inputs for each input the offset at which {@link Session#infer} finds it in the shared arrays
 * @param outputs for each output the offset at which {@link Session#infer} leaves it; it may be an input's
 */
public record ArenaPlan(Lengths shared, Lengths work, List<Integer> inputs, List<Integer> outputs) {
    /** The offset of an f32 input or output that is not in the working memory. */
    public static final int OUTSIDE = -1;

    public ArenaPlan {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A plan without work arrays. */
    public ArenaPlan(int f32, int i32, int i64, int i8, List<Integer> inputs, List<Integer> outputs) {
        this(new Lengths(f32, i32, i64, i8), new Lengths(0, 0, 0, 0), inputs, outputs);
    }

    /**
     * How long four arrays are.
     *
     * @param f32 length of the {@code float[]}
     * @param i32 length of the {@code int[]}
     * @param i64 length of the {@code long[]}
     * @param i8 length of the {@code byte[]}
     */
    public record Lengths(int f32, int i32, int i64, int i8) {
        public Lengths {
            if (f32 < 0 || i32 < 0 || i64 < 0 || i8 < 0) {
                throw new IllegalArgumentException("negative arena size");
            }
        }

        /** Bytes of all four arrays together. */
        public long bytes() {
            return 4L * f32 + 4L * i32 + 8L * i64 + i8;
        }

        /** The length of the array in which an element of this kind lies. */
        int capacity(Element element) {
            Class<?> component = element.componentType();
            return component == float.class ? f32 : component == int.class ? i32 : i8;
        }
    }

    /** Bytes of all arrays of a session of one thread; each further thread takes those of {@link #work} more. */
    public long bytes() {
        return shared.bytes() + work.bytes();
    }

    /** @throws IllegalArgumentException if a port of the signature does not lie inside its array */
    void check(Signature signature) {
        check("input", signature.inputs(), inputs);
        check("output", signature.outputs(), outputs);
        if (signature.arenaBytes() != bytes()) {
            throw new IllegalArgumentException("the signature tells of an arena of " + signature.arenaBytes()
                    + " bytes, the plan of " + bytes());
        }
    }

    private void check(String role, List<Signature.Port> ports, List<Integer> offsets) {
        if (ports.size() != offsets.size()) {
            throw new IllegalArgumentException(offsets.size() + " " + role + " offsets for " + ports.size());
        }
        for (int i = 0; i < ports.size(); i++) {
            Signature.Port port = ports.get(i);
            int offset = offsets.get(i);
            if (offset == OUTSIDE && port.element() == Element.F32) {
                continue;
            }
            int capacity = shared.capacity(port.element());
            if (offset < 0 || offset > capacity - port.elements()) {
                throw new IllegalArgumentException(
                        role + " " + port + " at " + offset + " does not lie in an array of " + capacity);
            }
        }
    }
}
