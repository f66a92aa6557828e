package dev.tern.importers.tflite;

import com.google.flatbuffers.ArrayReadWriteBuf;
import com.google.flatbuffers.FlexBuffers;
import com.google.flatbuffers.FlexBuffers.FlexBufferException;
import dev.tern.importers.network.ImportProblemException;
import java.nio.ByteBuffer;

/** The options of a custom operator: a FlexBuffers map of numbers. What else it holds is not looked at. */
final class FlexOptions {
    /** Real ones have some hundred. */
    private static final int MOST_BYTES = 1 << 16;

    private final FlexBuffers.Map map;

    FlexOptions(ByteBuffer options) {
        if (options.remaining() > MOST_BYTES) {
            throw damaged();
        }
        try {
            byte[] bytes = new byte[options.remaining()];
            options.duplicate().get(bytes);
            FlexBuffers.Reference root = FlexBuffers.getRoot(new ArrayReadWriteBuf(bytes, bytes.length));
            if (!root.isMap()) {
                throw new ImportProblemException("its options are no map");
            }
            this.map = root.asMap();
        } catch (FlexBufferException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw damaged();
        }
    }

    private static ImportProblemException damaged() {
        return new ImportProblemException("its options are damaged");
    }

    /** A whole number. @param otherwise where there is none of that name */
    int whole(String name, int otherwise) {
        try {
            FlexBuffers.Reference found = map.get(name);
            return found.isNumeric() || found.isBoolean() ? found.asInt() : otherwise;
        } catch (FlexBufferException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw damaged();
        }
    }
}
