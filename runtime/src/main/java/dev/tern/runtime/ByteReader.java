package dev.tern.runtime;

import dev.tern.runtime.layout.PackedCodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads little-endian values; every length is compared with what is left before anything is allocated. What is wrong is
 * an {@link IllegalArgumentException} that names the byte.
 */
final class ByteReader {
    private final ByteBuffer buffer;

    ByteReader(byte[] file, int from, int to) {
        buffer = ByteBuffer.wrap(file, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return buffer.position();
    }

    int octet() {
        need(1, 1);
        return buffer.get() & 0xff;
    }

    int integer() {
        need(1, Integer.BYTES);
        return buffer.getInt();
    }

    long longInteger() {
        need(1, Long.BYTES);
        return buffer.getLong();
    }

    /** A number of entries, each of which takes at least so many bytes. */
    int count(int leastBytes) {
        int count = integer();
        need(count, leastBytes);
        return count;
    }

    List<Integer> integers() {
        int count = count(Integer.BYTES);
        List<Integer> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(buffer.getInt());
        }
        return list;
    }

    int[] ints() {
        int[] values = new int[count(Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getInt();
        }
        return values;
    }

    String text() {
        int length = count(1);
        int start = buffer.position();
        ByteBuffer bytes = buffer.slice(start, length);
        buffer.position(start + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text at byte " + start + " is not UTF-8", e);
        }
    }

    /** An array of shorts, ints, longs or floats, or of bytes as {@link PackedCodes}. */
    Object array() {
        int start = buffer.position();
        ArrayKind kind = ArrayKind.of(octet());
        if (kind == null) {
            throw new IllegalArgumentException("unknown kind of array at byte " + start);
        }
        if (kind == ArrayKind.BYTE) {
            return codes();
        }
        int length = count(kind.width());
        int from = buffer.position();
        Object array = kind.get(buffer, length);
        buffer.position(from + length * kind.width());
        return array;
    }

    private PackedCodes codes() {
        int start = buffer.position();
        int length = integer();
        int width = octet();
        int size = PackedCodes.size(width, length);
        if (length < 0) {
            throw new IllegalArgumentException(length + " codes at byte " + start);
        }
        need(size, 1);
        byte[] bytes = new byte[size];
        buffer.get(bytes);
        return new PackedCodes(width, length, bytes);
    }

    /** Goes over the part whose length stands here. */
    void skipPart() {
        int length = count(1);
        buffer.position(buffer.position() + length);
    }

    /** @throws IllegalArgumentException if something is left */
    void end() {
        if (buffer.hasRemaining()) {
            throw new IllegalArgumentException(buffer.remaining() + " bytes left over at byte " + buffer.position());
        }
    }

    private void need(int count, int width) {
        if (count < 0 || (long) count * width > buffer.remaining()) {
            throw new IllegalArgumentException("at byte " + buffer.position() + " it says that " + count
                    + " entries of " + width + " bytes or more follow, " + buffer.remaining() + " bytes are left");
        }
    }
}
