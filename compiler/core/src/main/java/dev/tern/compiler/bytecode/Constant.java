package dev.tern.compiler.bytecode;

/** A literal: Integer, Long, Float, Double or String. */
public record Constant(JvmType type, Object literal) implements Value {
    public Constant {
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

    static Constant of(int number) {
        return new Constant(JvmType.INT, number);
    }

    static Constant of(long number) {
        return new Constant(JvmType.LONG, number);
    }

    static Constant of(float number) {
        return new Constant(JvmType.FLOAT, number);
    }

    static Constant of(double number) {
        return new Constant(JvmType.DOUBLE, number);
    }

    /** A string of at most 65,535 bytes in the class file's encoding. */
    public static Constant of(String text) {
        return new Constant(JvmType.STRING, text);
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
