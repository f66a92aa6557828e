package dev.tern.importers.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes safetensors files: the length of a JSON header as a little-endian 64-bit integer, the header, the tensors.
 *
 * <p>The bytes follow from the tensors alone: names in ascending order, the header padded with spaces so that the data
 * begins at a multiple of 8, as the reference implementation does. The metadata record the tensors' layout, so that no
 * reader has to guess it, and what else Tern has to say of the file.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {
    }

    /**
     * The whole file, its tensors as F32.
     *
     * @param tensors by name, of less than 2 GiB together
     */
    public static byte[] bytes(Map<String, Tensor.Floats> tensors) {
        return bytes(tensors, Map.of());
    }

    /**
     * The same.
     *
     * @param notes what is to be recorded beside the tensors, by keys that begin with {@code tern.}
     */
    public static byte[] bytes(Map<String, Tensor.Floats> tensors, Map<String, String> notes) {
        SortedMap<String, Stored> stored = new TreeMap<>();
        tensors.forEach((name, tensor) -> stored.put(name,
                new Stored("F32", Arrays.stream(tensor.shape().toArray()).asLongStream().toArray(),
                        littleEndian(tensor.values()))));
        return bytes(stored, notes);
    }

    /**
     * The whole file: floats as F32, bytes as they are.
     *
     * @param source tensors of less than 2 GiB together
     * @throws IOException if the source cannot be read
     */
    public static byte[] bytes(TensorSource source) throws IOException {
        SortedMap<String, Stored> stored = new TreeMap<>();
        for (TensorEntry entry : source.entries()) {
            long[] shape = entry.dimensions().stream().mapToLong(Long::longValue).toArray();
            stored.put(entry.name(), entry.type().floating()
                    ? new Stored("F32", shape, littleEndian(source.floats(entry)))
                    : new Stored(entry.type().name(), shape, source.bytes(entry)));
        }
        return bytes(stored, source.notes());
    }

    /** A tensor as it lies in the file. */
    private record Stored(String type, long[] shape, byte[] bytes) {
    }

    private static byte[] littleEndian(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] bytes(SortedMap<String, Stored> tensors, Map<String, String> notes) {
        byte[] header = header(tensors, notes);
        int data = tensors.values().stream().mapToInt(t -> t.bytes.length).reduce(0, Math::addExact);
        ByteBuffer file = ByteBuffer.allocate(Math.addExact(Long.BYTES + header.length, data))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        tensors.values().forEach(tensor -> file.put(tensor.bytes));
        return file.array();
    }

    private static byte[] header(SortedMap<String, Stored> tensors, Map<String, String> notes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            long offset = 0;
            json.writeStartObject();
            json.writeObjectFieldStart("__metadata__");
            json.writeStringField("tern.layout", ParameterLayout.TERN.word());
            for (Map.Entry<String, String> note : new TreeMap<>(notes).entrySet()) {
                json.writeStringField(note.getKey(), note.getValue());
            }
            json.writeEndObject();
            for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
                Stored tensor = entry.getValue();
                long end = offset + tensor.bytes.length;
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", tensor.type);
                json.writeFieldName("shape");
                json.writeArray(tensor.shape, 0, tensor.shape.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[]{offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
