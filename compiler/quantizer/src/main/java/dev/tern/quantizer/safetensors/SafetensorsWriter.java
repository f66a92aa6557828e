package dev.tern.quantizer.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes safetensors files: the length of a JSON header as a little-endian 64-bit integer, the header, the tensors.
 *
 * <p>The bytes follow from the tensors alone: names in ascending order, the header padded with spaces so that the data
 * begins at a multiple of 8, as the reference implementation does. The metadata record the tensors' layout, so that no
 * reader has to guess it.
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
        SortedMap<String, Tensor.Floats> sorted = new TreeMap<>(tensors);
        byte[] header = header(sorted);
        int elements = sorted.values().stream().mapToInt(t -> t.values().length).reduce(0, Math::addExact);
        int length = Math.addExact(Long.BYTES + header.length, Math.multiplyExact(Float.BYTES, elements));
        ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        for (Tensor.Floats tensor : sorted.values()) {
            for (float value : tensor.values()) {
                file.putFloat(value);
            }
        }
        return file.array();
    }

    private static byte[] header(SortedMap<String, Tensor.Floats> tensors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            long offset = 0;
            json.writeStartObject();
            json.writeObjectFieldStart("__metadata__");
            json.writeStringField("tern.layout", ParameterLayout.TERN.word());
            json.writeEndObject();
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
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
