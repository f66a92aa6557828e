package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Value;
import java.util.List;

/**
 * A class to be emitted; it is final.
 *
 * @param javaRelease the oldest Java that it is for, 8 or 17
 * @param sourceFile the file that its line numbers are of
 * @param fields static final fields, assigned by the initializer
 * @param variables static fields that change
 */
public record ClassDefinition(Visibility visibility, ClassType name, ClassType superclass, int javaRelease,
        String sourceFile, List<Value.Global> fields, List<Value.Global> variables, List<MethodDefinition> methods) {
    /** Who may name the class. */
    public enum Visibility {
        PUBLIC, PACKAGE
    }

    public ClassDefinition {
        fields = List.copyOf(fields);
        variables = List.copyOf(variables);
        methods = List.copyOf(methods);
    }
}
