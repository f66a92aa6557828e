package dev.tern.compiler.bytecode;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A method that generated code calls.
 *
 * @param parameters without the receiver
 */
public record Callee(Kind kind, JvmType.ClassType owner, String name, List<JvmType> parameters, JvmType result) {
    /** SUPER is a superclass's constructor called on {@code this}. */
    public enum Kind {
        STATIC, VIRTUAL, SUPER
    }

    public Callee {
        parameters = List.copyOf(parameters);
    }

    /** A public static method of the Java library or the runtime, found by its parameter types. */
    public static Callee of(Class<?> owner, String name, Class<?>... parameters) {
        try {
            Method method = owner.getMethod(name, parameters);
            Kind kind = java.lang.reflect.Modifier.isStatic(method.getModifiers()) ? Kind.STATIC : Kind.VIRTUAL;
            return new Callee(kind, JvmType.ClassType.of(owner), name,
                    Arrays.stream(parameters).map(Callee::type).toList(), type(method.getReturnType()));
        } catch (NoSuchMethodException e) {
            throw new IllTypedException("no method " + owner.getName() + "." + name + Arrays.toString(parameters));
        }
    }

    /** A method of a class under construction. */
    public static Callee of(JvmType.ClassType owner, MethodDefinition method) {
        Kind kind = method.isStatic() ? Kind.STATIC : Kind.VIRTUAL;
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
        boolean receiver = kind == Kind.VIRTUAL || kind == Kind.SUPER;
        List<JvmType> given = arguments.stream().skip(receiver ? 1 : 0).map(Value::type).toList();
        boolean received = !receiver || !arguments.isEmpty()
                && (arguments.getFirst().type() instanceof JvmType.ClassType);
        IllTypedException.require(received && assignable(given), "%s.%s%s called with %s", owner, name, parameters,
                given);
    }

    private boolean assignable(List<JvmType> given) {
        if (given.size() != parameters.size()) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            boolean reference = !(given.get(i) instanceof JvmType.Primitive);
            if (!given.get(i).equals(parameters.get(i)) && !(reference && parameters.get(i).equals(JvmType.OBJECT))) {
                return false;
            }
        }
        return true;
    }

    String render(List<Value> arguments) {
        int skipped = kind == Kind.VIRTUAL || kind == Kind.SUPER ? 1 : 0;
        String head = switch (kind) {
            case STATIC -> owner + "." + name;
            case VIRTUAL -> arguments.getFirst() + "." + name;
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
