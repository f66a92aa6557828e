package dev.tern.compiler.bytecode.model;

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
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.cost.KernelCosts;
import dev.tern.compiler.loops.ArenaArray;
import dev.tern.compiler.loops.Generators;
import dev.tern.compiler.loops.KernelArrays;
import dev.tern.compiler.loops.KernelRoutines;
import dev.tern.compiler.loops.ProgramScope;
import dev.tern.runtime.Session;
import dev.tern.runtime.WorkArrays;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The methods through which a session runs the kernels: {@code infer}, one after the other, and {@code inferPart}, some
 * units of one of those that are worth sharing among threads. Where kernels are many, each has others that do so for
 * some of them.
 */
final class InferenceMethods {
    private static final ClassType WORK = ClassType.of(WorkArrays.class);
    /** Protected methods of the superclass. */
    private static final JavaMethod SHARE = new JavaMethod(JavaMethod.Dispatch.VIRTUAL, ClassType.of(Session.class),
            "share",
            List.of(ValueType.INT, ValueType.INT), ValueType.BOOLEAN);
    private static final JavaMethod OUTSIDE = new JavaMethod(JavaMethod.Dispatch.VIRTUAL, ClassType.of(Session.class),
            "outside", List.of(ValueType.INT), ValueType.FLOATS);
    /** Kernels in one method: each comes to 50 bytes at most, and the arrays to 200. */
    private static final int PER_METHOD = 20;

    private static final Local KERNEL = Local.parameter("kernel", ValueType.INT);
    private static final Local FROM = Local.parameter("from", ValueType.INT);
    private static final Local TO = Local.parameter("to", ValueType.INT);
    private static final Local ARRAYS = Local.parameter("arrays", WORK);
    /** The parameters of {@code inferPart}. */
    static final List<Local> PART_PARAMETERS = List.of(KERNEL, FROM, TO, ARRAYS);

    private final ClassType name;
    private final ProgramScope scope;
    private final double worthSharing;
    private final List<Branch> shared = new ArrayList<>();
    private final List<MethodDefinition> methods = new ArrayList<>();

    /**
     * @param name of the session's class
     * @param scope what it runs
     * @param worthSharing nanoseconds from which threads share a kernel
     */
    InferenceMethods(ClassType name, ProgramScope scope, double worthSharing) {
        this.name = name;
        this.scope = scope;
        this.worthSharing = worthSharing;
    }

    /** All of them; adds the kernels' own methods to the class. */
    List<MethodDefinition> all() {
        List<KernelCall> steps = scope.program().kernels().stream().map(this::step).toList();
        for (int level = 0; steps.size() > PER_METHOD; level++) {
            steps = inParts(steps, "infer$" + level + "_");
        }
        methods.addFirst(infer("infer", steps));
        if (!shared.isEmpty()) {
            List<Branch> branches = shared;
            for (int level = 0; branches.size() > PER_METHOD; level++) {
                branches = grouped(branches, "inferPart$" + level + "_");
            }
            methods.add(inferPart("inferPart", branches));
        }
        return methods;
    }

    /** Something that an inference does. @param arrays those that it takes */
    private record KernelCall(KernelArrays arrays, Add add) {
        interface Add {
            void to(Block block, Value[] arrays);
        }
    }

    private KernelCall step(Kernel kernel) {
        KernelRoutines kernels = Generators.write(scope, kernel);
        KernelArrays arrays = KernelArrays.of(scope.program(), scope.outside(), kernel);
        if (kernels.part().isEmpty() || KernelCosts.shareable(scope.program(), kernel) < worthSharing) {
            return new KernelCall(arrays, (block, given) -> block.call(kernels.whole().call(given)));
        }
        int number = shared.size();
        shared.add(new Branch(number + 1, block -> block.call(kernels.part().get().call(partArguments(arrays)))));
        Value inParts = SHARE.call(self(), Value.of(number), Value.of(kernels.units()));
        return new KernelCall(arrays, (block, given) -> block.when(inParts.not(),
                alone -> alone.call(kernels.whole().call(given))));
    }

    /** Some steps at a time, as calls of methods that take them. */
    private List<KernelCall> inParts(List<KernelCall> steps, String prefix) {
        List<KernelCall> parts = new ArrayList<>();
        for (int from = 0; from < steps.size(); from += PER_METHOD) {
            MethodDefinition method = infer(prefix + parts.size(),
                    steps.subList(from, Math.min(steps.size(), from + PER_METHOD)));
            methods.add(method);
            parts.add(new KernelCall(KernelArrays.NONE, (block, none) -> block.call(JavaMethod.of(name, method)
                    .call(
                            self()))));
        }
        return parts;
    }

    private MethodDefinition infer(String method, List<KernelCall> steps) {
        Block body = new Block(List.of());
        Map<ArenaArray, Value> arena = new EnumMap<>(ArenaArray.class);
        Map<BufferId, Value> outside = new HashMap<>();
        Value work = new JvmValue.ThisField("work", WORK);
        for (KernelCall step : steps) {
            List<Value> arguments = new ArrayList<>();
            step.arrays.arena().forEach(array -> arguments.add(arena.computeIfAbsent(array,
                    key -> body.declare(key.local(), array(key, work)))));
            step.arrays.outside().forEach(id -> arguments.add(outside.computeIfAbsent(id,
                    key -> body.declare("outside" + number(key), array(key)))));
            step.add.to(body, arguments.toArray(Value[]::new));
        }
        return new MethodDefinition(Access.PROTECTED, new Routine(method, List.of(), body),
                MethodDefinition.KERNEL_BUDGET);
    }

    /**
     * A part of a kernel, or of those kernels that no branch before it takes.
     *
     * @param below the first number that is not its
     */
    private record Branch(int below, Consumer<Block> call) {
    }

    private List<Branch> grouped(List<Branch> branches, String prefix) {
        List<Branch> groups = new ArrayList<>();
        for (int from = 0; from < branches.size(); from += PER_METHOD) {
            List<Branch> group = branches.subList(from, Math.min(branches.size(), from + PER_METHOD));
            MethodDefinition method = inferPart(prefix + groups.size(), group);
            methods.add(method);
            List<Value> arguments = new ArrayList<>(List.of(self()));
            arguments.addAll(method.parameters());
            groups.add(new Branch(group.getLast().below, block -> block.call(
                    JavaMethod.of(name, method).call(arguments.toArray(Value[]::new)))));
        }
        return groups;
    }

    private MethodDefinition inferPart(String method, List<Branch> branches) {
        Block body = new Block(PART_PARAMETERS);
        for (Branch branch : branches) {
            body.when(KERNEL.lessThan(Value.of(branch.below)), block -> {
                branch.call.accept(block);
                block.returns();
            });
        }
        return new MethodDefinition(Access.PROTECTED, new Routine(method, PART_PARAMETERS, body),
                MethodDefinition.KERNEL_BUDGET);
    }

    private Value[] partArguments(KernelArrays arrays) {
        List<Value> arguments = new ArrayList<>();
        arrays.arena().forEach(array -> arguments.add(array(array, ARRAYS)));
        arrays.outside().forEach(id -> arguments.add(array(id)));
        arguments.add(FROM);
        arguments.add(TO);
        return arguments.toArray(Value[]::new);
    }

    /** An array of the session, or of the work arrays at hand. */
    private Value array(ArenaArray array, Value work) {
        return array.work()
                ? JavaMethod.of(WorkArrays.class, array.bank().name().toLowerCase(Locale.ROOT)).call(work)
                : new JvmValue.ThisField(array.local(), array.type());
    }

    /** The caller's array of an input or output outside of the arena. */
    private Value array(BufferId outside) {
        return OUTSIDE.call(self(), Value.of(number(outside)));
    }

    private int number(BufferId outside) {
        return scope.outside().indexOf(outside);
    }

    private Value self() {
        return new JvmValue.This(name);
    }
}
