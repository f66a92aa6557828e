package dev.tern.compiler.bytecode.model;

import static dev.tern.compiler.bytecode.model.EdgeClass.illegalArgument;
import static dev.tern.compiler.bytecode.model.EdgeClass.shown;
import static dev.tern.compiler.bytecode.model.EdgeClass.text;

import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.loops.ArenaArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How inputs come into the arena of a class of static arrays, and outputs out of it, each in a routine of its own. */
final class EdgePorts {
    private static final int WITHOUT_SIGN = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;

    private final KernelProgram program;
    private final Map<ArenaArray, Value.Global> arena;
    private final EdgeState state;
    private final Callee leave;
    private final List<KernelProgram.Port> inputs;
    private final List<KernelProgram.Port> outputs;
    private final List<Local> parameters = new ArrayList<>();
    private final List<Routine> routines = new ArrayList<>();

    /** @param leave to be called before an error, once an inference has begun */
    EdgePorts(KernelProgram program, Map<ArenaArray, Value.Global> arena, EdgeState state, Callee leave) {
        this.program = program;
        this.arena = arena;
        this.state = state;
        this.leave = leave;
        this.inputs = program.inputs().stream().filter(port -> state.of(port).isEmpty()).toList();
        this.outputs = program.outputs().stream().filter(port -> state.of(port).isEmpty()).toList();
        Set<String> taken = new HashSet<>();
        for (KernelProgram.Port port : inputs) {
            taken.add(port.name());
            parameters.add(Local.parameter(port.name(), array(port).type()));
        }
        for (KernelProgram.Port port : outputs) {
            String name = taken.add(port.name()) ? port.name() : port.name() + "$";
            parameters.add(Local.parameter(name, array(port).type()));
        }
    }

    private Value.Global array(KernelProgram.Port port) {
        return arena.get(ArenaArray.of(program.buffer(port.buffer())));
    }

    /** The caller's arrays: the inputs', then the outputs'. */
    List<Local> parameters() {
        return parameters;
    }

    /** What {@link #take} and {@link #give} call. */
    List<Routine> routines() {
        return routines;
    }

    /** Adds new arrays that do for the caller's. */
    List<Value> arrays(Block body) {
        List<Value> arrays = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            KernelProgram.Port port = i < inputs.size() ? inputs.get(i) : outputs.get(i - inputs.size());
            arrays.add(body.declare("array" + i, new JvmValue.NewArray((ValueType.ArrayOf) parameters.get(i).type(),
                    Value.of(port.shape().elements()))));
        }
        return arrays;
    }

    /** Refuses arrays that are not there or of other lengths. */
    void check(Block body) {
        List<KernelProgram.Port> ports = new ArrayList<>(inputs);
        ports.addAll(outputs);
        for (int i = 0; i < ports.size(); i++) {
            String role = i < inputs.size() ? "input " : "output ";
            Local array = parameters.get(i);
            int elements = ports.get(i).shape().elements();
            String said = role + ports.get(i).name() + " needs " + elements + " elements, given ";
            body.when(new JvmValue.IsNull(array),
                    missing -> missing.fail(illegalArgument(new JvmValue.Text(said + "null"))));
            body.when(array.length().is(Relation.NOT_EQUAL, Value.of(elements)),
                    wrong -> wrong.fail(illegalArgument(text(said, shown(array.length())))));
        }
    }

    void take(Block body) {
        for (int i = 0; i < inputs.size(); i++) {
            Routine take = take(inputs.get(i), "$take" + i);
            routines.add(take);
            body.call(take.callee().call(parameters.get(i)));
        }
        for (KernelProgram.Port port : program.inputs()) {
            state.of(port).ifPresent(ring -> call(body, ring.take(array(port),
                    program.buffer(port.buffer()).offset())));
        }
    }

    private void call(Block body, Routine routine) {
        routines.add(routine);
        body.call(routine.callee().call());
    }

    void give(Block body) {
        for (int i = 0; i < outputs.size(); i++) {
            Routine give = give(outputs.get(i), "$give" + i);
            routines.add(give);
            body.call(give.callee().call(parameters.get(inputs.size() + i)));
        }
        for (KernelProgram.Port port : program.outputs()) {
            state.of(port).ifPresent(ring -> call(body, ring.add(array(port),
                    program.buffer(port.buffer()).offset())));
        }
    }

    /** Copies an input, then looks at what was copied: what is checked is what runs. */
    private Routine take(KernelProgram.Port port, String name) {
        Buffer buffer = program.buffer(port.buffer());
        Local callers = Local.parameter("array", array(port).type());
        Block body = new Block(List.of(callers));
        Local own = body.declare("own", array(port));
        body.loop("i", 0, port.shape().elements(),
                (loop, i) -> loop.store(own.at(i.plus(buffer.offset())), callers.at(i)));
        switch (port.element()) {
            case ElementType.F32 _ -> require(body, port, own, buffer.offset(), "must be finite, element ",
                    value -> MathFunction.FLOAT_BITS.of(value).and(Value.of(WITHOUT_SIGN))
                            .atLeast(Value.of(INFINITY)));
            case ElementType.StepIndex(var count) -> require(body, port, own, buffer.offset(),
                    "takes 0.." + (count - 1) + ", element ",
                    value -> value.lessThan(Value.of(0)).orElse(value.atLeast(Value.of(count))));
            case ElementType.Code _,ElementType.Accumulator _ -> {
            }
        }
        return new Routine(name, List.of(callers), body);
    }

    private interface Wrong {
        Value of(Value element);
    }

    private void require(Block body, KernelProgram.Port port, Local own, int offset, String said, Wrong wrong) {
        body.loop("k", 0, port.shape().elements(), (loop, k) -> {
            Value element = own.at(k.plus(offset));
            loop.when(wrong.of(element), refused -> {
                refused.call(leave.call());
                refused.fail(illegalArgument(text(text(text("input " + port.name() + " " + said, shown(k)), " is "),
                        shown(element))));
            });
        });
    }

    /** Copies an output; of NaN, which processors make of different bits, one form leaves a model. */
    private Routine give(KernelProgram.Port port, String name) {
        Buffer buffer = program.buffer(port.buffer());
        Local callers = Local.parameter("array", array(port).type());
        Block body = new Block(List.of(callers));
        Local own = body.declare("own", array(port));
        body.loop("i", 0, port.shape().elements(), (loop, i) -> {
            Local value = loop.declare("value", own.at(i.plus(buffer.offset())));
            loop.store(callers.at(i), port.element() instanceof ElementType.F32
                    ? value.is(Relation.NOT_EQUAL, value).choose(Value.of(Float.NaN), value)
                    : value);
        });
        return new Routine(name, List.of(callers), body);
    }
}
