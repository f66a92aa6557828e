package dev.tern.compiler.bytecode;

import dev.tern.compiler.bytecode.JavaMethod.Dispatch;
import dev.tern.compiler.code.Instruction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType.VectorOf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes of vectors, Int256Vector and the like, which nobody outside the JDK may name: static final fields of the
 * emitted class, each with the class that a species says.
 *
 * <p>A call of the Vector API becomes an instruction only where C2 knows the class of its receiver. What a load, a
 * broadcast or a conversion gives is any IntVector to it while it inlines the calls that follow; so it goes by the
 * classes that the JVM has noted within the JDK's own methods, which all vector code in a JVM shares. Where these are
 * two, C2 compiles for both, and vectors become objects. Therefore a receiver is cast to the class that it has, by
 * {@link Class#cast}, which C2 knows as it knows casts, and which costs nothing as soon as it has seen what the load
 * gives. Arithmetic gives the class of its receiver, as the JDK's methods say themselves; but f32 that are stored are
 * cast there whatever gives them. C2 inlines calls later once a method has 18,000 nodes, which in a JVM of many
 * vectors takes some 55 calls, and then leaves choices objects that are stored as they are. Ints are stored by methods
 * so long that C1 would run out of registers for the casts.
 *
 * <p>The text of a class leaves these fields and casts out, and budgets do not count them.
 */
final class VectorClasses {
    /** Of {@code (IntVector) IntVector_256.cast(vector)}: those that read the field, call and cast. */
    static final int CAST_BYTES = 3 * 3;
    static final JavaMethod CAST = JavaMethod.of(Class.class, "cast", Object.class);
    private static final JavaMethod CLASS = new JavaMethod(Dispatch.INTERFACE, VectorApi.SPECIES, "vectorType",
            List.of(), ClassType.CLASS);

    private final Map<VectorOf, Value.Global> used = new LinkedHashMap<>();

    /** The field that holds the class of such vectors. */
    Value.Global of(VectorOf type) {
        return used.computeIfAbsent(type, key -> new Value.Global(JvmTypes.classOf(key) + "_" + key.bits(),
                ClassType.CLASS));
    }

    /** The fields that were asked for. */
    List<Value.Global> fields() {
        return List.copyOf(used.values());
    }

    /** What gives them their values, before anything else in an initializer. */
    List<Instruction> assignments() {
        return used.entrySet().stream().<Instruction>map(entry -> new Instruction.StoreGlobal(entry.getValue(), CLASS
                .call(VectorApi.species(entry.getKey())))).toList();
    }
}
