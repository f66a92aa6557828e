package dev.tern.compiler.bytecode;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A method that generated code calls.
 *
 * @param parameters without the receiver
 */
public record Callee(Dispatch kind, JvmType.ClassType owner, String name, List<JvmType> parameters, JvmType result) {
    /** SUPER is a superclass's constructor called on {@code this}. */
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

    public Callee {
        parameters = List.copyOf(parameters);
    }

    /** A public static method of the Java library or the runtime, found by its parameter types. */
    public static Callee of(Class<?> owner, String name, Class<?>... parameters) {
        try {
            Method method = owner.getMethod(name, parameters);
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            Dispatch kind = owner.isInterface()
                    ? isStatic ? Dispatch.INTERFACE_STATIC : Dispatch.INTERFACE
                    : isStatic ? Dispatch.STATIC : Dispatch.VIRTUAL;
            return new Callee(kind, JvmType.ClassType.of(owner), name,
                    Arrays.stream(parameters).map(Callee::type).toList(), type(method.getReturnType()));
        } catch (NoSuchMethodException e) {
            throw new IllTypedException("no method " + owner.getName() + "." + name + Arrays.toString(parameters));
        }
    }

    /** A method of a class under construction. */
    public static Callee of(JvmType.ClassType owner, MethodDefinition method) {
        Dispatch kind = method.isStatic() ? Dispatch.STATIC : Dispatch.VIRTUAL;
        return new Callee(kind, owner, method.name(), method.parameters().stream().map(Local::type).toList(),
                method.result());
    }

    public Value.Call call(Value... arguments) {
        return new Value.Call(this, List.of(arguments));
    }

    String descriptor() {
        return parameters.stream().map(JvmType::descriptor).collect(Collectors.joining("", "(", ")"))
                + result.descriptor();
    }

    void check(List<Value> arguments) {
        boolean receiver = kind.received();
        List<JvmType> given = arguments.stream().skip(receiver ? 1 : 0).map(Value::type).toList();
        boolean received = !receiver || !arguments.isEmpty() && !(arguments.getFirst()
                .type() instanceof JvmType.Primitive);
        IllTypedException.require(received && assignable(given), "%s.%s%s called with %s", owner, name, parameters,
                given);
    }

    private boolean assignable(List<JvmType> given) {
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

    private static boolean assignable(JvmType given, JvmType parameter) {
        boolean reference = !(given instanceof JvmType.Primitive);
        boolean narrowed = given == JvmType.INT && parameter instanceof JvmType.Primitive p && p
                .onStack() == JvmType.INT;
        return given.equals(parameter) || narrowed || reference && parameter.equals(JvmType.OBJECT)
                || VectorValue.assignable(given, parameter);
    }

    String render(List<Value> arguments) {
        int skipped = kind.received() ? 1 : 0;
        String head = switch (kind) {
            case STATIC, INTERFACE_STATIC -> owner + "." + name;
            case VIRTUAL, INTERFACE -> arguments.getFirst() + "." + name;
            case SUPER -> "super";
        };
        return arguments.stream().skip(skipped).map(Value::toString).collect(Collectors.joining(", ", head + "(", ")"));
    }

    private static JvmType type(Class<?> type) {
        if (type.isPrimitive()) {
            return Arrays.stream(JvmType.Primitive.values()).filter(p -> p.toString().equals(type.getName()))
                    .findFirst().orElseThrow(() -> new IllTypedException("no type " + type));
        }
        if (type.isArray()) {
            return new JvmType.ArrayOf((JvmType.Primitive) type(type.getComponentType()));
        }
        return JvmType.ClassType.of(type);
    }
}
