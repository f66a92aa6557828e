package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.ClassDefinition;
import dev.tern.compiler.bytecode.ClassEmitter;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.Constant;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.Weights;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The class of a kernel program: a {@link Session} whose {@code infer} runs the kernels in order. A hidden class
 * finds its weights in its class data, a named one in a resource beside it; they differ in one expression.
 */
public final class ModelClass {
    private static final JvmType.ClassType SESSION = JvmType.ClassType.of(Session.class);
    private static final JvmType.ClassType MODEL = JvmType.ClassType.of(CompiledModel.class);
    /** In nanoseconds. To share a kernel costs one or two microseconds when the other threads are awake. */
    private static final double WORTH_SHARING = 10_000;
    /** Bytes of a cache line, and of the widest vector. */
    private static final long ALIGNMENT = 64;

    private final ClassScope scope;
    private final Value.Field model;

    private final double worthSharing;

    private ModelClass(KernelProgram program, JvmType.ClassType name, double worthSharing) {
        this.worthSharing = worthSharing;
        this.scope = new ClassScope(program, name);
        this.model = new Value.Field(name, "MODEL", MODEL, true);
    }

    /**
     * A class for {@link MethodHandles.Lookup#defineHiddenClassWithClassData} with the {@link Weights} as data.
     *
     * @param packageName of the class that defines it
     */
    public static ClassFile hidden(KernelProgram program, String packageName) {
        return hidden(program, packageName, WORTH_SHARING);
    }

    /** @param worthSharing nanoseconds from which threads share a kernel */
    static ClassFile hidden(KernelProgram program, String packageName, double worthSharing) {
        ModelClass generator = new ModelClass(program, name(packageName, program.name()), worthSharing);
        Value lookup = Callee.of(MethodHandles.class, "lookup").call();
        return generator.emit(
                Callee.of(CompiledModel.class, "ofClassData", MethodHandles.Lookup.class).call(lookup));
    }

    /**
     * A class file that reads its weights from a resource beside it.
     *
     * @param packageName empty for none
     * @param resource the resource's name, relative to the class
     * @param checksum the checksum of the resource's bytes
     */
    public static ClassFile named(KernelProgram program, String packageName, String resource, int checksum) {
        JvmType.ClassType name = name(packageName, program.name());
        ModelClass generator = new ModelClass(program, name, WORTH_SHARING);
        Value lookup = Callee.of(MethodHandles.class, "lookup").call();
        Value stream = Callee.of(Class.class, "getResourceAsStream", String.class).call(new Value.ClassLiteral(name),
                Constant.of(resource));
        return generator.emit(Callee
                .of(CompiledModel.class, "load", MethodHandles.Lookup.class, InputStream.class, String.class, int.class)
                .call(lookup, stream, Constant.of(resource), Value.of(checksum)));
    }

    private static JvmType.ClassType name(String packageName, String simpleName) {
        String path = packageName.replace('.', '/');
        return new JvmType.ClassType(path.isEmpty() ? simpleName : path + "/" + simpleName);
    }

    private ClassFile emit(Value loadedModel) {
        List<ConstantId> constants = IntStream.range(0, scope.program().constants().size())
                .mapToObj(ConstantId::new).toList();
        List<Value.Field> fields = new ArrayList<>(List.of(model));
        constants.forEach(id -> fields.add(scope.field(id)));
        List<MethodDefinition> inference = new InferenceMethods(scope, worthSharing).all();
        scope.wide().forEach(id -> fields.add(scope.wideField(id)));
        scope.segments().forEach(id -> fields.add(scope.segmentField(id)));
        IntStream.range(0, scope.literals().size()).forEach(i -> fields.add(scope.literalField(i)));
        List<MethodDefinition> methods = new ArrayList<>(
                List.of(initializer(loadedModel, constants), constructor(), modelMethod()));
        methods.addAll(inference);
        if (scope.program().target().vector()) {
            methods.add(new FiniteCheck(scope.program().target()).method());
        }
        methods.addAll(scope.methods());
        return ClassEmitter.emit(
                new ClassDefinition(scope.name(), SESSION, sourceFile(), fields, methods));
    }

    /** The name of the model's file without its folders, so that a model compiled elsewhere gives the same bytes. */
    private String sourceFile() {
        String source = scope.program().source();
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    }

    private MethodDefinition initializer(Value loadedModel, List<ConstantId> constants) {
        Block body = new Block(List.of());
        body.store(model, loadedModel);
        Local weights = body.declare("weights", Callee.of(CompiledModel.class, "weights").call(model));
        for (ConstantId id : constants) {
            Value.Field field = scope.field(id);
            String accessor = ((JvmType.ArrayOf) field.type()).element() + "s";
            body.store(field, Callee.of(Weights.class, accessor, int.class).call(weights, Value.of(id.index())));
        }
        for (ConstantId id : scope.wide()) {
            Value.Field field = scope.wideField(id);
            String accessor = field.type().equals(JvmType.FLOATS) ? "bytesAsFloats" : "floatsAsDoubles";
            body.store(field, Callee.of(Weights.class, accessor, int.class).call(weights, Value.of(id.index())));
        }
        Local memory = scope.segments().isEmpty()
                ? null
                : body.declare("memory", Callee.of(Arena.class, "ofAuto").call());
        for (ConstantId id : scope.segments()) {
            body.store(scope.segmentField(id), outsideTheHeap(body, memory, id));
        }
        for (int i = 0; i < scope.literals().size(); i++) {
            Value text = Constant.of(new String(scope.literals().get(i), StandardCharsets.ISO_8859_1));
            Value latin = new Value.Field(JvmType.ClassType.of(StandardCharsets.class), "ISO_8859_1",
                    JvmType.ClassType.of(Charset.class), true);
            body.store(scope.literalField(i), Callee.of(String.class, "getBytes", Charset.class).call(text, latin));
        }
        return new MethodDefinition(Access.INITIALIZER, "initializer", List.of(), JvmType.VOID, body,
                MethodDefinition.INITIALIZER_LIMIT);
    }

    /** A copy of a constant array that begins at a multiple of 64 bytes. */
    private Value outsideTheHeap(Block body, Local memory, ConstantId id) {
        Value.Field array = scope.field(id);
        Value bytes = Value.of(scope.program().constant(id).bytes());
        Class<?> type = array.type().equals(JvmType.LONGS) ? long[].class : byte[].class;
        Local segment = body.declare("segment" + id.index(), Callee
                .of(Arena.class, "allocate", long.class, long.class).call(memory, bytes, Value.of(ALIGNMENT)));
        body.call(Callee
                .of(MemorySegment.class, "copy", MemorySegment.class, long.class, MemorySegment.class, long.class,
                        long.class)
                .call(Callee.of(MemorySegment.class, "ofArray", type).call(array), Value.of(0L), segment, Value.of(0L),
                        bytes));
        return segment;
    }

    private MethodDefinition constructor() {
        Block body = new Block(List.of());
        Callee superclass = new Callee(Callee.Kind.SUPER, SESSION, "Session", List.of(MODEL), JvmType.VOID);
        body.call(superclass.call(new Value.This(scope.name()), model));
        return new MethodDefinition(Access.CONSTRUCTOR, "constructor", List.of(), JvmType.VOID, body,
                MethodDefinition.KERNEL_BUDGET);
    }

    private MethodDefinition modelMethod() {
        Block body = new Block(List.of());
        body.returns(model);
        return new MethodDefinition(Access.PUBLIC_STATIC, "model", List.of(), MODEL, body,
                MethodDefinition.KERNEL_BUDGET);
    }
}
