package dev.tern.compiler.graph;

/** Names a value of one graph; never reused within it. */
public record ValueId(int index) implements Comparable<ValueId> {
    @Override
    public int compareTo(ValueId other) {
        return Integer.compare(index, other.index);
    }

    /** {@code %7}. */
    @Override
    public String toString() {
        return "%" + index;
    }
}
