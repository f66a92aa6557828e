package dev.tern.compiler.generate;

import dev.tern.runtime.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** Takes the runtime's classes along with a model's, under another package's name. */
final class RuntimeClasses {
    private static final String OWN = Session.class.getPackageName().replace('.', '/') + "/";
    private static final String CLASS = ".class";
    /** What a facade names, and a session's class need not. */
    private static final List<String> FACADE = List.of("Session", "Parallelism", "CompiledModel", "Signature", "Scores",
            "SessionPool");

    private RuntimeClasses() {
    }

    /**
     * The files, naming the runtime's classes in the new package, and with them the runtime's classes that they, the
     * facade and these need.
     *
     * @param files class files and resources by their paths
     * @param newPackage with points
     */
    static Map<String, byte[]> takenAlong(Map<String, byte[]> files, String newPackage) {
        Renaming renaming = new Renaming(newPackage.replace('.', '/') + "/");
        Map<String, byte[]> result = new TreeMap<>();
        files.forEach((path, bytes) -> result.put(path, path.endsWith(CLASS) ? renaming.apply(bytes) : bytes));
        FACADE.forEach(name -> renaming.map(OWN + name));
        Set<String> done = new HashSet<>();
        while (!renaming.needed.isEmpty()) {
            String name = renaming.needed.poll();
            if (done.add(name)) {
                result.put(renaming.target + name.substring(OWN.length()) + CLASS, renaming.apply(bytes(name)));
            }
        }
        return result;
    }

    private static byte[] bytes(String internalName) {
        try (InputStream in = Session.class.getResourceAsStream("/" + internalName + CLASS)) {
            if (in == null) {
                throw new IllegalStateException("no class file of " + internalName);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renames what it meets, and remembers it. */
    private static final class Renaming extends Remapper {
        private final String target;
        private final Deque<String> needed = new ArrayDeque<>();

        Renaming(String target) {
            super(Opcodes.ASM9);
            this.target = target;
        }

        @Override
        public String map(String internalName) {
            if (!internalName.startsWith(OWN)) {
                return internalName;
            }
            needed.add(internalName);
            return target + internalName.substring(OWN.length());
        }

        byte[] apply(byte[] classFile) {
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(classFile).accept(new ClassRemapper(new WithoutVariables(writer), this), 0);
            return writer.toByteArray();
        }
    }

    /** Leaves out what only debuggers read, the names of variables; stack traces keep their lines. */
    private static final class WithoutVariables extends ClassVisitor {
        WithoutVariables(ClassWriter writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9,
                    super.visitMethod(access, name, descriptor, signature, exceptions)) {
                @Override
                public void visitLocalVariable(String variable, String type, String generic, Label start, Label end,
                        int index) {
                }

                @Override
                public void visitParameter(String parameter, int flags) {
                }
            };
        }
    }
}
