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
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.loops.ArenaArray;
import dev.tern.compiler.loops.Generators;
import dev.tern.compiler.loops.KernelArrays;
import dev.tern.compiler.loops.ProgramScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A model as one class for Java 8 that needs nothing but {@code java.lang}: its working memory lies in static arrays of
 * the planned sizes, its weights in the class file, and a static method takes the inputs and fills the outputs:
 *
 * <pre>
 * public static void infer(float[] x, byte[] image, int[] step, float[] y)
 * </pre>
 *
 * Nothing is allocated by it. One inference runs at a time; a call while another runs is refused. It throws
 * {@code IllegalArgumentException} for arrays of other lengths, for inputs that are not finite and for steps out of
 * range, and {@code IllegalStateException} for a call while another runs.
 *
 * <p>A model of a stream keeps its state in ring buffers of its own, and has in the place of {@code infer}
 *
 * <pre>
 * public static void push(float[] frame, float[] y)
 * public static void reset()
 * </pre>
 */
public final class EdgeClass {
    private static final String INFER = "infer";
    private static final String PUSH = "push";
    private static final ClassType ILLEGAL_ARGUMENT = ClassType.of(IllegalArgumentException.class);
    private static final ClassType ILLEGAL_STATE = ClassType.of(IllegalStateException.class);
    private static final ClassType STRING = ClassType.of(String.class);
    /** Kernels in one method: each call comes to 40 bytes at most. */
    private static final int PER_METHOD = 40;
    private static final Value.Global BUSY = new Value.Global("busy", ValueType.INT);

    private final KernelProgram program;
    private final ClassType name;
    private final ProgramScope scope;
    private final EdgeState state;
    private final EdgeConstants constants;
    private final Map<ArenaArray, Value.Global> arena = new EnumMap<>(ArenaArray.class);
    private final List<MethodDefinition> methods = new ArrayList<>();
    private final Routine enter = enter();
    private final Routine leave = leave();

    private EdgeClass(KernelProgram program, ClassType name, EdgeState state) {
        this.program = program;
        this.name = name;
        this.state = state;
        this.scope = new ProgramScope(program,
                (routine, share) -> ClassEmitter.withinBudget(MethodDefinition.kernel(routine), share, name));
        this.constants = new EdgeConstants(program, scope::field);
        for (ArenaArray array : ArenaArray.values()) {
            if (length(array) > 0) {
                arena.put(array, new Value.Global(array.local(), array.type()));
            }
        }
    }

    /**
     * The class of a program whose arena is planned for the target {@code EDGE}.
     *
     * @param className which says nothing against itself
     */
    public static ClassFile of(KernelProgram program, ClassName className) {
        return new EdgeClass(program, ModelClass.name(className.packageName(), className.simpleName()),
                EdgeState.of(program)).emit();
    }

    /** The same, but of a stream's model, too, with a method {@code infer} that takes its state and gives the next. */
    public static ClassFile withoutState(KernelProgram program, ClassName className) {
        return new EdgeClass(program, ModelClass.name(className.packageName(), className.simpleName()),
                EdgeState.NONE).emit();
    }

    private int length(ArenaArray array) {
        return array.work() ? program.workLength(array.bank()) : program.arenaLength(array.bank());
    }

    private ClassFile emit() {
        EdgePorts ports = new EdgePorts(program, arena, state, leave.callee());
        MethodDefinition infer = infer(ports);
        methods.add(new MethodDefinition(Access.SYNCHRONIZED, enter, MethodDefinition.KERNEL_BUDGET));
        methods.add(new MethodDefinition(Access.SYNCHRONIZED, leave, MethodDefinition.KERNEL_BUDGET));
        ports.routines().forEach(routine -> methods.add(MethodDefinition.kernel(routine)));
        scope.routines().forEach(routine -> methods.add(MethodDefinition.kernel(routine)));
        if (!scope.wide().isEmpty() || !scope.rows().isEmpty() || !scope.segments().isEmpty() || !scope.panels()
                .isEmpty()
                || !scope.offsets().isEmpty() || !scope.literals().isEmpty()) {
            throw new IllegalStateException("loops for " + program.target() + " ask for data in forms it has not");
        }
        List<Value.Global> fields = new ArrayList<>(arena.values());
        Block initializer = new Block(List.of());
        arena.forEach((array, field) -> initializer.store(field,
                new JvmValue.NewArray(array.type(), Value.of(length(array)))));
        for (int i = 0; i < program.constants().size(); i++) {
            fields.add(scope.field(new ConstantId(i)));
        }
        constants.assign(initializer);
        methods.addAll(constants.methods());
        if (state.kept()) {
            Routine reset = state.reset(infer.routine().callee(), ports);
            methods.add(new MethodDefinition(Access.PUBLIC_STATIC, reset, MethodDefinition.KERNEL_BUDGET));
            state.declare(initializer, fields);
            initializer.call(reset.callee().call());
        }
        methods.addAll(0, List.of(new MethodDefinition(Access.INITIALIZER,
                new Routine("initializer", List.of(), initializer), MethodDefinition.INITIALIZER_LIMIT), infer));
        return ClassEmitter.emit(new ClassDefinition(Visibility.PUBLIC, name, ClassType.OBJECT,
                program.target().javaRelease(), scope.sourceFile(), fields, state.places(BUSY), methods));
    }

    private MethodDefinition infer(EdgePorts ports) {
        Block body = new Block(ports.parameters());
        ports.check(body);
        body.when(enter.callee().call().not(), busy -> busy.fail(error(ILLEGAL_STATE, new JvmValue.Text(name
                + " runs one inference at a time, and another has not ended"))));
        ports.take(body);
        List<Value> calls = new ArrayList<>();
        for (Kernel kernel : program.kernels()) {
            Callee whole = Generators.write(scope, kernel).whole();
            calls.add(whole.call(KernelArrays.of(program, List.of(), kernel).arena().stream().map(arena::get)
                    .toArray(Value[]::new)));
        }
        for (int level = 0; calls.size() > PER_METHOD; level++) {
            calls = inParts(calls, "$kernels" + level + "_");
        }
        calls.forEach(body::call);
        ports.give(body);
        body.call(leave.callee().call());
        return new MethodDefinition(Access.PUBLIC_STATIC, new Routine(state.kept() ? PUSH : INFER, ports.parameters(),
                body),
                MethodDefinition.HUGE_METHOD_LIMIT);
    }

    /** Some calls at a time, in routines of their own. */
    private List<Value> inParts(List<Value> calls, String prefix) {
        List<Value> parts = new ArrayList<>();
        for (int from = 0; from < calls.size(); from += PER_METHOD) {
            Block body = new Block(List.of());
            calls.subList(from, Math.min(calls.size(), from + PER_METHOD)).forEach(body::call);
            Routine part = new Routine(prefix + parts.size(), List.of(), body);
            methods.add(MethodDefinition.kernel(part));
            parts.add(part.callee().call());
        }
        return parts;
    }

    /** Whether no inference ran; from now on one does. By one thread at a time. */
    private static Routine enter() {
        Block body = new Block(List.of());
        Local idle = body.declare("idle", BUSY.equalTo(Value.of(0)));
        body.store(BUSY, Value.of(1));
        body.returns(idle);
        return new Routine("$enter", List.of(), ValueType.BOOLEAN, body);
    }

    private static Routine leave() {
        Block body = new Block(List.of());
        body.store(BUSY, Value.of(0));
        return new Routine("$leave", List.of(), body);
    }

    /** {@code new Type(message)}. */
    static JvmValue error(ClassType type, Value message) {
        return new JvmValue.NewObject(type, List.of(STRING), List.of(message));
    }

    static JvmValue illegalArgument(Value message) {
        return error(ILLEGAL_ARGUMENT, message);
    }

    /** The text and what follows it. */
    static Value text(String text, Value then) {
        return JavaMethod.of(String.class, "concat", String.class).call(new JvmValue.Text(text), then);
    }

    static Value text(Value text, String then) {
        return JavaMethod.of(String.class, "concat", String.class).call(text, new JvmValue.Text(then));
    }

    static Value text(Value text, Value then) {
        return JavaMethod.of(String.class, "concat", String.class).call(text, then);
    }

    /** An int or a float as text. */
    static Value shown(Value number) {
        return JavaMethod.of(String.class, "valueOf", number.type() == ValueType.INT ? int.class : float.class)
                .call(number);
    }
}
