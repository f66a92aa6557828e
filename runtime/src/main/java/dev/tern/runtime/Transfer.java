package dev.tern.runtime;

import java.lang.reflect.Array;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries one input or output between the caller's array and a session's working memory, checking it on the way; many
 * f32 elements on all threads that the session has.
 */
final class Transfer implements Parts {
    /** Elements of f32 that take some microseconds, more than sharing them costs. */
    private static final int WORTH_SHARING = 16_384;
    private static final int TAKE = 0;
    private static final int GIVE = 1;
    /** What stands for the index of an element where all are finite. */
    private static final int NONE = Integer.MAX_VALUE;

    private final Signature.Port port;
    private final Element element;
    private final int elements;
    private final int offset;
    /** Of the elements that are not finite the first. */
    private final AtomicInteger notFinite = new AtomicInteger();
    /** What is carried at the moment: the session's array, the caller's, and where in it. */
    private float[] arena;
    private float[] values;
    private int start;

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
                takeFloats(session, (float[]) array, from);
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

    private void takeFloats(Session session, float[] given, int from) {
        notFinite.setPlain(NONE);
        carry(session, given, from, TAKE);
        int bad = notFinite.getPlain();
        if (bad != NONE) {
            throw new InputException(port.name(), from + bad,
                    "input " + port + " must be finite, element " + (from + bad) + " is " + session.f32[offset + bad]);
        }
    }

    private void carry(Session session, float[] given, int from, int direction) {
        arena = session.f32;
        values = given;
        start = from;
        if (elements < WORTH_SHARING || !session.shared(this, direction, elements)) {
            run(direction, 0, elements, null);
        }
        values = null;
    }

    @Override
    public void run(int direction, int from, int to, WorkArrays arrays) {
        if (direction == GIVE) {
            System.arraycopy(arena, offset + from, values, start + from, to - from);
            return;
        }
        // The values are copied before they are looked at: what is checked is what runs.
        System.arraycopy(values, start + from, arena, offset + from, to - from);
        if (!finite(arena, offset + from, offset + to)) {
            notFinite.accumulateAndGet(firstNotFinite(arena, offset + from, offset + to) - offset, Math::min);
        }
    }

    /**
     * Whether all values are finite: 0 times such a value is 0, and NaN otherwise. Eight products, so that none waits for
     * the one before; twice as fast as comparing each value.
     */
    private static boolean finite(float[] values, int from, int to) {
        float p0 = 0;
        float p1 = 0;
        float p2 = 0;
        float p3 = 0;
        float p4 = 0;
        float p5 = 0;
        float p6 = 0;
        float p7 = 0;
        int i = from;
        for (; i < to - 7; i += 8) {
            p0 *= values[i];
            p1 *= values[i + 1];
            p2 *= values[i + 2];
            p3 *= values[i + 3];
            p4 *= values[i + 4];
            p5 *= values[i + 5];
            p6 *= values[i + 6];
            p7 *= values[i + 7];
        }
        for (; i < to; i++) {
            p0 *= values[i];
        }
        return p0 + p1 + p2 + p3 + p4 + p5 + p6 + p7 == 0;
    }

    private static int firstNotFinite(float[] values, int from, int to) {
        int i = from;
        while (i < to && Math.abs(values[i]) <= Float.MAX_VALUE) {
            i++;
        }
        return i;
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
                carry(session, (float[]) array, to, GIVE);
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
