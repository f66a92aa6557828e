package dev.tern.compiler.bytecode;

/** The methods of the Java library that generated arithmetic calls; the JIT compiles most to one instruction. */
public enum JavaMath {
    BIT_COUNT(Long.class, "bitCount", long.class), //
    MAX_INT(Math.class, "max", int.class, int.class), //
    MIN_INT(Math.class, "min", int.class, int.class), //
    MAX_FLOAT(Math.class, "max", float.class, float.class), //
    MIN_FLOAT(Math.class, "min", float.class, float.class), //
    ABS_FLOAT(Math.class, "abs", float.class), //
    RINT(Math.class, "rint", double.class), //
    /** The bits of a float, whatever they are. */
    FLOAT_BITS(Float.class, "floatToRawIntBits", float.class), //
    EXP(StrictMath.class, "exp", double.class), //
    TANH(StrictMath.class, "tanh", double.class);

    private final Callee callee;

    JavaMath(Class<?> owner, String name, Class<?>... parameters) {
        callee = Callee.of(owner, name, parameters);
    }

    public Value of(Value... arguments) {
        return callee.call(arguments);
    }
}
