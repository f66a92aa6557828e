package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Constants of a program in the making; equal arrays are stored once, under the name that came first. */
final class ConstantPool {
    private final List<ConstantArray> constants = new ArrayList<>();
    private final Map<Content, ConstantId> ids = new HashMap<>();

    private record Content(Class<?> type, ByteBuffer bytes) {
    }

    ConstantId add(ConstantArray constant) {
        return ids.computeIfAbsent(content(constant), c -> {
            constants.add(constant);
            return new ConstantId(constants.size() - 1);
        });
    }

    List<ConstantArray> constants() {
        return constants;
    }

    /** Bit for bit, so that -0 and +0 differ. */
    private static Content content(ConstantArray constant) {
        ByteBuffer bytes = switch (constant) {
            case ConstantArray.Bytes c -> ByteBuffer.wrap(c.values());
            case ConstantArray.Ints c -> {
                ByteBuffer buffer = ByteBuffer.allocate(4 * c.length());
                buffer.asIntBuffer().put(c.values());
                yield buffer;
            }
            case ConstantArray.Floats c -> {
                ByteBuffer buffer = ByteBuffer.allocate(4 * c.length());
                buffer.asFloatBuffer().put(c.values());
                yield buffer;
            }
            case ConstantArray.Longs c -> {
                ByteBuffer buffer = ByteBuffer.allocate(8 * c.length());
                buffer.asLongBuffer().put(c.values());
                yield buffer;
            }
        };
        return new Content(constant.getClass(), bytes);
    }
}
