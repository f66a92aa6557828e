package dev.tern.compiler.graph.formula;

/** How a result moves as its operand rises. Rising and falling ones may stand still. */
public enum Direction {
    CONSTANT, RISING, FALLING, UNKNOWN;

    Direction reversed() {
        return switch (this) {
            case RISING -> FALLING;
            case FALLING -> RISING;
            case CONSTANT, UNKNOWN -> this;
        };
    }

    /** That of a function which rises in both of its operands. */
    Direction with(Direction other) {
        return this == CONSTANT || this == other ? other : other == CONSTANT ? this : UNKNOWN;
    }

    /** That of a product with, or a quotient by, a number. */
    Direction scaled(double factor) {
        return Double.doubleToRawLongBits(factor) >= 0 ? this : reversed();
    }
}
