package dev.tern.compiler.code;

/** An operator on two numbers of one type, as Java defines it; a shift's right side is an int. */
public enum Operator {
    ADD("+"), SUBTRACT("-"), MULTIPLY("*"), DIVIDE("/"), REMAINDER("%"), AND("&"), OR("|"), XOR("^"), SHIFT_LEFT(
            "<<"), SHIFT_RIGHT(">>"), SHIFT_RIGHT_UNSIGNED(">>>");

    private final String symbol;

    Operator(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    boolean shift() {
        return this == SHIFT_LEFT || this == SHIFT_RIGHT || this == SHIFT_RIGHT_UNSIGNED;
    }

    private boolean bitwise() {
        return this == AND || this == OR || this == XOR || shift();
    }

    /** Refuses operands that Java would refuse or convert in silence. */
    void check(ValueType left, ValueType right) {
        boolean numbers = left instanceof ValueType.Primitive l && right instanceof ValueType.Primitive r && l.numeric()
                && (!bitwise() || l.integral()) && (shift() ? r == ValueType.INT : r == l);
        IllTypedException.require(numbers, "%s %s %s", left, symbol, right);
    }

    /** Whether {@code x op constant} is x for every x, bit for bit. */
    boolean neutral(Value right) {
        if (!(right instanceof Immediate constant) || constant.type() == ValueType.FLOAT
                || constant.type() == ValueType.DOUBLE) {
            return false;
        }
        long value = constant.literal().longValue();
        return switch (this) {
            case ADD, SUBTRACT, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> value == 0;
            case MULTIPLY, DIVIDE -> value == 1;
            case REMAINDER, AND -> false;
        };
    }
}
