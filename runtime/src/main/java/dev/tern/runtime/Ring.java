package dev.tern.runtime;

import java.lang.reflect.Array;

/**
 * A ring buffer of rows, each what a model of a stream keeps of a frame. A session reads all rows from it, the oldest
 * first, and then adds one in the place of the oldest; nothing is moved.
 */
final class Ring {
    private final Object rows;
    private final int length;
    private final int row;
    /** Where the oldest row begins. */
    private int oldest;

    /**
     * @param element of the rows
     * @param length elements of all rows
     * @param row elements of one, which divide them
     */
    Ring(Element element, int length, int row) {
        this.rows = Array.newInstance(element.componentType(), length);
        this.length = length;
        this.row = row;
    }

    /** A ring of the same rows. */
    private Ring(Ring other) {
        this.rows = Array.newInstance(other.rows.getClass().getComponentType(), other.length);
        this.length = other.length;
        this.row = other.row;
        set(other);
    }

    Ring copy() {
        return new Ring(this);
    }

    /** Takes the rows of another ring of the same size. */
    void set(Ring other) {
        System.arraycopy(other.rows, 0, rows, 0, length);
        oldest = other.oldest;
    }

    /** How many rows there are. */
    int count() {
        return length / row;
    }

    /** Copies all rows, the oldest first. */
    void copyTo(Object array, int at) {
        System.arraycopy(rows, oldest, array, at, length - oldest);
        System.arraycopy(rows, 0, array, at + length - oldest, oldest);
    }

    /** Puts a row in the place of the oldest. */
    void add(Object from, int at) {
        System.arraycopy(from, at, rows, oldest, row);
        oldest += row;
        if (oldest == length) {
            oldest = 0;
        }
    }
}
