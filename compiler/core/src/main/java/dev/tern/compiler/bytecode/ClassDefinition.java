package dev.tern.compiler.bytecode;

import java.util.List;

/**
 * A class to be emitted: final, for Java 17.
 *
 * @param sourceFile the file that its line numbers are of
 * @param fields static final fields, assigned by the initializer
 */
public record ClassDefinition(Visibility visibility, JvmType.ClassType name, JvmType.ClassType superclass,
        String sourceFile,
        List<Value.Field> fields, List<MethodDefinition> methods) {
    /** Who may name the class. */
    public enum Visibility {
        PUBLIC, PACKAGE
    }

    public ClassDefinition {
        fields = List.copyOf(fields);
        methods = List.copyOf(methods);
        fields.forEach(field -> IllTypedException.require(field.isStatic() && field.owner().equals(name),
                "field %s of class %s", field, name));
    }
}
