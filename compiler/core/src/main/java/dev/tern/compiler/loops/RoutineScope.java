package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.ValueKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A routine of a kernel under construction: its arena arrays, its ints, and the constants it has loaded. */
final class RoutineScope {
    private final ProgramScope owner;
    private final String name;
    private final Map<ArenaArray, Local> arena = new EnumMap<>(ArenaArray.class);
    private final Map<BufferId, Local> outside = new LinkedHashMap<>();
    private final Map<String, Local> ints = new HashMap<>();
    private final List<Local> parameters = new ArrayList<>();
    private final Map<ConstantId, Local> constants = new HashMap<>();
    private final Map<ConstantId, Local> wide = new HashMap<>();
    private final Map<ConstantId, Local> repeated = new HashMap<>();
    private final Map<ConstantId, Local> segments = new HashMap<>();
    private final Map<Value.Global, Local> fields = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, Local> throughout = new HashMap<>();
    private final List<Runnable> endings = new ArrayList<>();
    private final Block body;
    /** Where values that rows differ in are declared: the outermost block, or that of a loop over rows. */
    private Block rowBlock;

    RoutineScope(ProgramScope owner, String name, KernelArrays arrays, List<String> intParameters) {
        this.owner = owner;
        this.name = name;
        arrays.arena().forEach(array -> arena.put(array, Local.parameter(array.local(), array.type())));
        parameters.addAll(arena.values());
        arrays.outside().forEach(id -> outside.put(id, Local.parameter("outside" + owner.outside().indexOf(
                id),
                ValueType.FLOATS)));
        parameters.addAll(outside.values());
        for (String parameter : intParameters) {
            Local local = Local.parameter(parameter, ValueType.INT);
            ints.put(parameter, local);
            parameters.add(local);
        }
        parameters.forEach(parameter -> names.put(parameter.name(), 1));
        body = new Block(parameters);
        rowBlock = body;
    }

    /**
     * From here on the routine's row is that one, of a loop over rows that is under construction.
     *
     * @param row its number, not yet a local
     */
    void eachRow(Block loop, Value row) {
        rowBlock = loop;
        rebind(loop, "row", row);
    }

    /** From here on a name stands for another value, which a block under construction declares. */
    void rebind(Block block, String name, Value value) {
        ints.put(name, block.declare(fresh(name + "Now"), value));
    }

    /** How many arrays each call of one of the kernel's routines passes on. */
    int arrays() {
        return arena.size() + outside.size();
    }

    /** The routine's outermost block. */
    Block body() {
        return body;
    }

    /** A parameter. */
    Local get(String parameter) {
        return ints.get(parameter);
    }

    /** The same as the routine was given it, wherever in a loop. */
    Local parameter(String name) {
        return parameters.stream().filter(local -> local.name().equals(name)).findFirst().orElseThrow();
    }

    /**
     * A local that lives through all loops of the routine, which all who name it share.
     *
     * @param ending adds to the routine's end what becomes of it
     */
    Local throughout(String name, Value initial, Consumer<Local> ending) {
        return throughout.computeIfAbsent(name, absent -> {
            Local local = beforeLoops(absent, initial);
            endings.add(() -> ending.accept(local));
            return local;
        });
    }

    /** The element of a buffer at an index counted from the buffer's start. */
    Value.ArrayElement element(BufferId id, Value index) {
        return outside.containsKey(id)
                ? outside.get(id).at(index)
                : array(id).at(offset(index, owner.program().buffer(id).offset()));
    }

    Value.ArrayElement element(BufferId id, int index) {
        return element(id, Value.of(index));
    }

    /** The same for codes in bytes. */
    Value loaded(BufferId id, Value index, ValueKind kind) {
        return loaded(id, index, kind, Lanes.ONE);
    }

    /** The same for neighbouring elements. */
    Value loaded(BufferId id, Value index, ValueKind kind, Lanes lanes) {
        return code(lanes.read(element(id, index)), kind);
    }

    /** The array of a bank that all threads share. */
    Local bank(Bank bank) {
        return arena.get(ArenaArray.valueOf(bank.name()));
    }

    /** The array that holds a buffer. */
    private Local array(BufferId id) {
        return arena.get(ArenaArray.of(owner.program().buffer(id)));
    }

    /** Data of the program, loaded into a local at the top of the routine. */
    Local field(Value.Global field) {
        return fields.computeIfAbsent(field, key -> body.declare(fresh("field"), key));
    }

    /** Bytes that the class holds as they are. */
    Local bytes(byte[] literal) {
        return field(owner.literal(literal));
    }

    /**
     * What a byte says as a code: unsigned ones take all eight bits. Only codes that use the eighth are masked, for
     * loads of unsigned bytes have no vector form.
     *
     * @param kind what the element is
     */
    static Value code(Value element, ValueKind kind) {
        return kind.coded() && kind.code().highest() > Byte.MAX_VALUE ? element.and(Value.of(255)) : element;
    }

    /** An element of the array that holds a buffer, counted from the array's start. */
    Value.ArrayElement absolute(BufferId id, Value index) {
        return array(id).at(index);
    }

    /** A constant array, loaded into a local at the top of the routine so that loops see it as invariant. */
    Local constant(ConstantId id) {
        // The outermost block takes the declaration before the loop under construction, which is added at its end.
        return constants.computeIfAbsent(id, key -> body.declare(key.toString(), owner.field(key)));
    }

    /** A constant array in a wider type, loaded likewise. */
    Local wide(ConstantId id) {
        return wide.computeIfAbsent(id, key -> body.declare("v" + key.index(), owner.wideField(key)));
    }

    /** A constant array that holds its channels several times, loaded likewise. */
    Local repeated(ConstantId id, int channels, int repeats) {
        return repeated.computeIfAbsent(id, key -> body.declare("r" + key.index(), new Value.Row(field(owner.rows(
                new ProgramScope.Rows(key, channels, repeats, ValueType.FLOAT))), Value.of(0))));
    }

    /** A constant array in memory outside the heap, loaded likewise. */
    Local segment(ConstantId id) {
        return segments.computeIfAbsent(id, key -> body.declare("s" + key.index(), owner.segmentField(key)));
    }

    /** The element of a constant that has one element for all channels, or one per channel. */
    Value perChannel(ConstantId id, Value channel) {
        return perChannel(id, channel, Lanes.ONE);
    }

    /** The same for the channels from that one on. */
    Value perChannel(ConstantId id, Value channel, Lanes lanes) {
        boolean one = owner.program().constant(id).length() == 1;
        return one ? beforeLoops("constant", constant(id).at(0)) : lanes.read(constant(id).at(channel));
    }

    /** Where the value of channel n lies, counted from the first of all rows. */
    Value inRow(Producer producer, Value n) {
        return producer.rows() == 1
                ? n
                : ofRow("input", get("row").times(producer.channels())).plus(n);
    }

    /** A local of the outermost block, computed before the loop under construction. */
    Local beforeLoops(String base, Value value) {
        return body.declare(fresh(base), value);
    }

    /** The same of a value that rows differ in: computed before the loop over a row's channels. */
    Local ofRow(String base, Value value) {
        return rowBlock.declare(fresh(base), value);
    }

    /** One or the other. @param perRow whether rows differ in it */
    Local beforeChannels(String base, Value value, boolean perRow) {
        return perRow ? ofRow(base, value) : beforeLoops(base, value);
    }

    /** The name, with a number when the routine has used it before. */
    String fresh(String base) {
        int count = names.merge(base, 1, Integer::sum);
        return count == 1 ? base : base + count;
    }

    /** Calls another routine with this one's arena. */
    Value.Call call(Callee callee, Value... arguments) {
        List<Value> all = new ArrayList<>(arena.values());
        all.addAll(outside.values());
        all.addAll(List.of(arguments));
        return callee.call(all.toArray(Value[]::new));
    }

    /** Calls a routine of a part of this one's kernel, which touches some of its arrays. */
    Value.Call call(KernelArrays arrays, Callee callee, Value... arguments) {
        List<Value> all = new ArrayList<>();
        arrays.arena().forEach(array -> all.add(arena.get(array)));
        arrays.outside().forEach(id -> all.add(outside.get(id)));
        all.addAll(List.of(arguments));
        return callee.call(all.toArray(Value[]::new));
    }

    /** Ends the routine. */
    Callee end() {
        endings.forEach(Runnable::run);
        return owner.add(new Routine(name, parameters, body));
    }

    private static Value offset(Value index, int offset) {
        return index instanceof Immediate constant && constant.literal() instanceof Integer i
                ? Value.of(i + offset)
                : index.plus(offset);
    }
}
