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
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.Variant;
import dev.tern.runtime.Weights;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * The class of a kernel program: a {@link Session} whose {@code infer} runs the kernels in order. A hidden class
 * finds its weights in its class data, a named one in a resource beside it. A named one may have vector code beside it
 * as well, and chooses when it is loaded.
 */
public final class ModelClass {
    private static final JvmType.ClassType SESSION = JvmType.ClassType.of(Session.class);
    private static final JvmType.ClassType MODEL = JvmType.ClassType.of(CompiledModel.class);

    private final ClassScope scope;
    private final Value.Field model;

    private ModelClass(KernelProgram program, JvmType.ClassType name) {
        this.scope = new ClassScope(program, name);
        this.model = new Value.Field(name, "MODEL", MODEL, true);
    }

    /**
     * A class for {@link MethodHandles.Lookup#defineHiddenClassWithClassData} with the {@link Weights} as data.
     *
     * @param packageName of the class that defines it
     */
    public static ClassFile hidden(KernelProgram program, String packageName) {
        ModelClass generator = new ModelClass(program, name(packageName, program.name()));
        return generator.only(
                Callee.of(CompiledModel.class, "ofClassData", MethodHandles.Lookup.class).call(lookup()));
    }

    /** A class file that reads its weights from a resource beside it. */
    static ClassFile named(KernelProgram program, JvmType.ClassType name, WeightResource resource) {
        return new ModelClass(program, name).only(Callee
                .of(CompiledModel.class, "load", MethodHandles.Lookup.class, InputStream.class, String.class, int.class)
                .call(lookup(), resource.stream(name), Constant.of(resource.name()), Value.of(resource.checksum())));
    }

    /**
     * A class file, and one with vector code for each width, of all which it runs one.
     *
     * @param program in plain loops
     * @return its own first
     */
    static List<ClassFile> named(KernelProgram program, JvmType.ClassType name, WeightResource resource,
            List<VectorForm> vectors) {
        List<VectorClass.Emitted> emitted = vectors.stream().map(vector -> new VectorClass(vector.program(),
                VectorClass.name(name, vector.program()), modelOf(name)).emit()).toList();
        List<ClassFile> files = new ArrayList<>();
        files.add(new ModelClass(program, name).choosing(resource, vectors, emitted));
        emitted.forEach(vector -> files.add(vector.file()));
        return files;
    }

    /** A program for a target with vectors, and its weights beside the class. */
    record VectorForm(KernelProgram program, WeightResource resource) {
        int bits() {
            return program.target().vectorBits();
        }
    }

    /** The class's name in its package. @param packageName empty for none */
    static JvmType.ClassType name(String packageName, String simpleName) {
        String path = packageName.replace('.', '/');
        return new JvmType.ClassType(path.isEmpty() ? simpleName : path + "/" + simpleName);
    }

    private static Value lookup() {
        return Callee.of(MethodHandles.class, "lookup").call();
    }

    private static Callee modelOf(JvmType.ClassType name) {
        return new Callee(Callee.Kind.STATIC, name, "model", List.of(), MODEL);
    }

    /** The class whose code has one form. */
    private ClassFile only(Value loadedModel) {
        List<MethodDefinition> methods = new ArrayList<>();
        methods.add(infer(body -> new KernelCalls(scope).addTo(body, arrays(body, scope.program()))));
        if (scope.program().target().vector()) {
            methods.add(new FiniteCheck(scope.program().target()).method(Access.PROTECTED));
        }
        WeightFields weights = new WeightFields(scope);
        return emit(methods, List.of(), weights, body -> {
            body.store(model, loadedModel);
            weights.assign(body, model);
        });
    }

    /** The class that has vector code beside it. @param emitted the vector forms' classes */
    private ClassFile choosing(WeightResource resource, List<VectorForm> vectors, List<VectorClass.Emitted> emitted) {
        Value.Field chosen = new Value.Field(scope.name(), "VECTOR_BITS", JvmType.INT, true);
        Callee portable = new KernelCalls(scope).method("infer$portable");
        MethodDefinition infer = infer(body -> choose(body, chosen, vectors, (block, i) -> block.call(emitted.get(i)
                .run().call(arrays(block, vectors.get(i).program()).toArray(Value[]::new))), block -> block.call(
                        portable.call(arrays(block, scope.program()).toArray(Value[]::new)))));
        WeightFields weights = new WeightFields(scope);
        int widths = vectors.stream().mapToInt(VectorForm::bits).sum();
        return emit(List.of(infer, finite(chosen, vectors, emitted)), List.of(chosen), weights, body -> {
            Local variant = body.declare("variant",
                    Callee.of(Variant.class, "ofThisJvm", int.class).call(Value.of(widths)));
            Local bits = body.declare("bits", Callee.of(Variant.class, "vectorBits").call(variant));
            choose(body, bits, vectors, (block, i) -> {
                // Where the class is in a named module that one has not asked for the Vector API's.
                Value module = Callee.of(Class.class, "getModule").call(new Value.ClassLiteral(scope.name()));
                block.call(Callee.of(Module.class, "addReads", Module.class).call(module,
                        Callee.of(Variant.class, "vectorModule").call()));
                block.store(model, load(variant, vectors.get(i).resource()));
            }, block -> {
                block.store(model, load(variant, resource));
                weights.assign(block, model);
            });
            body.store(chosen, bits);
        });
    }

    /** One block for each vector form by its width, and one for plain loops. */
    private static void choose(Block body, Value bits, List<VectorForm> vectors, ObjIntConsumer<Block> vector,
            Consumer<Block> portable) {
        Consumer<Block> chain = portable;
        for (int i = vectors.size() - 1; i >= 0; i--) {
            int form = i;
            Consumer<Block> otherwise = chain;
            chain = block -> block.when(bits.equalTo(Value.of(vectors.get(form).bits())),
                    then -> vector.accept(then, form), otherwise);
        }
        chain.accept(body);
    }

    /** The check of inputs by the chosen code. */
    private static MethodDefinition finite(Value.Field chosen, List<VectorForm> vectors,
            List<VectorClass.Emitted> emitted) {
        List<Local> parameters = List.of(Local.parameter("values", JvmType.FLOATS), Local.parameter("from",
                JvmType.INT), Local.parameter("to", JvmType.INT));
        Value[] arguments = parameters.toArray(Value[]::new);
        Block body = new Block(parameters);
        Callee plain = new Callee(Callee.Kind.STATIC, SESSION, "finiteOneByOne", parameters.stream().map(Local::type)
                .toList(), JvmType.BOOLEAN);
        choose(body, chosen, vectors, (block, i) -> block.returns(emitted.get(i).finite().call(arguments)),
                block -> block.returns(plain.call(arguments)));
        return new MethodDefinition(Access.PROTECTED, "finite", parameters, JvmType.BOOLEAN, body,
                MethodDefinition.KERNEL_BUDGET);
    }

    private Value load(Local variant, WeightResource resource) {
        return Callee
                .of(CompiledModel.class, "load", MethodHandles.Lookup.class, Variant.class, InputStream.class,
                        String.class, int.class)
                .call(lookup(), variant, resource.stream(scope.name()), Constant.of(resource.name()),
                        Value.of(resource.checksum()));
    }

    private ClassFile emit(List<MethodDefinition> overrides, List<Value.Field> more, WeightFields weights,
            Consumer<Block> initialize) {
        List<Value.Field> fields = new ArrayList<>(List.of(model));
        fields.addAll(more);
        fields.addAll(weights.fields());
        Block initializer = new Block(List.of());
        initialize.accept(initializer);
        List<MethodDefinition> methods = new ArrayList<>(List.of(
                new MethodDefinition(Access.INITIALIZER, "initializer", List.of(), JvmType.VOID, initializer,
                        MethodDefinition.INITIALIZER_LIMIT),
                constructor(), modelMethod()));
        methods.addAll(overrides);
        methods.addAll(scope.methods());
        return ClassEmitter.emit(new ClassDefinition(ClassDefinition.Visibility.PUBLIC, scope.name(), SESSION,
                scope.sourceFile(), fields, methods));
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

    private MethodDefinition infer(Consumer<Block> inference) {
        Block body = new Block(List.of());
        inference.accept(body);
        return new MethodDefinition(Access.PROTECTED, "infer", List.of(), JvmType.VOID, body,
                MethodDefinition.KERNEL_BUDGET);
    }

    /** The arrays that a program's kernels take: the arena's, and those of inputs and outputs that lie outside it. */
    private List<Value> arrays(Block body, KernelProgram program) {
        List<Value> arrays = new ArrayList<>(List.of(arena(body, "f32", JvmType.FLOATS), arena(body, "i32",
                JvmType.INTS), arena(body, "i64", JvmType.LONGS), arena(body, "i8", JvmType.BYTES)));
        Callee outside = new Callee(Callee.Kind.VIRTUAL, SESSION, "outside", List.of(JvmType.INT), JvmType.FLOATS);
        for (int i = 0; i < program.outside().size(); i++) {
            arrays.add(body.declare("outside" + i, outside.call(new Value.This(scope.name()), Value.of(i))));
        }
        return arrays;
    }

    private Value arena(Block body, String name, JvmType type) {
        return body.declare(name, new Value.Field(scope.name(), name, type, false));
    }
}
