package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the class of a model of a stream keeps of frames: a ring buffer for each of its states, inputs that outputs have
 * the names of.
 */
final class EdgeState {
    /** That of a model that keeps nothing. */
    static final EdgeState NONE = new EdgeState(Map.of());

    private final Map<String, EdgeRing> rings;

    private EdgeState(Map<String, EdgeRing> rings) {
        this.rings = rings;
    }

    static EdgeState of(KernelProgram program) {
        Map<String, EdgeRing> rings = new LinkedHashMap<>();
        for (KernelProgram.Port input : program.inputs()) {
            program.outputs().stream().filter(port -> port.name().equals(input.name())).findFirst()
                    .ifPresent(output -> rings.put(input.name(), new EdgeRing(input.name(),
                            switch (program.buffer(input.buffer()).bank()) {
                                case F32 -> ValueType.FLOATS;
                                case I8 -> ValueType.BYTES;
                                case I32, I64 -> throw new IllegalStateException("state " + input);
                            }, input.shape().elements(), output.shape().elements())));
        }
        return new EdgeState(rings);
    }

    /** Whether anything is kept. */
    boolean kept() {
        return !rings.isEmpty();
    }

    /** The ring of an input or an output, if that is state. */
    Optional<EdgeRing> of(KernelProgram.Port port) {
        return Optional.ofNullable(rings.get(port.name()));
    }

    /** Adds the rings to the class's arrays. */
    void declare(Block initializer, List<Value.Global> fields) {
        rings.values().forEach(ring -> {
            fields.add(ring.rows());
            initializer.store(ring.rows(), new JvmValue.NewArray(ring.type, Value.of(ring.length)));
        });
    }

    /** The ints that say where in the rings the oldest rows are, and another. */
    List<Value.Global> places(Value.Global other) {
        List<Value.Global> places = new ArrayList<>(List.of(other));
        rings.values().forEach(ring -> places.add(ring.oldest()));
        return places;
    }

    /**
     * {@code reset()}, which pushes frames of zeros: after as many as all rings hold together nothing is left of those
     * before.
     */
    Routine reset(Callee push, EdgePorts ports) {
        Block body = new Block(List.of());
        List<Value> arrays = ports.arrays(body);
        int frames = 1 + rings.values().stream().mapToInt(ring -> ring.length / ring.row).sum();
        body.loop("i", 0, frames, (loop, i) -> loop.call(push.call(arrays.toArray(Value[]::new))));
        return new Routine("reset", List.of(), body);
    }

    /**
     * A ring buffer of rows.
     *
     * @param length elements of all rows
     * @param row elements of one
     */
    record EdgeRing(String name, ValueType.ArrayOf type, int length, int row) {
        Value.Global rows() {
            return new Value.Global(name + "$rows", type);
        }

        /** Where the oldest row begins. */
        Value.Global oldest() {
            return new Value.Global(name + "$oldest", ValueType.INT);
        }

        /** Copies all rows to where the model reads them, the oldest first. */
        Routine take(Value.Global arena, int offset) {
            Block body = new Block(List.of());
            Local to = body.declare("to", arena);
            Local from = body.declare("from", rows());
            Local first = body.declare("first", oldest());
            Local count = body.declare("count", Value.of(length).minus(first));
            body.loop("i", Value.of(0), count, 1, (loop, i) -> loop.store(to.at(i.plus(offset)),
                    from.at(first.plus(i))));
            body.loop("k", Value.of(0), first, 1, (loop, k) -> loop.store(to.at(count.plus(k).plus(offset)),
                    from.at(k)));
            return new Routine("$take_" + name, List.of(), body);
        }

        /** Puts the row that the model made in the place of the oldest. */
        Routine add(Value.Global arena, int offset) {
            Block body = new Block(List.of());
            Local from = body.declare("from", arena);
            Local to = body.declare("to", rows());
            Local first = body.declare("first", oldest());
            body.loop("i", 0, row, (loop, i) -> loop.store(to.at(first.plus(i)), from.at(i.plus(offset))));
            Local next = body.declare("next", first.plus(row));
            body.store(oldest(), next.equalTo(Value.of(length)).choose(Value.of(0), next));
            return new Routine("$add_" + name, List.of(), body);
        }
    }
}
