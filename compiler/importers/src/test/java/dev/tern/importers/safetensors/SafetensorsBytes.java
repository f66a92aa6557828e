package dev.tern.importers.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds files for tests, well-formed or not. */
final class SafetensorsBytes {
    private SafetensorsBytes() {
    }

    /** A file with that header and so many bytes of data, 0, 1, 2 and so on. */
    static byte[] file(String header, int dataBytes) {
        byte[] data = new byte[dataBytes];
        for (int i = 0; i < dataBytes; i++) {
            data[i] = (byte) i;
        }
        return file(header, data);
    }

    static byte[] file(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return withLength(text.length, text, data);
    }

    /** A file whose header claims any length. */
    static byte[] withLength(long length, byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length)
                .put(header).put(data).array();
    }

    /** {@code "name":{"dtype":"F32",...}}. */
    static String entry(String name, String dtype, String shape, long start, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + start + ","
                + end + "]}";
    }

    static String header(String... entries) {
        return "{" + String.join(",", entries) + "}";
    }
}
