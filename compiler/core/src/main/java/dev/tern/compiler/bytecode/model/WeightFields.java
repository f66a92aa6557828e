package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Immediate;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.loops.ClassScope;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The static fields in which a class keeps its weights, once all its methods have said in what form they want them. */
final class WeightFields {
    /** Bytes of a cache line, and of the widest vector. */
    private static final long ALIGNMENT = 64;

    private final ClassScope scope;
    private final List<ConstantId> constants;

    WeightFields(ClassScope scope) {
        this.scope = scope;
        this.constants = IntStream.range(0, scope.program().constants().size()).mapToObj(ConstantId::new).toList();
    }

    List<Value.Field> fields() {
        List<Value.Field> fields = new ArrayList<>();
        constants.forEach(id -> fields.add(scope.field(id)));
        scope.wide().forEach(id -> fields.add(scope.wideField(id)));
        scope.segments().forEach(id -> fields.add(scope.segmentField(id)));
        scope.panels().forEach(key -> fields.add(scope.panels(key)));
        scope.offsets().forEach(key -> fields.add(scope.offsets(key)));
        IntStream.range(0, scope.literals().size()).forEach(i -> fields.add(scope.literalField(i)));
        return fields;
    }

    /** Adds to an initializer what assigns them from a model. */
    void assign(Block body, Value model) {
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
        for (ClassScope.Panels key : scope.panels()) {
            body.store(scope.panels(key), Callee.of(Weights.class, "panels", int.class, int.class, int.class).call(
                    weights, Value.of(key.weights().index()), Value.of(key.channels()), Value.of(key.width())));
        }
        for (ClassScope.WindowOffsets key : scope.offsets()) {
            body.store(scope.offsets(key), Callee
                    .of(Weights.class, "windowOffsets", int.class, int.class, int.class, int.class, int.class)
                    .call(Value.of(key.lines()), Value.of(key.lineDistance()), Value.of(key.pixels()),
                            Value.of(key.pixelDistance()), Value.of(key.values())));
        }
        Local memory = scope.segments().isEmpty()
                ? null
                : body.declare("memory", Callee.of(Arena.class, "ofAuto").call());
        for (ConstantId id : scope.segments()) {
            body.store(scope.segmentField(id), outsideTheHeap(body, memory, id));
        }
        for (int i = 0; i < scope.literals().size(); i++) {
            Value text = Immediate.of(new String(scope.literals().get(i), StandardCharsets.ISO_8859_1));
            Value latin = new Value.Field(JvmType.ClassType.of(StandardCharsets.class), "ISO_8859_1",
                    JvmType.ClassType.of(Charset.class), true);
            body.store(scope.literalField(i), Callee.of(String.class, "getBytes", Charset.class).call(text, latin));
        }
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
}
