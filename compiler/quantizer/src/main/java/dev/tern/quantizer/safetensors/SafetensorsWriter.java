package dev.tern.quantizer.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tern.compiler.graph.Tensor;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes safetensors files: the length of a JSON header as a little-endian 64-bit integer, the header, the tensors.
 *
 * <p>The bytes follow from the tensors alone: names in ascending order, the header padded with spaces so that the data
 * begins at a multiple of 8, as the reference implementation does.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {
    }

    /**
     * Writes tensors as F32. The file appears whole or not at all: it is written beside its place and then moved there.
     *
     * @param tensors by name
     * @throws IOException if the folder cannot be written
     */
    public static void write(Path file, Map<String, Tensor.Floats> tensors) throws IOException {
        Path target = file.toAbsolutePath();
        Path part = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
                write(out, new TreeMap<>(tensors));
            }
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void write(OutputStream out, SortedMap<String, Tensor.Floats> tensors) throws IOException {
        byte[] header = header(tensors);
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
        out.write(header);
        for (Tensor.Floats tensor : tensors.values()) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, tensor.values().length));
            bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.values());
            out.write(bytes.array());
        }
    }

    private static byte[] header(SortedMap<String, Tensor.Floats> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            long offset = 0;
            json.writeStartObject();
            for (Map.Entry<String, Tensor.Floats> entry : tensors.entrySet()) {
                int[] shape = entry.getValue().shape().toArray();
                long end = offset + (long) Float.BYTES * entry.getValue().values().length;
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", "F32");
                json.writeFieldName("shape");
                json.writeArray(shape, 0, shape.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[]{offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
