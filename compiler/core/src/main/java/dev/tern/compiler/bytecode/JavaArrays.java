package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Instruction;

/** What Java's library does with arrays. */
final class JavaArrays {
    private static final JavaMethod COPY = JavaMethod.of(System.class, "arraycopy", Object.class, int.class,
            Object.class, int.class, int.class);

    private JavaArrays() {
    }

    static JvmValue.JavaCall of(Instruction.Copy copy) {
        return COPY.call(copy.from().array(), copy.from().index(), copy.to().array(), copy.to().index(), copy
                .count());
    }
}
