package dev.tern.compiler.bytecode;

/** The methods of the Java library that generated arithmetic calls; the JIT compiles most to one instruction. */
public enum JavaMath {
    BIT_COUNT(Long.class, "bitCount", long.class), //
    MAX_INT(Math.class, "max", int.class, int.class), //
    MIN_INT(Math.class, "min", int.class, int.class), //
    MAX_FLOAT(Math.class, "max", float.class, float.class), //
    MIN_FLOAT(Math.class, "min", float.class, float.class), //
    ABS_FLOAT(Math.class, "abs", float.class), //
    MAX_DOUBLE(Math.class, "max", double.class, double.class), //
    MIN_DOUBLE(Math.class, "min", double.class, double.class), //
    ABS_DOUBLE(Math.class, "abs", double.class), //
    RINT(Math.class, "rint", double.class), //
    /** The bits of a float, whatever they are. */
    FLOAT_BITS(Float.class, "floatToRawIntBits", float.class), //
    FLOAT_OF_BITS(Float.class, "intBitsToFloat", int.class), //
    DOUBLE_BITS(Double.class, "doubleToRawLongBits", double.class), //
    DOUBLE_OF_BITS(Double.class, "longBitsToDouble", long.class), //
    /** a * b + c, rounded once. Slow where the machine has no instruction for it, so for vectors alone. */
    FMA(Math.class, "fma", float.class, float.class, float.class), //
    SQRT(Math.class, "sqrt", double.class), //
    EXP(StrictMath.class, "exp", double.class), //
    EXPM1(StrictMath.class, "expm1", double.class), //
    LOG(StrictMath.class, "log", double.class), //
    TANH(StrictMath.class, "tanh", double.class);

    private final Callee callee;

    JavaMath(Class<?> owner, String name, Class<?>... parameters) {
        callee = Callee.of(owner, name, parameters);
    }

    /**
     * The call; with vectors among the arguments the same lane by lane, of what has such a form: MAX, MIN, ABS, SQRT
     * and FMA.
     */
    public Value of(Value... arguments) {
        if (!VectorValue.any(arguments)) {
            return callee.call(arguments);
        }
        return switch (this) {
            case MAX_INT, MAX_FLOAT -> VectorValue.lanewise("max", arguments[0], arguments[1]);
            case MIN_INT, MIN_FLOAT -> VectorValue.lanewise("min", arguments[0], arguments[1]);
            case FMA -> VectorValue.fma(arguments[0], arguments[1], arguments[2]);
            case ABS_FLOAT, ABS_DOUBLE -> VectorValue.lanewise("ABS", arguments[0]);
            case SQRT -> VectorValue.lanewise("SQRT", arguments[0]);
            case BIT_COUNT, MAX_DOUBLE, MIN_DOUBLE, RINT, FLOAT_BITS, FLOAT_OF_BITS, DOUBLE_BITS, DOUBLE_OF_BITS, EXP,
                    EXPM1, LOG,
                    TANH ->
                throw new IllTypedException(this + " of vectors");
        };
    }
}
