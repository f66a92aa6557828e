package dev.tern.cli.start;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A class that does what another does, and that a cache of classes takes: of Java 8 where it is of an older Java, and
 * with methods of its own in the place of {@link java.lang.runtime.SwitchBootstraps#typeSwitch}, of what
 * {@link java.lang.runtime.ObjectMethods} makes for records, and of {@link java.lang.invoke.StringConcatFactory}.
 */
final class StartClass extends ClassVisitor {
    private static final String SWITCHES = "java/lang/runtime/SwitchBootstraps";
    private static final String RECORDS = "java/lang/runtime/ObjectMethods";
    private static final String TEXTS = "java/lang/invoke/StringConcatFactory";

    /** What is a method of the class now. @param arguments of the bootstrap method in whose place it is */
    private record Made(String name, String descriptor, List<Object> arguments) {
    }

    private final List<Made> all = new ArrayList<>();
    private String name = "";
    private boolean ofInterface;

    private StartClass(ClassVisitor out) {
        super(Opcodes.ASM9, out);
    }

    static byte[] of(byte[] file) {
        ClassReader reader = new ClassReader(file);
        boolean old = (reader.readShort(6) & 0xffff) < Opcodes.V1_7;
        ClassWriter writer = old ? new Framing() : new ClassWriter(0);
        reader.accept(new StartClass(writer), old ? ClassReader.SKIP_FRAMES : 0);
        return writer.toByteArray();
    }

    @Override
    public void visit(int version, int access, String className, String signature, String superName,
            String[] interfaces) {
        name = className;
        ofInterface = (access & Opcodes.ACC_INTERFACE) != 0;
        super.visit((version & 0xffff) < Opcodes.V1_7 ? Opcodes.V1_8 : version, access, className, signature,
                superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
            String[] exceptions) {
        return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, method, descriptor, signature, exceptions)) {
            @Override
            public void visitInvokeDynamicInsn(String called, String type, Handle bootstrap, Object... labels) {
                if (isMade(called, bootstrap, labels)) {
                    Made made = new Made(called + "$" + all.size(), type, List.of(labels));
                    all.add(made);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, name, made.name, type, ofInterface);
                } else {
                    super.visitInvokeDynamicInsn(called, type, bootstrap, labels);
                }
            }
        };
    }

    /** Switches over types alone, the methods of records, and texts that are joined. */
    private static boolean isMade(String called, Handle bootstrap, Object... arguments) {
        return switch (bootstrap.getOwner()) {
            case SWITCHES -> called.equals("typeSwitch") && Stream.of(arguments).allMatch(Type.class::isInstance);
            case RECORDS -> true;
            case TEXTS -> called.equals("makeConcatWithConstants");
            default -> false;
        };
    }

    @Override
    public void visitEnd() {
        for (Made made : all) {
            List<Object> arguments = made.arguments;
            switch (made.name.substring(0, made.name.indexOf('$'))) {
                case "equals" -> RecordMethods.equality(cv, made.name, name, arguments.subList(2, arguments.size()));
                case "hashCode" -> RecordMethods.hash(cv, made.name, name, arguments.subList(2, arguments.size()));
                case "toString" -> RecordMethods.text(cv, made.name, name, arguments.subList(2, arguments.size()));
                case "makeConcatWithConstants" -> JoinedText.write(cv, made.name, made.descriptor, arguments);
                default -> typeSwitch(made);
            }
        }
        super.visitEnd();
    }

    /** The place of the first label from a given one on that an object is of; their number if there is none. */
    private void typeSwitch(Made made) {
        MethodVisitor code = cv.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                made.name, made.descriptor, null, null);
        code.visitCode();
        Label next = new Label();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitJumpInsn(Opcodes.IFNONNULL, next);
        code.visitInsn(Opcodes.ICONST_M1);
        code.visitInsn(Opcodes.IRETURN);
        for (int i = 0; i < made.arguments.size(); i++) {
            code.visitLabel(next);
            code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            next = new Label();
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitIntInsn(Opcodes.SIPUSH, i);
            code.visitJumpInsn(Opcodes.IF_ICMPGT, next);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitTypeInsn(Opcodes.INSTANCEOF, ((Type) made.arguments.get(i)).getInternalName());
            code.visitJumpInsn(Opcodes.IFEQ, next);
            code.visitIntInsn(Opcodes.SIPUSH, i);
            code.visitInsn(Opcodes.IRETURN);
        }
        code.visitLabel(next);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        code.visitIntInsn(Opcodes.SIPUSH, made.arguments.size());
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(2, 2);
        code.visitEnd();
    }

    /** Writes the frames that class files of Java 5 do not have. */
    private static final class Framing extends ClassWriter {
        Framing() {
            super(COMPUTE_FRAMES);
        }

        /** Of classes that are not there: any reference will do for what is merged where they are missing. */
        @Override
        protected String getCommonSuperClass(String first, String second) {
            try {
                return super.getCommonSuperClass(first, second);
            } catch (TypeNotPresentException absent) {
                return "java/lang/Object";
            }
        }
    }
}
