package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.util.List;

/** A value that only the JVM has. */
public sealed interface JvmValue extends Value.Foreign {
    /** A static field of another class. */
    record StaticField(ClassType owner, String name, ValueType type) implements JvmValue {
    }

    /** A field of {@code this}. */
    record ThisField(String name, ValueType type) implements JvmValue {
    }

    /** A call; for anything but a static method the first argument is the receiver. */
    record JavaCall(JavaMethod method, List<Value> arguments) implements JvmValue {
        public JavaCall {
            arguments = List.copyOf(arguments);
            method.check(arguments);
        }

        @Override
        public ValueType type() {
            return method.result();
        }
    }

    /** {@code new Type(arguments)}. @param parameters of the constructor */
    record NewObject(ClassType type, List<ValueType> parameters, List<Value> arguments) implements JvmValue {
        public NewObject {
            parameters = List.copyOf(parameters);
            arguments = List.copyOf(arguments);
            new JavaMethod(JavaMethod.Dispatch.STATIC, type, "<init>", parameters, ValueType.VOID).check(arguments);
        }
    }

    /** {@code new int[length]}. */
    record NewArray(ValueType.ArrayOf type, Value length) implements JvmValue {
    }

    /** {@code (Target) object}. */
    record Cast(ValueType type, Value operand) implements JvmValue {
    }

    /** {@code object == null}. */
    record IsNull(Value operand) implements JvmValue {
        @Override
        public ValueType type() {
            return ValueType.BOOLEAN;
        }
    }

    /** The object whose method this is. */
    record This(ClassType type) implements JvmValue {
    }

    /** {@code Digits.class}. */
    record ClassLiteral(ClassType named) implements JvmValue {
        @Override
        public ValueType type() {
            return ClassType.CLASS;
        }
    }

    /** A string of at most 65,535 bytes in the class file's encoding. */
    record Text(String text) implements JvmValue {
        @Override
        public ValueType type() {
            return ClassType.STRING;
        }
    }
}
