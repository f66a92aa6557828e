package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.ValueType;

/** A class or interface as a type. @param internalName with slashes, {@code dev/tern/runtime/Session} */
public record ClassType(String internalName) implements ValueType.Foreign {
    public static final ClassType OBJECT = new ClassType("java/lang/Object");
    static final ClassType STRING = new ClassType("java/lang/String");
    static final ClassType CLASS = new ClassType("java/lang/Class");

    public static ClassType of(Class<?> type) {
        return new ClassType(type.getName().replace('.', '/'));
    }

    /** The name without its package. */
    @Override
    public String toString() {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }
}
