package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.Operation.ActivationFunction;

/** Functions of one f32 value. */
final class Activations {
    private Activations() {
    }

    /** @param value something that may be written down twice */
    static Value of(ActivationFunction function, Value value) {
        if (function == ActivationFunction.RELU) {
            return JavaMath.MAX_FLOAT.of(value, Value.of(0f));
        }
        Value x = value.to(JvmType.DOUBLE);
        return switch (function) {
            case RELU -> throw new AssertionError(function);
            case SIGMOID -> Value.of(1d).dividedBy(onePlusExp(x)).to(JvmType.FLOAT);
            case TANH -> JavaMath.TANH.of(x).to(JvmType.FLOAT);
            case SILU -> x.dividedBy(onePlusExp(x)).to(JvmType.FLOAT);
            case GELU -> {
                Value inner = x.plus(Value.of(0.044715).times(x.times(x).times(x)));
                Value tanh = JavaMath.TANH.of(Value.of(Math.sqrt(2 / Math.PI)).times(inner));
                yield Value.of(0.5).times(x).times(Value.of(1d).plus(tanh)).to(JvmType.FLOAT);
            }
        };
    }

    private static Value onePlusExp(Value x) {
        return Value.of(1d).plus(JavaMath.EXP.of(x.negated()));
    }

    static Value clip(Value value, float low, float high) {
        return value.lessThan(Value.of(low)).choose(Value.of(low),
                value.greaterThan(Value.of(high)).choose(Value.of(high), value));
    }
}
