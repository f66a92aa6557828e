package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.code.Value;

/**
 * A weight file beside a class.
 *
 * @param name relative to the class: {@code Digits.weights}
 * @param checksum of its bytes
 */
record WeightResource(String name, int checksum) {
    /** Its content as a stream, or null, as the class finds it beside itself. */
    Value stream(ClassType owner) {
        return JavaMethod.of(Class.class, "getResourceAsStream", String.class).call(new JvmValue.ClassLiteral(owner),
                new JvmValue.Text(name));
    }
}
