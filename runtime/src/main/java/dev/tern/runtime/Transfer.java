package dev.tern.runtime;

import java.lang.reflect.Array;
import java.util.List;

/** Carries one input or output between the caller's array and a session's working memory, checking it on the way. */
final class Transfer {
    private final Signature.Port port;
    private final Element element;
    private final int elements;
    private final int offset;
    /** Which of the session's outside arrays is the port's; -1 for a port in working memory. */
    private final int outside;
    /** An outside port's array where the caller's will not do; made when it is first needed. */
    private float[] staging;

    private Transfer(Signature.Port port, int offset, int outside) {
        this.outside = outside;
        this.port = port;
        this.element = port.element();
        this.elements = port.elements();
        this.offset = offset;
    }

    /** @param firstOutside the number of ports before these that lie outside of working memory */
    static Transfer[] of(List<Signature.Port> ports, List<Integer> offsets, int firstOutside) {
        Transfer[] transfers = new Transfer[ports.size()];
        int outside = firstOutside;
        for (int i = 0; i < transfers.length; i++) {
            boolean isOutside = offsets.get(i) == ArenaPlan.OUTSIDE;
            transfers[i] = new Transfer(ports.get(i), offsets.get(i), isOutside ? outside++ : -1);
        }
        return transfers;
    }

    /** How many of these offsets are of ports outside of working memory. */
    static int outside(List<Integer> offsets) {
        int count = 0;
        for (int offset : offsets) {
            count += offset == ArenaPlan.OUTSIDE ? 1 : 0;
        }
        return count;
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
        if (array instanceof Ring) {
            // Made of the signature, by the stream that keeps it.
            return;
        }
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

    /**
     * Brings the input of inference {@code index} of a batch to where the class reads it.
     *
     * @param direct whether an outside port may be the caller's array itself
     */
    void take(Session session, Object array, int index, boolean direct) {
        int from = index * elements;
        if (array instanceof Ring) {
            takeRing(session, (Ring) array);
            return;
        }
        if (outside >= 0) {
            float[] values = direct ? (float[]) array : staging();
            if (!direct) {
                System.arraycopy(array, from, values, 0, elements);
            }
            session.outside[outside] = values;
            requireFinite(session, values, 0, from);
            return;
        }
        Class<?> component = element.componentType();
        if (component == float.class) {
            takeFloats(session, (float[]) array, from);
        } else if (component == byte.class) {
            System.arraycopy(array, from, session.i8, offset, elements);
        } else {
            takeSteps(session.i32, array, from);
        }
    }

    /** What a stream keeps was computed here, and is finite where its frames are. */
    private void takeRing(Session session, Ring ring) {
        if (outside >= 0) {
            ring.copyTo(staging(), 0);
            session.outside[outside] = staging();
        } else {
            ring.copyTo(session.arena(element), offset);
        }
    }

    private void takeFloats(Session session, float[] values, int from) {
        float[] arena = session.f32;
        // The values are copied before they are looked at: what is checked is what runs.
        System.arraycopy(values, from, arena, offset, elements);
        requireFinite(session, arena, offset, from);
    }

    private void requireFinite(Session session, float[] values, int start, int from) {
        if (session.finite(values, start, start + elements)) {
            return;
        }
        for (int i = start; i < start + elements; i++) {
            // False for a NaN too.
            if (!(Math.abs(values[i]) <= Float.MAX_VALUE)) {
                int index = from + i - start;
                throw new InputException(port.name(), index,
                        "input " + port + " must be finite, element " + index + " is " + values[i]);
            }
        }
    }

    private float[] staging() {
        if (staging == null) {
            staging = new float[elements];
        }
        return staging;
    }

    /** Shows the class where an outside output goes, before it runs. */
    void prepare(Session session, Object array, boolean direct) {
        if (outside >= 0) {
            session.outside[outside] = direct && !(array instanceof Ring) ? (float[]) array : staging();
        }
    }

    private void takeSteps(int[] arena, Object array, int from) {
        for (int i = 0; i < elements; i++) {
            int step = array instanceof Integer ? (Integer) array : ((int[]) array)[from + i];
            if (step < 0 || step >= port.steps()) {
                throw new InputException(port.name(), from + i, "input " + port + " takes 0.."
                        + (port.steps() - 1) + ", element " + (from + i) + " is " + step);
            }
            arena[offset + i] = step;
        }
    }

    /** Copies the output of inference {@code index} of a batch to the caller's array, unless it is there already. */
    void give(Session session, Object array, int index, boolean direct) {
        int to = index * elements;
        if (array instanceof Ring) {
            Object from = outside >= 0 ? staging() : session.arena(element);
            ((Ring) array).add(from, outside >= 0 ? 0 : offset);
            return;
        }
        if (outside >= 0) {
            if (!direct) {
                System.arraycopy(staging, 0, array, to, elements);
            }
            oneNaN(session, (float[]) array, to);
            return;
        }
        Class<?> component = element.componentType();
        if (component == float.class) {
            System.arraycopy(session.f32, offset, array, to, elements);
            oneNaN(session, (float[]) array, to);
        } else {
            System.arraycopy(component == byte.class ? session.i8 : session.i32, offset, array, to, elements);
        }
    }

    /** Processors make NaN of different bits; one form of it leaves a model. */
    private void oneNaN(Session session, float[] values, int from) {
        if (!session.finite(values, from, from + elements)) {
            for (int i = from; i < from + elements; i++) {
                if (Float.isNaN(values[i])) {
                    values[i] = Float.NaN;
                }
            }
        }
    }

    Object newArray(int batch) {
        long length = (long) batch * elements;
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a batch of " + batch + " for " + port);
        }
        return Array.newInstance(element.componentType(), (int) length);
    }
}
