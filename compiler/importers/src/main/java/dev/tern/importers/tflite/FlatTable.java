package dev.tern.importers.tflite;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of a flatbuffer: fields by their ids, which are their places in the schema. What a field claims is held
 * against the bytes that are there; a table that lies outside the file, or a vector that does not fit into it, ends in
 * an {@link IndexOutOfBoundsException}.
 */
final class FlatTable extends Table {
    /** Entries of one vector of tables; real models have some thousands. */
    private static final int MOST_TABLES = 1 << 18;
    private static final int FIRST_FIELD = 4;

    private FlatTable(int position, ByteBuffer bytes) {
        if (position < 0 || position > bytes.limit() - Integer.BYTES) {
            throw new IndexOutOfBoundsException("a table at " + position);
        }
        __reset(position, bytes);
    }

    /** The outermost table of a file. */
    static FlatTable root(ByteBuffer file) {
        ByteBuffer bytes = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return new FlatTable(bytes.getInt(0), bytes);
    }

    /** Where a field's value is; 0 where it has none. */
    private int at(int field) {
        int offset = __offset(FIRST_FIELD + 2 * field);
        return offset == 0 ? 0 : bb_pos + offset;
    }

    int i8(int field, int otherwise) {
        int at = at(field);
        return at == 0 ? otherwise : bb.get(at);
    }

    int i32(int field, int otherwise) {
        int at = at(field);
        return at == 0 ? otherwise : bb.getInt(at);
    }

    long i64(int field, long otherwise) {
        int at = at(field);
        return at == 0 ? otherwise : bb.getLong(at);
    }

    float f32(int field, float otherwise) {
        int at = at(field);
        return at == 0 ? otherwise : bb.getFloat(at);
    }

    boolean truth(int field) {
        return i8(field, 0) != 0;
    }

    /** A table within this one. */
    Optional<FlatTable> table(int field) {
        int at = at(field);
        return at == 0 ? Optional.empty() : Optional.of(new FlatTable(Math.addExact(at, bb.getInt(at)), bb));
    }

    /** A vector of tables. */
    List<FlatTable> tables(int field) {
        int length = length(field, Integer.BYTES);
        if (length > MOST_TABLES) {
            throw new IndexOutOfBoundsException(length + " tables");
        }
        List<FlatTable> tables = new ArrayList<>(length);
        for (int i = 0, at = first(field); i < length; i++, at += Integer.BYTES) {
            tables.add(new FlatTable(Math.addExact(at, bb.getInt(at)), bb));
        }
        return tables;
    }

    /** UTF-8 text; empty where there is none. */
    String text(int field) {
        ByteBuffer bytes = bytes(field);
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** The elements of a vector of bytes; none where there is no such field. */
    ByteBuffer bytes(int field) {
        int length = length(field, 1);
        return length == 0 ? ByteBuffer.allocate(0) : bb.slice(first(field), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    int[] ints(int field) {
        int[] values = new int[length(field, Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = bb.getInt(first(field) + Integer.BYTES * i);
        }
        return values;
    }

    long[] longs(int field) {
        long[] values = new long[length(field, Long.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = bb.getLong(first(field) + Long.BYTES * i);
        }
        return values;
    }

    float[] floats(int field) {
        float[] values = new float[length(field, Float.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = bb.getFloat(first(field) + Float.BYTES * i);
        }
        return values;
    }

    private int vector(int field) {
        int at = at(field);
        return Math.addExact(at, bb.getInt(at));
    }

    private int first(int field) {
        return at(field) == 0 ? 0 : vector(field) + Integer.BYTES;
    }

    /** How many elements a vector has, all of them inside the file. */
    private int length(int field, int elementBytes) {
        if (at(field) == 0) {
            return 0;
        }
        int length = bb.getInt(vector(field));
        long end = vector(field) + Integer.BYTES + (long) length * elementBytes;
        if (length < 0 || end > bb.limit()) {
            throw new IndexOutOfBoundsException("a vector of " + length + " elements");
        }
        return length;
    }
}
