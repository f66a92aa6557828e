package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassDefinition;
import dev.tern.compiler.bytecode.ClassDefinition.Visibility;
import dev.tern.compiler.bytecode.ClassEmitter;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.loops.ProgramScope;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.Variant;
import dev.tern.runtime.Weights;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The class of a kernel program: a {@link Session} whose {@code infer} runs the kernels in order. A hidden class finds
 * its weights in its class data, a named one in a resource beside it. A named one of plain loops may have such classes
 * with vector code beside it, to one of which its sessions change over.
 */
public final class ModelClass {
    private static final ClassType SESSION = ClassType.of(Session.class);
    private static final ClassType MODEL = ClassType.of(CompiledModel.class);
    /** In nanoseconds. To share a kernel costs one or two microseconds when the other threads are awake. */
    private static final double WORTH_SHARING = 10_000;

    private final ClassType name;
    private final ProgramScope scope;
    private final Value.Global model;
    private final double worthSharing;

    private ModelClass(KernelProgram program, ClassType name, double worthSharing) {
        this.worthSharing = worthSharing;
        this.name = name;
        this.scope = new ProgramScope(program,
                (routine, share) -> ClassEmitter.withinBudget(MethodDefinition.kernel(routine), share, name));
        this.model = new Value.Global("MODEL", MODEL);
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
        return generator.only(Visibility.PUBLIC,
                _ -> JavaMethod.of(CompiledModel.class, "ofClassData", Session.class, MethodHandles.Lookup.class)
                        .call(another(generator.name), lookup()));
    }

    /**
     * Class files that read their weights from a resource beside them: one of the first program, and if there are
     * others, which are for targets with vectors of different widths, one of each, to one of which the first changes
     * over.
     *
     * @param programs in the order of the resource's forms; the first in plain loops if there are others
     */
    static List<ClassFile> named(List<KernelProgram> programs, ClassType name, WeightResource resource) {
        ModelClass first = new ModelClass(programs.getFirst(), name, WORTH_SHARING);
        if (programs.size() == 1) {
            return List.of(first.only(Visibility.PUBLIC, body -> load(body, name, resource, 0)));
        }
        List<ClassFile> files = new ArrayList<>();
        files.add(first.withVectorCode(resource,
                programs.stream().mapToInt(program -> program.target().vectorBits()).sum()));
        for (int form = 1; form < programs.size(); form++) {
            ClassType vectorName = vectorName(name, programs.get(form).target());
            int number = form;
            files.add(new ModelClass(programs.get(form), vectorName, WORTH_SHARING).only(Visibility.PACKAGE,
                    body -> load(body, vectorName, resource, number)));
        }
        return files;
    }

    /** The name of the class with vector code beside a model's class: {@code Digits$Vector512}. */
    static ClassType vectorName(ClassType modelClass, Target target) {
        return new ClassType(modelClass.internalName() + "$Vector" + target.vectorBits());
    }

    /** The class's name in its package. @param packageName empty for none */
    static ClassType name(String packageName, String simpleName) {
        String path = packageName.replace('.', '/');
        return new ClassType(path.isEmpty() ? simpleName : path + "/" + simpleName);
    }

    /** A session; while the class has no model, one that gives others. */
    private static Value another(ClassType name) {
        return new JvmValue.Cast(SESSION, new JvmValue.NewObject(name, List.of(), List.of()));
    }

    private static Value lookup() {
        return JavaMethod.of(MethodHandles.class, "lookup").call();
    }

    /** @param form which of the resource's */
    private static Value load(Block body, ClassType name, WeightResource resource, int form) {
        Local stream = resource.stream(body, name);
        return JavaMethod
                .of(CompiledModel.class, "load", Session.class, InputStream.class, String.class, int.class, int.class)
                .call(another(name), stream, new JvmValue.Text(resource.name()), Value.of(resource.checksum()),
                        Value.of(form));
    }

    /** The class whose code has one form. */
    private ClassFile only(Visibility visibility, Function<Block, Value> loadedModel) {
        return emit(visibility, (body, weights) -> {
            body.store(model, loadedModel.apply(body));
            weights.assign(body, model);
        });
    }

    /** The class that has vector code beside it. @param widths of the vectors, as their sum */
    private ClassFile withVectorCode(WeightResource resource, int widths) {
        return emit(Visibility.PUBLIC, (body, weights) -> {
            Local variant = body.declare("variant",
                    JavaMethod.of(Variant.class, "ofThisJvm", int.class).call(Value.of(widths)));
            Value bits = JavaMethod.of(Variant.class, "vectorBits").call(variant);
            body.when(Value.of(0).lessThan(bits), block -> {
                // Where the class is in a named module that one has not asked for the Vector API's.
                Value module = JavaMethod.of(Class.class, "getModule").call(new JvmValue.ClassLiteral(name));
                block.call(JavaMethod.of(Module.class, "addReads", Module.class).call(module,
                        JavaMethod.of(Variant.class, "vectorModule").call()));
            });
            Local stream = resource.stream(body, name);
            body.store(model, JavaMethod
                    .of(CompiledModel.class, "load", Session.class, MethodHandles.Lookup.class, Variant.class,
                            InputStream.class, String.class, int.class)
                    .call(another(name), lookup(), variant, stream, new JvmValue.Text(resource.name()),
                            Value.of(resource.checksum())));
            weights.assign(body, model);
        });
    }

    private ClassFile emit(Visibility visibility, BiConsumer<Block, WeightFields> initialize) {
        List<MethodDefinition> methods = new ArrayList<>(new InferenceMethods(name, scope, worthSharing).all());
        if (scope.program().target().vector()) {
            methods.add(new FiniteCheck(scope.program().target()).method());
        } else {
            PlainFiniteCheck.of(scope.program()).ifPresent(check -> methods.add(check.method()));
        }
        WeightFields weights = new WeightFields(scope);
        List<Value.Global> fields = new ArrayList<>(List.of(model));
        fields.addAll(weights.fields());
        Block initializer = new Block(List.of());
        initialize.accept(initializer, weights);
        methods.addAll(0, List.of(
                new MethodDefinition(Access.INITIALIZER, new Routine("initializer", List.of(), initializer),
                        MethodDefinition.INITIALIZER_LIMIT),
                constructor(), modelMethod(), anotherMethod()));
        scope.routines().stream().map(MethodDefinition::kernel).forEach(methods::add);
        return ClassEmitter.emit(new ClassDefinition(visibility, name, SESSION, scope.program().target().javaRelease(),
                scope.sourceFile(), fields, List.of(), methods));
    }

    private MethodDefinition constructor() {
        Block body = new Block(List.of());
        JavaMethod superclass = new JavaMethod(JavaMethod.Dispatch.SUPER, SESSION, "Session", List.of(MODEL),
                ValueType.VOID);
        body.call(superclass.call(new JvmValue.This(name), model));
        return new MethodDefinition(Access.CONSTRUCTOR, new Routine("constructor", List.of(), body),
                MethodDefinition.KERNEL_BUDGET);
    }

    private MethodDefinition modelMethod() {
        Block body = new Block(List.of());
        body.returns(model);
        return new MethodDefinition(Access.PUBLIC_STATIC, new Routine("model", List.of(), MODEL, body),
                MethodDefinition.KERNEL_BUDGET);
    }

    private MethodDefinition anotherMethod() {
        Block body = new Block(List.of());
        body.returns(another(name));
        return new MethodDefinition(Access.PROTECTED, new Routine("another", List.of(), SESSION, body),
                MethodDefinition.KERNEL_BUDGET);
    }
}
