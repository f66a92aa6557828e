package dev.tern.compiler.graph;

/** An exact interval of integers, both ends included. */
public record Interval(long low, long high) {
    public Interval {
        if (low > high) {
            throw new IllegalArgumentException(low + ".." + high);
        }
    }

    public static Interval of(long value) {
        return new Interval(value, value);
    }

    /** The integers an element of this type may be. @throws IllegalArgumentException for f32 */
    public static Interval of(ElementType element) {
        return switch (element) {
            case ElementType.Code code -> new Interval(code.lowest(), code.highest());
            case ElementType.Accumulator accumulator -> new Interval(accumulator.low(), accumulator.high());
            case ElementType.StepIndex step -> new Interval(0, step.count() - 1);
            case ElementType.F32 f32 -> throw new IllegalArgumentException("f32 is no integer");
        };
    }

    /** The smallest interval with every element of a tensor. */
    public static Interval of(Tensor.Integers tensor) {
        long low = tensor.values()[0];
        long high = low;
        for (int value : tensor.values()) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return new Interval(low, high);
    }

    public Interval plus(Interval other) {
        return new Interval(low + other.low, high + other.high);
    }

    public Interval minus(Interval other) {
        return new Interval(low - other.high, high - other.low);
    }

    public Interval times(Interval other) {
        long a = low * other.low;
        long b = low * other.high;
        long c = high * other.low;
        long d = high * other.high;
        return new Interval(Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
    }

    /** The interval of a sum of this many such terms. */
    public Interval times(long count) {
        return times(of(count));
    }

    /** The smallest interval that holds both. */
    public Interval hull(Interval other) {
        return new Interval(Math.min(low, other.low), Math.max(high, other.high));
    }

    public Interval intersect(Interval other) {
        return new Interval(Math.max(low, other.low), Math.min(high, other.high));
    }

    public boolean contains(Interval other) {
        return low <= other.low && other.high <= high;
    }

    /** How many integers it holds. */
    public long size() {
        return high - low + 1;
    }

    public ElementType.Accumulator accumulator() {
        return new ElementType.Accumulator(low, high);
    }
}
