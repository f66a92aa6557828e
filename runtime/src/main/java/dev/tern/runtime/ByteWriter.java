package dev.tern.runtime;

import dev.tern.runtime.layout.PackedCodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Appends little-endian values to a growing array. */
final class ByteWriter {
    private ByteBuffer buffer = allocate(new byte[4096]);

    private static ByteBuffer allocate(byte[] array) {
        return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    }

    void octet(int value) {
        room(1).put((byte) value);
    }

    void integer(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void longInteger(long value) {
        room(Long.BYTES).putLong(value);
    }

    void bytes(byte[] values) {
        room(values.length).put(values);
    }

    void integers(List<Integer> values) {
        integer(values.size());
        values.forEach(this::integer);
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        integer(utf8.length);
        bytes(utf8);
    }

    /** @param array of shorts, ints, longs or floats, or of bytes as {@link PackedCodes} */
    void array(Object array) {
        if (array instanceof PackedCodes) {
            PackedCodes codes = (PackedCodes) array;
            octet(ArrayKind.BYTE.ordinal());
            integer(codes.length());
            octet(codes.width());
            bytes(codes.bytes());
            return;
        }
        ArrayKind kind = ArrayKind.of(array);
        long bytes = kind.bytes(array);
        octet(kind.ordinal());
        integer((int) (bytes / kind.width()));
        int from = room(bytes).position();
        ArrayKind.put(buffer, array);
        buffer.position(from + (int) bytes);
    }

    /** Room for the length of what follows, to be given to {@link #endPart}. */
    int beginPart() {
        integer(0);
        return buffer.position();
    }

    /** Writes the length of what was written since {@link #beginPart}. */
    void endPart(int begin) {
        buffer.putInt(begin - Integer.BYTES, buffer.position() - begin);
    }

    /** The file, its whole length written at {@code lengthAt} and its checksum at the end. */
    byte[] finish(int lengthAt) {
        int length = room(Integer.BYTES).position();
        buffer.putLong(lengthAt, length + Integer.BYTES);
        buffer.putInt(WeightFile.crc(buffer.array(), length));
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(long bytes) {
        if (bytes > buffer.remaining()) {
            long needed = buffer.position() + bytes;
            int most = Integer.MAX_VALUE - Long.BYTES;
            if (needed > most) {
                throw new IllegalArgumentException("a weight file of " + needed + " bytes; the most is " + most);
            }
            int position = buffer.position();
            int grown = (int) Math.min(most, Math.max(needed, 2L * buffer.capacity()));
            buffer = allocate(Arrays.copyOf(buffer.array(), grown)).position(position);
        }
        return buffer;
    }
}
