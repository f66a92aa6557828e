package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.util.List;

/**
 * A class to be emitted: final, for Java 17.
 *
 * @param sourceFile the file that its line numbers are of
 * @param fields static final fields, assigned by the initializer
 */
public record ClassDefinition(Visibility visibility, ClassType name, ClassType superclass,
        String sourceFile, List<Value.Global> fields, List<MethodDefinition> methods) {
    /** Who may name the class. */
    public enum Visibility {
        PUBLIC, PACKAGE
    }

    public ClassDefinition {
        fields = List.copyOf(fields);
        methods = List.copyOf(methods);
    }
}
