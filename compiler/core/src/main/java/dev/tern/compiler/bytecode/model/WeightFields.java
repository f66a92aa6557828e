package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.loops.ProgramScope;
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

    private final ProgramScope scope;
    private final List<ConstantId> constants;

    WeightFields(ProgramScope scope) {
        this.scope = scope;
        this.constants = IntStream.range(0, scope.program().constants().size()).mapToObj(ConstantId::new).toList();
    }

    List<Value.Global> fields() {
        List<Value.Global> fields = new ArrayList<>();
        constants.forEach(id -> fields.add(scope.field(id)));
        scope.wide().forEach(id -> fields.add(scope.wideField(id)));
        scope.rows().forEach(key -> fields.add(scope.rows(key)));
        scope.segments().forEach(id -> fields.add(scope.segmentField(id)));
        scope.panels().forEach(key -> fields.add(scope.panels(key)));
        scope.offsets().forEach(key -> fields.add(scope.offsets(key)));
        IntStream.range(0, scope.literals().size()).forEach(i -> fields.add(scope.literalField(i)));
        return fields;
    }

    /** Adds to an initializer what assigns them from a model. */
    void assign(Block body, Value model) {
        Local weights = body.declare("weights", JavaMethod.of(CompiledModel.class, "weights").call(model));
        for (ConstantId id : constants) {
            Value.Global field = scope.field(id);
            String accessor = ((ValueType.ArrayOf) field.type()).element() + "s";
            body.store(field, JavaMethod.of(Weights.class, accessor, int.class).call(weights, Value.of(id.index())));
        }
        for (ConstantId id : scope.wide()) {
            Value.Global field = scope.wideField(id);
            body.store(field, JavaMethod.of(Weights.class, "floatsAsDoubles", int.class).call(weights, Value.of(id
                    .index())));
        }
        for (ProgramScope.Rows key : scope.rows()) {
            Value.Global field = scope.rows(key);
            String accessor = ((ValueType.RowsOf) field.type()).element() + "Rows";
            body.store(field, JavaMethod.of(Weights.class, accessor, int.class, int.class, int.class).call(weights,
                    Value
                            .of(key.weights().index()), Value.of(key.channels()), Value.of(key.repeats())));
        }
        for (ProgramScope.Panels key : scope.panels()) {
            Value index = Value.of(key.weights().index());
            Value channels = Value.of(key.channels());
            Value width = Value.of(key.width());
            Value together = Value.of(key.together());
            body.store(scope.panels(key), switch (key.form()) {
                case FLOATS -> panels("panels").call(weights, index, channels, width);
                case CODES -> panels("panelsOfCodes").call(weights, index, channels, width);
                case SHORTS -> panels("panelsOfShorts").call(weights, index, channels, width);
                case HALVES -> panelsTogether("panelsOfHalves").call(weights, index, together, channels, width);
                case PAIRS -> panelsTogether("panelsOfPairs").call(weights, index, together, channels, width);
                case BYTES -> panelsTogether("panelsOfBytes").call(weights, index, together, channels, width);
            });
        }
        for (ProgramScope.WindowOffsets key : scope.offsets()) {
            body.store(scope.offsets(key), JavaMethod
                    .of(Weights.class, "windowOffsets", int.class, int.class, int.class, int.class, int.class)
                    .call(Value.of(key.lines()), Value.of(key.lineDistance()), Value.of(key.pixels()),
                            Value.of(key.pixelDistance()), Value.of(key.values())));
        }
        Local memory = scope.segments().isEmpty()
                ? null
                : body.declare("memory", JavaMethod.of(Arena.class, "ofAuto").call());
        for (ConstantId id : scope.segments()) {
            body.store(scope.segmentField(id), outsideTheHeap(body, memory, id));
        }
        for (int i = 0; i < scope.literals().size(); i++) {
            Value text = new JvmValue.Text(new String(scope.literals().get(i), StandardCharsets.ISO_8859_1));
            Value latin = new JvmValue.StaticField(ClassType.of(StandardCharsets.class), "ISO_8859_1",
                    ClassType.of(Charset.class));
            body.store(scope.literalField(i), JavaMethod.of(String.class, "getBytes", Charset.class).call(text, latin));
        }
    }

    private static JavaMethod panels(String name) {
        return JavaMethod.of(Weights.class, name, int.class, int.class, int.class);
    }

    private static JavaMethod panelsTogether(String name) {
        return JavaMethod.of(Weights.class, name, int.class, int.class, int.class, int.class);
    }

    /** A copy of a constant array that begins at a multiple of 64 bytes. */
    private Value outsideTheHeap(Block body, Local memory, ConstantId id) {
        Value.Global array = scope.field(id);
        Value bytes = Value.of(scope.program().constant(id).bytes());
        Class<?> type = array.type().equals(ValueType.LONGS) ? long[].class : byte[].class;
        Local segment = body.declare("segment" + id.index(), JavaMethod
                .of(Arena.class, "allocate", long.class, long.class).call(memory, bytes, Value.of(ALIGNMENT)));
        body.call(JavaMethod
                .of(MemorySegment.class, "copy", MemorySegment.class, long.class, MemorySegment.class, long.class,
                        long.class)
                .call(JavaMethod.of(MemorySegment.class, "ofArray", type).call(array), Value.of(0L), segment, Value.of(
                        0L),
                        bytes));
        return segment;
    }
}
