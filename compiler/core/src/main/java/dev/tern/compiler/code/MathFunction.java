package dev.tern.compiler.code;

import dev.tern.compiler.code.ValueType.Primitive;
import java.util.List;

/** Functions of numbers that languages have in their libraries, each with the bits that Java's has. */
public enum MathFunction {
    /** The number of one-bits. */
    BIT_COUNT_INT(ValueType.INT, ValueType.INT), //
    /** The number of one-bits. */
    BIT_COUNT_LONG(ValueType.INT, ValueType.LONG), //
    MAX_INT(ValueType.INT, ValueType.INT, ValueType.INT), //
    MIN_INT(ValueType.INT, ValueType.INT, ValueType.INT), //
    MAX_FLOAT(ValueType.FLOAT, ValueType.FLOAT, ValueType.FLOAT), //
    MIN_FLOAT(ValueType.FLOAT, ValueType.FLOAT, ValueType.FLOAT), //
    ABS_FLOAT(ValueType.FLOAT, ValueType.FLOAT), //
    MAX_DOUBLE(ValueType.DOUBLE, ValueType.DOUBLE, ValueType.DOUBLE), //
    MIN_DOUBLE(ValueType.DOUBLE, ValueType.DOUBLE, ValueType.DOUBLE), //
    ABS_DOUBLE(ValueType.DOUBLE, ValueType.DOUBLE), //
    /** To an integer, ties to the even one. */
    RINT(ValueType.DOUBLE, ValueType.DOUBLE), //
    /** The bits of a float, whatever they are. */
    FLOAT_BITS(ValueType.INT, ValueType.FLOAT), //
    FLOAT_OF_BITS(ValueType.FLOAT, ValueType.INT), //
    DOUBLE_BITS(ValueType.LONG, ValueType.DOUBLE), //
    DOUBLE_OF_BITS(ValueType.DOUBLE, ValueType.LONG), //
    /** a * b + c, rounded once. Slow where the machine has no instruction for it, so for vectors alone. */
    FMA(ValueType.FLOAT, ValueType.FLOAT, ValueType.FLOAT, ValueType.FLOAT), //
    SQRT(ValueType.DOUBLE, ValueType.DOUBLE), //
    EXP(ValueType.DOUBLE, ValueType.DOUBLE), //
    EXPM1(ValueType.DOUBLE, ValueType.DOUBLE), //
    LOG(ValueType.DOUBLE, ValueType.DOUBLE), //
    TANH(ValueType.DOUBLE, ValueType.DOUBLE);

    private final Primitive result;
    private final List<Primitive> parameters;

    MathFunction(Primitive result, Primitive... parameters) {
        this.result = result;
        this.parameters = List.of(parameters);
    }

    public Primitive result() {
        return result;
    }

    public List<Primitive> parameters() {
        return parameters;
    }

    /** Whether it can be taken lane by lane. */
    boolean hasVectorForm() {
        return switch (this) {
            case MAX_INT, MAX_FLOAT, MIN_INT, MIN_FLOAT, FMA, ABS_FLOAT, ABS_DOUBLE, SQRT -> true;
            case BIT_COUNT_INT, BIT_COUNT_LONG, MAX_DOUBLE, MIN_DOUBLE, RINT, FLOAT_BITS, FLOAT_OF_BITS, DOUBLE_BITS,
                    DOUBLE_OF_BITS, EXP, EXPM1, LOG, TANH ->
                false;
        };
    }

    /**
     * The value of the function; with vectors among the arguments that of each lane, of what has such a form: MAX, MIN,
     * ABS, SQRT and FMA.
     */
    public Value of(Value... arguments) {
        return Vectors.any(arguments) ? Vectors.apply(this, arguments) : new Value.Apply(this, List.of(arguments));
    }
}
