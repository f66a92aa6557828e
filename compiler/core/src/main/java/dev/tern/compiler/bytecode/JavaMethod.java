package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A method of a class of Java that generated code calls.
 *
 * @param parameters without the receiver
 */
public record JavaMethod(Dispatch dispatch, ClassType owner, String name, List<ValueType> parameters,
        ValueType result) {
    /** How it is found. SUPER is a superclass's constructor called on {@code this}. */
    public enum Dispatch {
        STATIC, INTERFACE_STATIC, VIRTUAL, INTERFACE, SUPER;

        /** Whether the first argument is the object whose method is called. */
        boolean received() {
            return switch (this) {
                case STATIC, INTERFACE_STATIC -> false;
                case VIRTUAL, INTERFACE, SUPER -> true;
            };
        }

        boolean ofInterface() {
            return this == INTERFACE || this == INTERFACE_STATIC;
        }
    }

    public JavaMethod {
        parameters = List.copyOf(parameters);
    }

    /** A public method of the Java library or the runtime, found by its parameter types. */
    public static JavaMethod of(Class<?> owner, String name, Class<?>... parameters) {
        try {
            Method method = owner.getMethod(name, parameters);
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            Dispatch dispatch = owner.isInterface()
                    ? isStatic ? Dispatch.INTERFACE_STATIC : Dispatch.INTERFACE
                    : isStatic ? Dispatch.STATIC : Dispatch.VIRTUAL;
            return new JavaMethod(dispatch, ClassType.of(owner), name,
                    Arrays.stream(parameters).map(JvmTypes::of).toList(), JvmTypes.of(method.getReturnType()));
        } catch (NoSuchMethodException e) {
            throw new IllTypedException("no method " + owner.getName() + "." + name + Arrays.toString(parameters));
        }
    }

    /** A method of the objects of a class under construction. */
    public static JavaMethod of(ClassType owner, MethodDefinition method) {
        return new JavaMethod(Dispatch.VIRTUAL, owner, method.name(),
                method.parameters().stream().map(Local::type).toList(), method.result());
    }

    public JvmValue.JavaCall call(Value... arguments) {
        return new JvmValue.JavaCall(this, List.of(arguments));
    }

    String descriptor() {
        return parameters.stream().map(JvmTypes::descriptor).collect(Collectors.joining("", "(", ")"))
                + JvmTypes.descriptor(result);
    }

    void check(List<Value> arguments) {
        boolean receiver = dispatch.received();
        List<ValueType> given = arguments.stream().skip(receiver ? 1 : 0).map(Value::type).toList();
        boolean received = !receiver
                || !arguments.isEmpty() && JvmTypes.reference(arguments.getFirst().type());
        IllTypedException.require(received && assignable(given), "%s.%s%s called with %s", owner, name, parameters,
                given);
    }

    private boolean assignable(List<ValueType> given) {
        if (given.size() != parameters.size()) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            if (!assignable(given.get(i), parameters.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean assignable(ValueType given, ValueType parameter) {
        boolean narrowed = given == ValueType.INT && parameter instanceof ValueType.Primitive p
                && p.loaded() == ValueType.INT;
        return given.equals(parameter) || narrowed
                || JvmTypes.reference(given) && parameter.equals(ClassType.OBJECT)
                || VectorApi.assignable(given, parameter);
    }
}
