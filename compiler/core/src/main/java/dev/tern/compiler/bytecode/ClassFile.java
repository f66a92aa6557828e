package dev.tern.compiler.bytecode;

import java.util.List;

/**
 * An emitted class.
 *
 * @param bytes the class file; the same for the same definition
 * @param methods in the order of the definition
 */
public record ClassFile(ClassDefinition definition, byte[] bytes, List<Method> methods) {
    /** @param size bytes of bytecode */
    public record Method(MethodDefinition definition, int size) {
    }

    public ClassFile {
        methods = List.copyOf(methods);
    }

    /** The class as readable Java-like text, each method with its size. */
    public String listing() {
        return new JavaListing(this).text();
    }
}
