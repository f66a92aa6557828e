package dev.tern.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Arrays as NumPy writes them. */
final class NpyFile {
    private NpyFile() {
    }

    /** Writes f32 values. */
    static Path write(Path file, int[] shape, float... values) throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + Arrays.stream(shape)
                .mapToObj(Integer::toString).collect(Collectors.joining(", ")) + ",), }";
        byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0)
                .putShort((short) text.length).put(text);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Files.write(file, bytes.array());
    }
}
