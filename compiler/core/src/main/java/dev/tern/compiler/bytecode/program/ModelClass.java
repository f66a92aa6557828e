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
import java.util.stream.IntStream;

/**
 * The class of a kernel program: a {@link Session} whose {@code infer} runs the kernels in order. A hidden class
 * finds its weights in its class data, a named one in a resource beside it. A named one may have vector code beside it
 * as well, and chooses when it is loaded.
 */
public final class ModelClass {
    private static final JvmType.ClassType SESSION = JvmType.ClassType.of(Session.class);
    private static final JvmType.ClassType MODEL = JvmType.ClassType.of(CompiledModel.class);
    /** In nanoseconds. To share a kernel costs one or two microseconds when the other threads are awake. */
    private static final double WORTH_SHARING = 10_000;

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
        return generator.only(
                Callee.of(CompiledModel.class, "ofClassData", MethodHandles.Lookup.class).call(lookup()));
    }

    /** A class file that reads its weights from a resource beside it. */
    static ClassFile named(KernelProgram program, JvmType.ClassType name, WeightResource resource) {
        return new ModelClass(program, name, WORTH_SHARING).only(Callee
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
        List<VectorClass> forms = vectors.stream().map(vector -> new VectorClass(vector.program(),
                VectorClass.name(name, vector.program()), modelOf(name))).toList();
        List<ClassFile> files = new ArrayList<>();
        files.add(new ModelClass(program, name, WORTH_SHARING).choosing(resource, vectors, forms));
        forms.forEach(form -> files.add(form.emit()));
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
        List<MethodDefinition> methods = new ArrayList<>(
                new InferenceMethods(scope, scope.name(), "", worthSharing).all());
        if (scope.program().target().vector()) {
            methods.add(new FiniteCheck(scope.program().target()).method(Access.PROTECTED));
        }
        WeightFields weights = new WeightFields(scope);
        return emit(methods, List.of(), weights, body -> {
            body.store(model, loadedModel);
            weights.assign(body, model);
        });
    }

    /** The class that has vector code beside it. @param forms the classes that hold it */
    private ClassFile choosing(WeightResource resource, List<VectorForm> vectors, List<VectorClass> forms) {
        Value.Field chosen = new Value.Field(scope.name(), "VECTOR_BITS", JvmType.INT, true);
        List<MethodDefinition> portable = new InferenceMethods(scope, scope.name(), "$portable", worthSharing).all();
        List<List<MethodDefinition>> vector = IntStream.range(0, forms.size()).mapToObj(i -> forms.get(i)
                .inference(scope.name(), "$vector" + vectors.get(i).bits(), worthSharing)).toList();
        List<MethodDefinition> methods = new ArrayList<>(portable);
        vector.forEach(methods::addAll);
        methods.add(choosing("infer", chosen, vectors, portable, vector));
        methods.add(choosing("inferPart", chosen, vectors, portable, vector));
        methods.add(finite(chosen, vectors, forms));
        WeightFields weights = new WeightFields(scope);
        int widths = vectors.stream().mapToInt(VectorForm::bits).sum();
        return emit(methods, List.of(chosen), weights, body -> {
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

    /** The method of a session that calls the one of that name of the chosen code, where it has such a one. */
    private MethodDefinition choosing(String name, Value.Field chosen, List<VectorForm> vectors,
            List<MethodDefinition> portable, List<List<MethodDefinition>> vector) {
        List<Local> parameters = name.equals("infer") ? List.of() : InferenceMethods.PART_PARAMETERS;
        Block body = new Block(parameters);
        List<Value> arguments = new ArrayList<>(List.of(new Value.This(scope.name())));
        arguments.addAll(parameters);
        choose(body, chosen, vectors,
                (block, i) -> call(block, vector.get(i), name + "$vector" + vectors.get(i).bits(), arguments),
                block -> call(block, portable, name + "$portable", arguments));
        return new MethodDefinition(Access.PROTECTED, name, parameters, JvmType.VOID, body,
                MethodDefinition.KERNEL_BUDGET);
    }

    private void call(Block block, List<MethodDefinition> methods, String name, List<Value> arguments) {
        methods.stream().filter(method -> method.name().equals(name)).findFirst().ifPresent(method -> block.call(
                Callee.of(scope.name(), method).call(arguments.toArray(Value[]::new))));
    }

    /** The check of inputs by the chosen code. */
    private static MethodDefinition finite(Value.Field chosen, List<VectorForm> vectors, List<VectorClass> emitted) {
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
}
