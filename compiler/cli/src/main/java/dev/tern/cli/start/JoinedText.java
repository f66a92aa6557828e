package dev.tern.cli.start;

import java.util.List;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What {@link java.lang.invoke.StringConcatFactory#makeConcatWithConstants} makes, written down. */
final class JoinedText {
    private static final String BUILDER = "java/lang/StringBuilder";
    private static final char ARGUMENT = '\u0001';
    private static final char CONSTANT = '\u0002';

    private JoinedText() {
    }

    /** @param recipe the text with a mark for each argument and constant, and the constants */
    static void write(ClassVisitor out, String method, String descriptor, List<Object> recipe) {
        MethodVisitor code = out.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, method,
                descriptor, null, null);
        begin(code);
        Type[] types = Type.getArgumentTypes(descriptor);
        int local = 0;
        int argument = 0;
        int constant = 1;
        StringBuilder text = new StringBuilder();
        for (char c : ((String) recipe.getFirst()).toCharArray()) {
            if (c == ARGUMENT) {
                append(code, text);
                code.visitVarInsn(types[argument].getOpcode(Opcodes.ILOAD), local);
                append(code, types[argument]);
                local += types[argument].getSize();
                argument++;
            } else if (c == CONSTANT) {
                text.append(recipe.get(constant));
                constant++;
            } else {
                text.append(c);
            }
        }
        append(code, text);
        end(code, local);
    }

    /** Makes a builder. */
    static void begin(MethodVisitor code) {
        code.visitCode();
        code.visitTypeInsn(Opcodes.NEW, BUILDER);
        code.visitInsn(Opcodes.DUP);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "()V", false);
    }

    /** Returns its text. */
    static void end(MethodVisitor code, int locals) {
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUILDER, "toString", "()Ljava/lang/String;", false);
        code.visitInsn(Opcodes.ARETURN);
        // A builder and a number of two words.
        code.visitMaxs(3, locals);
        code.visitEnd();
    }

    /** Appends a text, and empties it. */
    static void append(MethodVisitor code, StringBuilder text) {
        if (!text.isEmpty()) {
            code.visitLdcInsn(text.toString());
            append(code, "Ljava/lang/String;");
            text.setLength(0);
        }
    }

    private static void append(MethodVisitor code, String type) {
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(" + type + ")L" + BUILDER + ";", false);
    }

    /** Appends a value of a type. */
    static void append(MethodVisitor code, Type type) {
        append(code, switch (type.getSort()) {
            case Type.BYTE, Type.SHORT -> "I";
            case Type.ARRAY -> "Ljava/lang/Object;";
            case Type.OBJECT -> type.getInternalName().equals("java/lang/String")
                    ? "Ljava/lang/String;"
                    : "Ljava/lang/Object;";
            default -> type.getDescriptor();
        });
    }
}
