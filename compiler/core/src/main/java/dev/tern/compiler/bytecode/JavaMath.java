package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The methods of the Java library that are functions of numbers; the JIT compiles most to one instruction. */
final class JavaMath {
    private static final Map<MathFunction, JavaMethod> METHODS = new EnumMap<>(MathFunction.class);

    static {
        for (MathFunction function : MathFunction.values()) {
            METHODS.put(function, method(function));
        }
    }

    private JavaMath() {
    }

    static JvmValue.JavaCall call(MathFunction function, List<Value> arguments) {
        return new JvmValue.JavaCall(METHODS.get(function), arguments);
    }

    private static JavaMethod method(MathFunction function) {
        return switch (function) {
            case BIT_COUNT_INT -> JavaMethod.of(Integer.class, "bitCount", int.class);
            case BIT_COUNT_LONG -> JavaMethod.of(Long.class, "bitCount", long.class);
            case MAX_INT -> JavaMethod.of(Math.class, "max", int.class, int.class);
            case MIN_INT -> JavaMethod.of(Math.class, "min", int.class, int.class);
            case MAX_FLOAT -> JavaMethod.of(Math.class, "max", float.class, float.class);
            case MIN_FLOAT -> JavaMethod.of(Math.class, "min", float.class, float.class);
            case ABS_FLOAT -> JavaMethod.of(Math.class, "abs", float.class);
            case MAX_DOUBLE -> JavaMethod.of(Math.class, "max", double.class, double.class);
            case MIN_DOUBLE -> JavaMethod.of(Math.class, "min", double.class, double.class);
            case ABS_DOUBLE -> JavaMethod.of(Math.class, "abs", double.class);
            case RINT -> JavaMethod.of(Math.class, "rint", double.class);
            case FLOAT_BITS -> JavaMethod.of(Float.class, "floatToRawIntBits", float.class);
            case FLOAT_OF_BITS -> JavaMethod.of(Float.class, "intBitsToFloat", int.class);
            case DOUBLE_BITS -> JavaMethod.of(Double.class, "doubleToRawLongBits", double.class);
            case DOUBLE_OF_BITS -> JavaMethod.of(Double.class, "longBitsToDouble", long.class);
            case FMA -> JavaMethod.of(Math.class, "fma", float.class, float.class, float.class);
            case SQRT -> JavaMethod.of(Math.class, "sqrt", double.class);
            case EXP -> JavaMethod.of(StrictMath.class, "exp", double.class);
            case EXPM1 -> JavaMethod.of(StrictMath.class, "expm1", double.class);
            case LOG -> JavaMethod.of(StrictMath.class, "log", double.class);
            case TANH -> JavaMethod.of(StrictMath.class, "tanh", double.class);
        };
    }
}
