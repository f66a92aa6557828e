package dev.tern.runtime;

import java.lang.reflect.Array;
import java.util.List;

/** Carries one input or output between the caller's array and a session's working memory, checking it on the way. */
final class Transfer {
    private final Signature.Port port;
    private final Element element;
    private final int elements;
    private final int offset;

    private Transfer(Signature.Port port, int offset) {
        this.port = port;
        this.element = port.element();
        this.elements = port.elements();
        this.offset = offset;
    }

    static Transfer[] of(List<Signature.Port> ports, List<Integer> offsets) {
        Transfer[] transfers = new Transfer[ports.size()];
        for (int i = 0; i < transfers.length; i++) {
            transfers[i] = new Transfer(ports.get(i), offsets.get(i));
        }
        return transfers;
    }

    int elements() {
        return elements;
    }

    /** Checks number, types and lengths of the arrays that a caller gave. */
    static void check(String role, Signature signature, Transfer[] transfers, Object[] arrays, int batch) {
        if (arrays == null || arrays.length != transfers.length) {
            throw new InputException("", -1, (arrays == null ? "no" : Integer.toString(arrays.length)) + " " + role
                    + (arrays != null && arrays.length == 1 ? " array" : " arrays") + " for the " + transfers.length
                    + " of " + signature);
        }
        for (int i = 0; i < arrays.length; i++) {
            transfers[i].check(role, arrays[i], batch);
        }
    }

    private void check(String role, Object array, int batch) {
        int length;
        if (array instanceof float[] && element == Element.F32) {
            length = ((float[]) array).length;
        } else if (array instanceof byte[] && (element == Element.U8 || element == Element.I8)) {
            length = ((byte[]) array).length;
        } else if (array instanceof int[] && (element == Element.STEP || element == Element.I32)) {
            length = ((int[]) array).length;
        } else if (array instanceof Integer && element == Element.STEP) {
            length = 1;
        } else {
            String given = array == null ? "null" : array.getClass().getSimpleName();
            throw new InputException(port.name(), -1,
                    role + " " + port + " is passed as " + element.componentType() + "[], given " + given);
        }
        if (length != (long) batch * elements) {
            throw new InputException(port.name(), -1, role + " " + port + " needs " + (long) batch * elements
                    + " elements" + (batch == 1 ? "" : " for a batch of " + batch) + ", given " + length);
        }
    }

    /** Copies the input of inference {@code index} of a batch into working memory. */
    void take(Session session, Object array, int index) {
        int from = index * elements;
        switch (element) {
            case F32 :
                takeFloats(session.f32, (float[]) array, from);
                return;
            case U8 :
            case I8 :
                System.arraycopy(array, from, session.i8, offset, elements);
                return;
            case STEP :
                takeSteps(session.i32, array, from);
                return;
            case I32 :
        }
        throw new AssertionError(port);
    }

    private void takeFloats(float[] arena, float[] values, int from) {
        // The values are copied before they are looked at: what is checked is what runs.
        System.arraycopy(values, from, arena, offset, elements);
        int bad = firstNotFinite(arena, offset, offset + elements);
        if (bad >= 0) {
            int index = from + bad - offset;
            throw new InputException(port.name(), index,
                    "input " + port + " must be finite, element " + index + " is " + arena[bad]);
        }
    }

    private static int firstNotFinite(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            // False for a NaN too.
            if (!(Math.abs(values[i]) <= Float.MAX_VALUE)) {
                return i;
            }
        }
        return -1;
    }

    private void takeSteps(int[] arena, Object array, int from) {
        for (int i = 0; i < elements; i++) {
            int step = array instanceof Integer ? (Integer) array : ((int[]) array)[from + i];
            if (step < 0 || step >= port.steps()) {
                throw new InputException(port.name(), from + i, "input " + port + " takes steps 0.."
                        + (port.steps() - 1) + ", element " + (from + i) + " is " + step);
            }
            arena[offset + i] = step;
        }
    }

    /** Copies the output of inference {@code index} of a batch out of working memory. */
    void give(Session session, Object array, int index) {
        int to = index * elements;
        switch (element) {
            case F32 :
                System.arraycopy(session.f32, offset, array, to, elements);
                return;
            case U8 :
            case I8 :
                System.arraycopy(session.i8, offset, array, to, elements);
                return;
            case I32 :
                System.arraycopy(session.i32, offset, array, to, elements);
                return;
            case STEP :
        }
        throw new AssertionError(port);
    }

    Object newArray(int batch) {
        long length = (long) batch * elements;
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a batch of " + batch + " for " + port);
        }
        return Array.newInstance(element.componentType(), (int) length);
    }
}
