package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Immediate;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Value;

/**
 * A weight file beside a class.
 *
 * @param name relative to the class: {@code Digits.weights}
 * @param checksum of its bytes
 */
record WeightResource(String name, int checksum) {
    /** Its content as a stream, or null, as the class finds it beside itself. */
    Value stream(JvmType.ClassType owner) {
        return Callee.of(Class.class, "getResourceAsStream", String.class).call(new Value.ClassLiteral(owner),
                Immediate.of(name));
    }
}
