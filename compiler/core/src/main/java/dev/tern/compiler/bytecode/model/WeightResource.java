package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.runtime.WeightFile;
import java.util.Objects;

/**
 * A weight file beside a class.
 *
 * @param name relative to the class: {@code Digits.weights}
 * @param checksum of its bytes
 */
record WeightResource(String name, int checksum) {
    /**
     * Its content as a stream, or null: from the place that the class came from, else as the class finds it beside
     * itself.
     */
    Local stream(Block body, ClassType owner) {
        JvmValue.ClassLiteral literal = new JvmValue.ClassLiteral(owner);
        JvmValue.Text text = new JvmValue.Text(name);
        Local stream = body.declare("resource",
                JavaMethod.of(WeightFile.class, "beside", Class.class, String.class).call(literal, text));
        body.when(JavaMethod.of(Objects.class, "isNull", Object.class).call(stream), block -> block.assign(stream,
                JavaMethod.of(Class.class, "getResourceAsStream", String.class).call(literal, text)));
        return stream;
    }
}
