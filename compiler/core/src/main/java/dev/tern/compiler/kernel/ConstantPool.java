package dev.tern.compiler.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Constants of a program in the making; equal arrays are stored once, under the name that came first. */
public final class ConstantPool {
    private final List<ConstantArray> constants = new ArrayList<>();
    private final Map<ArrayContent, ConstantId> ids = new HashMap<>();

    public ConstantId floats(String name, float... values) {
        return add(new ConstantArray.Floats(name, values));
    }

    public ConstantId ints(String name, int... values) {
        return add(new ConstantArray.Ints(name, values));
    }

    /** Integers of eight bits. */
    public ConstantId bytes(String name, int[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return add(new ConstantArray.Bytes(name, bytes));
    }

    /** One element per channel, or one for all where all are the same. */
    public ConstantId perChannel(String name, float[] values) {
        for (float value : values) {
            if (Float.floatToRawIntBits(value) != Float.floatToRawIntBits(values[0])) {
                return floats(name, values);
            }
        }
        return floats(name, values[0]);
    }

    public ConstantId perChannel(String name, int[] values) {
        return perChannel(new ConstantArray.Ints(name, values));
    }

    /** @param constant ints */
    public ConstantId perChannel(ConstantArray constant) {
        int[] values = ((ConstantArray.Ints) constant).values();
        return Arrays.stream(values).distinct().count() > 1 ? add(constant) : ints(constant.name(), values[0]);
    }

    /** The constant, or an equal one that is there already. */
    public ConstantId add(ConstantArray constant) {
        return ids.computeIfAbsent(ArrayContent.of(constant.array()), content -> {
            constants.add(constant);
            return new ConstantId(constants.size() - 1);
        });
    }

    /** In the order of their ids. */
    public List<ConstantArray> all() {
        return constants;
    }
}
