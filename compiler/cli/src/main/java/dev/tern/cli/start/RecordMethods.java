package dev.tern.cli.start;

import java.util.List;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The methods that {@link java.lang.runtime.ObjectMethods} makes for a record, written down. */
final class RecordMethods {
    private static final int FACTOR = 31;

    private RecordMethods() {
    }

    /**
     * Writes what says whether an object is a record of the class with equal components: numbers as their wrapper types
     * compare them.
     *
     * @param getters of the components
     */
    static void equality(ClassVisitor out, String method, String record, List<Object> getters) {
        MethodVisitor code = begin(out, method, "(L" + record + ";Ljava/lang/Object;)Z");
        Label differs = new Label();
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitTypeInsn(Opcodes.INSTANCEOF, record);
        code.visitJumpInsn(Opcodes.IFEQ, differs);
        for (Object getter : getters) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            Type type = get(code, record, getter);
            code.visitVarInsn(Opcodes.ALOAD, 1);
            code.visitTypeInsn(Opcodes.CHECKCAST, record);
            get(code, record, getter);
            if (isReference(type)) {
                code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/util/Objects", "equals",
                        "(Ljava/lang/Object;Ljava/lang/Object;)Z", false);
                code.visitJumpInsn(Opcodes.IFEQ, differs);
            } else {
                code.visitMethodInsn(Opcodes.INVOKESTATIC, wrapper(type), "compare",
                        "(" + type.getDescriptor() + type.getDescriptor() + ")I", false);
                code.visitJumpInsn(Opcodes.IFNE, differs);
            }
        }
        code.visitInsn(Opcodes.ICONST_1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitLabel(differs);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.IRETURN);
        end(code);
    }

    /** Writes the sum of the components' hash codes, each time 31 of what was before. */
    static void hash(ClassVisitor out, String method, String record, List<Object> getters) {
        MethodVisitor code = begin(out, method, "(L" + record + ";)I");
        code.visitInsn(Opcodes.ICONST_0);
        for (Object getter : getters) {
            code.visitIntInsn(Opcodes.BIPUSH, FACTOR);
            code.visitInsn(Opcodes.IMUL);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            Type type = get(code, record, getter);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, isReference(type) ? "java/util/Objects" : wrapper(type),
                    "hashCode", isReference(type) ? "(Ljava/lang/Object;)I" : "(" + type.getDescriptor() + ")I",
                    false);
            code.visitInsn(Opcodes.IADD);
        }
        code.visitInsn(Opcodes.IRETURN);
        end(code);
    }

    /** Writes {@code Name[component=value, ...]}. */
    static void text(ClassVisitor out, String method, String record, List<Object> getters) {
        MethodVisitor code = out.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, method,
                "(L" + record + ";)Ljava/lang/String;", null, null);
        JoinedText.begin(code);
        // Of nested ones what follows the last part; of local ones without its number.
        StringBuilder text = new StringBuilder(record.replaceFirst("^.*[/$]\\d*", "")).append('[');
        for (int i = 0; i < getters.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(((Handle) getters.get(i)).getName()).append('=');
            JoinedText.append(code, text);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            JoinedText.append(code, get(code, record, getters.get(i)));
        }
        JoinedText.append(code, text.append(']'));
        JoinedText.end(code, 1);
    }

    private static MethodVisitor begin(ClassVisitor out, String method, String descriptor) {
        MethodVisitor code = out.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, method,
                descriptor, null, null);
        code.visitCode();
        return code;
    }

    private static void end(MethodVisitor code) {
        // Two operands of two words, or a sum beside one.
        code.visitMaxs(4, 2);
        code.visitEnd();
    }

    private static Type get(MethodVisitor code, String record, Object getter) {
        Handle field = (Handle) getter;
        code.visitFieldInsn(Opcodes.GETFIELD, record, field.getName(), field.getDesc());
        return Type.getType(field.getDesc());
    }

    private static boolean isReference(Type type) {
        return type.getSort() >= Type.ARRAY;
    }

    private static String wrapper(Type type) {
        return "java/lang/" + switch (type.getSort()) {
            case Type.BOOLEAN -> "Boolean";
            case Type.CHAR -> "Character";
            case Type.BYTE -> "Byte";
            case Type.SHORT -> "Short";
            case Type.INT -> "Integer";
            case Type.LONG -> "Long";
            case Type.FLOAT -> "Float";
            default -> "Double";
        };
    }
}
