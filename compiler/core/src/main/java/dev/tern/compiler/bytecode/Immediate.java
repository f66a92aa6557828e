package dev.tern.compiler.bytecode;

/** A literal: Integer, Long, Float, Double or String. */
public record Immediate(JvmType type, Object literal) implements Value {
    public Immediate {
        JvmType actual = switch (literal) {
            case Integer _ -> JvmType.INT;
            case Long _ -> JvmType.LONG;
            case Float _ -> JvmType.FLOAT;
            case Double _ -> JvmType.DOUBLE;
            case String _ -> JvmType.STRING;
            default -> null;
        };
        IllTypedException.require(type.equals(actual), "%s is no literal of type %s", literal, type);
    }

    static Immediate of(int number) {
        return new Immediate(JvmType.INT, number);
    }

    static Immediate of(long number) {
        return new Immediate(JvmType.LONG, number);
    }

    static Immediate of(float number) {
        return new Immediate(JvmType.FLOAT, number);
    }

    static Immediate of(double number) {
        return new Immediate(JvmType.DOUBLE, number);
    }

    /** A string of at most 65,535 bytes in the class file's encoding. */
    public static Immediate of(String text) {
        return new Immediate(JvmType.STRING, text);
    }

    Number number() {
        return (Number) literal;
    }

    @Override
    public String toString() {
        return switch (literal) {
            case Long number -> number + "L";
            case Float number -> Float.isFinite(number) ? number + "f" : special(number, "Float.");
            case Double number -> Double.isFinite(number) ? number.toString() : special(number, "Double.");
            case String text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            default -> literal.toString();
        };
    }

    private static String special(double number, String owner) {
        return owner + (Double.isNaN(number) ? "NaN" : number > 0 ? "POSITIVE_INFINITY" : "NEGATIVE_INFINITY");
    }
}
