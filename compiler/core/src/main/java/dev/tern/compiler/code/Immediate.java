package dev.tern.compiler.code;

/** A number that stands in the code. @param literal an Integer, Long, Float or Double */
public record Immediate(Number literal) implements Value {
    public Immediate {
        IllTypedException.require(literal instanceof Integer || literal instanceof Long || literal instanceof Float
                || literal instanceof Double, "%s is no literal", literal);
    }

    @Override
    public ValueType type() {
        return switch (literal) {
            case Integer _ -> ValueType.INT;
            case Long _ -> ValueType.LONG;
            case Float _ -> ValueType.FLOAT;
            default -> ValueType.DOUBLE;
        };
    }

    /** Whether it is an int that is this number. */
    public boolean isInt(int number) {
        return literal instanceof Integer integer && integer == number;
    }
}
