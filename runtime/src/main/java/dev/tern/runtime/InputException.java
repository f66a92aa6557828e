package dev.tern.runtime;

/**
 * A session was given something that is no input for its model: a wrong number of arrays, an array of a wrong type or
 * length, or a value that is not finite or out of range. The message names the input, what was expected and what was
 * given.
 */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String port;
    private final int index;

    InputException(String port, int index, String message) {
        super(message);
        this.port = port;
        this.index = index;
    }

    /** The name of the input or output array that is wrong; empty if the number of arrays is. */
    public String port() {
        return port;
    }

    /** The index in its array of the element that is wrong, or -1 if the array itself is. */
    public int index() {
        return index;
    }
}
