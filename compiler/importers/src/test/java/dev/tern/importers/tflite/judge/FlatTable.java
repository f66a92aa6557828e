package dev.tern.importers.tflite.judge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A table of a flatbuffer: at its position the distance back to its vtable, which holds from its byte 4 on, for each
 * field, two bytes of distance from the table, 0 for a field that is absent.
 *
 * @param at where the table begins
 */
record FlatTable(ByteBuffer file, int at) {
    static FlatTable root(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return new FlatTable(buffer, buffer.getInt(0));
    }

    private int field(int id) {
        int vtable = at - file.getInt(at);
        int entry = 4 + 2 * id;
        int distance = entry < file.getShort(vtable) ? file.getShort(vtable + entry) : 0;
        return distance == 0 ? 0 : at + distance;
    }

    int i8(int id, int otherwise) {
        int where = field(id);
        return where == 0 ? otherwise : file.get(where);
    }

    int i32(int id, int otherwise) {
        int where = field(id);
        return where == 0 ? otherwise : file.getInt(where);
    }

    float f32(int id, float otherwise) {
        int where = field(id);
        return where == 0 ? otherwise : file.getFloat(where);
    }

    /** Where what a field refers to begins; 0 if it is absent. */
    private int target(int id) {
        int where = field(id);
        return where == 0 ? 0 : where + file.getInt(where);
    }

    FlatTable table(int id) {
        int target = target(id);
        return target == 0 ? null : new FlatTable(file, target);
    }

    int length(int id) {
        int target = target(id);
        return target == 0 ? 0 : file.getInt(target);
    }

    FlatTable table(int id, int index) {
        int where = target(id) + 4 + 4 * index;
        return new FlatTable(file, where + file.getInt(where));
    }

    int i32At(int id, int index) {
        return file.getInt(target(id) + 4 + 4 * index);
    }

    long i64At(int id, int index) {
        return file.getLong(target(id) + 4 + 8 * index);
    }

    float f32At(int id, int index) {
        return file.getFloat(target(id) + 4 + 4 * index);
    }

    byte[] bytes(int id) {
        byte[] bytes = new byte[length(id)];
        file.get(target(id) + 4, bytes);
        return bytes;
    }

    String text(int id) {
        return target(id) == 0 ? "" : new String(bytes(id), StandardCharsets.UTF_8);
    }
}
