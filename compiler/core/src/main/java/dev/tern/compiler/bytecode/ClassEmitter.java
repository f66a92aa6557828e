package dev.tern.compiler.bytecode;

import dev.tern.compiler.bytecode.MethodEmitter.Written;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.util.CheckClassAdapter;

/** Writes class files. The same definition gives the same bytes. */
public final class ClassEmitter {
    private ClassEmitter() {
    }

    /**
     * The class file of a definition.
     *
     * @throws MethodBudgetException if a method is larger than its budget
     * @throws ClassLimitException if the class-file format cannot hold the class
     * @throws IllTypedException if a method uses a local where it is not declared, or if two fields have one name or
     *         two methods one name and one descriptor, which a JVM would say only when it loads the class
     */
    public static ClassFile emit(ClassDefinition definition) {
        requireOnce(definition, Stream.concat(definition.fields().stream(), definition.variables().stream())
                .map(field -> "field " + field.name()));
        requireOnce(definition, definition.methods().stream()
                .map(method -> "method " + name(method) + method.descriptor()));
        ClassWriter writer = new Writer(definition);
        writer.visit(version(definition.javaRelease()), access(definition.visibility()) | Opcodes.ACC_FINAL
                | Opcodes.ACC_SUPER,
                definition.name().internalName(), null, definition.superclass().internalName(), null);
        writer.visitSource(definition.sourceFile(), null);
        for (Value.Global field : definition.fields()) {
            writer.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, field.name(), JvmTypes.descriptor(field.type()),
                    null,
                    null).visitEnd();
        }
        for (Value.Global field : definition.variables()) {
            writer.visitField(Opcodes.ACC_STATIC, field.name(), JvmTypes.descriptor(field.type()), null, null)
                    .visitEnd();
        }
        Map<MethodDefinition, Written> written = methods(definition, writer);
        writer.visitEnd();
        byte[] bytes = bytes(definition.name(), writer);
        List<ClassFile.Method> methods = definition.methods().stream()
                .map(method -> measure(definition, method, written.get(method))).toList();
        assert complaints(bytes).isEmpty() : complaints(bytes);
        return new ClassFile(definition, bytes, methods);
    }

    /** Writes the methods, with the fields that they ask for. @return their code */
    private static Map<MethodDefinition, Written> methods(ClassDefinition definition, ClassVisitor writer) {
        VectorClasses classes = new VectorClasses();
        Map<MethodDefinition, Written> written = new IdentityHashMap<>();
        definition.methods().stream().filter(method -> !initializer(method))
                .forEach(method -> written.put(method, method(method, definition.name(), writer, classes)));
        for (Value.Global field : classes.fields()) {
            writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, field.name(),
                    JvmTypes.descriptor(field.type()), null, null).visitEnd();
        }
        // Once the others have said which classes of vectors they ask for.
        List<MethodDefinition> initializers = definition.methods().stream().filter(ClassEmitter::initializer).toList();
        initializers.forEach(method -> written.put(method, method(method, definition.name(), writer, classes)));
        if (initializers.isEmpty() && !classes.fields().isEmpty()) {
            method(new MethodDefinition(MethodDefinition.Access.INITIALIZER,
                    new Routine("initializer", List.of(), new Block(List.of())), MethodDefinition.INITIALIZER_LIMIT),
                    definition.name(), writer, classes);
        }
        return written;
    }

    private static Written method(MethodDefinition method, ClassType owner, ClassVisitor writer,
            VectorClasses classes) {
        MethodVisitor visitor = writer.visitMethod(access(method), name(method), method.descriptor(), null, null);
        return MethodEmitter.emit(method, owner, visitor, classes);
    }

    private static boolean initializer(MethodDefinition method) {
        return method.access() == MethodDefinition.Access.INITIALIZER;
    }

    private static void requireOnce(ClassDefinition definition, Stream<String> members) {
        Set<String> seen = new HashSet<>();
        members.forEach(member -> IllTypedException.require(seen.add(member), "%s has two of %s", definition.name(),
                member));
    }

    private static byte[] bytes(ClassType owner, ClassWriter writer) {
        try {
            return writer.toByteArray();
        } catch (ClassTooLargeException e) {
            throw new ClassLimitException(owner, "would need " + e.getConstantPoolCount()
                    + " constants, a class file holds 65535");
        } catch (MethodTooLargeException e) {
            throw new ClassLimitException(owner, "would need a method of " + e.getCodeSize()
                    + " bytes, a class file holds 65535");
        }
    }

    /** Whether a method is no larger than it may be. @param share of that, at most 1 */
    public static boolean withinBudget(MethodDefinition method, double share, ClassType owner) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        Written written = MethodEmitter.emit(method, owner, size, new VectorClasses());
        return written.working(size.getMaxSize()) <= share * method.budget();
    }

    private static ClassFile.Method measure(ClassDefinition owner, MethodDefinition method, Written written) {
        int size = written.end().getOffset();
        if (written.working(size) > method.budget()) {
            throw new MethodBudgetException(owner, method, size);
        }
        return new ClassFile.Method(method, size);
    }

    private static int version(int javaRelease) {
        return switch (javaRelease) {
            case 8 -> Opcodes.V1_8;
            case 17 -> Opcodes.V17;
            default -> throw new IllTypedException("classes for Java " + javaRelease);
        };
    }

    private static int access(ClassDefinition.Visibility visibility) {
        return switch (visibility) {
            case PUBLIC -> Opcodes.ACC_PUBLIC;
            case PACKAGE -> 0;
        };
    }

    private static int access(MethodDefinition method) {
        return switch (method.access()) {
            case STATIC, INITIALIZER -> Opcodes.ACC_STATIC;
            case SYNCHRONIZED -> Opcodes.ACC_STATIC | Opcodes.ACC_SYNCHRONIZED;
            case PUBLIC_STATIC -> Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
            case PROTECTED -> Opcodes.ACC_PROTECTED;
            case PUBLIC, CONSTRUCTOR -> Opcodes.ACC_PUBLIC;
        };
    }

    private static String name(MethodDefinition method) {
        return switch (method.access()) {
            case INITIALIZER -> "<clinit>";
            case CONSTRUCTOR -> "<init>";
            case STATIC, SYNCHRONIZED, PUBLIC_STATIC, PROTECTED, PUBLIC -> method.name();
        };
    }

    /** What ASM's data flow analysis has against a class; empty when it is sound. Run whenever assertions are on. */
    static String complaints(byte[] bytes) {
        // The analysis loads the types it meets. Where the Vector API's module is absent the class is not run either.
        if (usesVectors(bytes) && ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "";
        }
        StringWriter text = new StringWriter();
        CheckClassAdapter.verify(new ClassReader(bytes), ClassEmitter.class.getClassLoader(), false,
                new PrintWriter(text));
        return text.toString();
    }

    /** Whether the class file names a type of the Vector API. */
    private static boolean usesVectors(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(JvmTypes.VECTORS);
    }

    /** Finds common superclasses without loading a class: generated code joins arrays and unrelated classes only. */
    private static final class Writer extends ClassWriter {
        private final ClassDefinition definition;

        Writer(ClassDefinition definition) {
            super(COMPUTE_FRAMES);
            this.definition = definition;
        }

        @Override
        protected String getCommonSuperClass(String first, String second) {
            String self = definition.name().internalName();
            String parent = definition.superclass().internalName();
            boolean related = first.equals(self) && second.equals(parent)
                    || first.equals(parent) && second.equals(self);
            return first.equals(second) ? first : related ? parent : ClassType.OBJECT.internalName();
        }
    }
}
