package dev.tern.compiler.testing.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Loads the compiler's classes, its parser and its class writer a second time, with {@link Work#step} at the entry of
 * each method and before each jump backwards.
 */
final class CountingLoader extends ClassLoader {
    private static final List<String> COUNTED = List.of("dev.tern.compiler.", "dev.tern.grammar.", "org.antlr.v4.",
            "org.objectweb.asm.");

    CountingLoader() {
        super(CountingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            if (name.equals(Work.class.getName()) || COUNTED.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            byte[] counting = counting(name);
            return defineClass(name, counting, 0, counting.length);
        }
    }

    private byte[] counting(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            ClassReader reader = new ClassReader(in);
            ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
            reader.accept(new Counting(writer, name), 0);
            return writer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Counting extends ClassVisitor {
        private final String name;

        Counting(ClassVisitor next, String name) {
            super(Opcodes.ASM9, next);
            this.name = name;
        }

        @Override
        public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
                String[] exceptions) {
            int number = Work.add(name + "." + method);
            return new CountingMethod(super.visitMethod(access, method, descriptor, signature, exceptions), number);
        }
    }

    private static final class CountingMethod extends MethodVisitor {
        private final int number;
        private final Map<Label, Boolean> passed = new HashMap<>();

        CountingMethod(MethodVisitor next, int number) {
            super(Opcodes.ASM9, next);
            this.number = number;
        }

        private void step() {
            visitLdcInsn(number);
            super.visitMethodInsn(Opcodes.INVOKESTATIC, Type.getInternalName(Work.class), "step", "(I)V", false);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            step();
        }

        @Override
        public void visitLabel(Label label) {
            super.visitLabel(label);
            passed.put(label, true);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (passed.containsKey(label)) {
                step();
            }
            super.visitJumpInsn(opcode, label);
        }
    }
}
