package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.Primitive;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;

/**
 * How many neighbouring channels an expression stands for: one, or a vector of them. The same steps are written for
 * both and differ in how they read and write arrays.
 */
record Lanes(int count) {
    /** Plain numbers. */
    static final Lanes ONE = new Lanes(1);

    boolean many() {
        return count > 1;
    }

    /** As many neighbouring elements from that one; bytes become ints. */
    Value read(Value.ArrayElement first) {
        if (!many()) {
            return first;
        }
        Primitive element = ((ValueType.ArrayOf) first.array().type()).element();
        Value loaded = VectorValue.load(new VectorOf(element, count), first.array(), first.index());
        return element == Primitive.BYTE ? loaded.to(ValueType.INT) : loaded;
    }

    /** Writes as many neighbouring elements from that one; ints become bytes where the array holds bytes. */
    void write(Block block, Value.ArrayElement first, Value value) {
        if (!many()) {
            block.store(first, value);
            return;
        }
        Primitive element = ((ValueType.ArrayOf) first.array().type()).element();
        Value vector = value.type() instanceof VectorOf
                ? value
                : VectorValue.broadcast(new VectorOf((Primitive) value.type(), count), value);
        block.storeVector(vector.to(element), first.array(), first.index());
    }
}
