package dev.tern.importers.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsWriterTest {
    private static Map<String, Tensor.Floats> tensors() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        tensors.put("b.weight", new Tensor.Floats(Shape.of(2, 2), new float[]{1f, -2.5f, Float.MIN_VALUE, 1e30f}));
        tensors.put("a.gamma", Tensor.of(0.1f));
        return tensors;
    }

    @Test
    void headerAndDataAreTheFormats() {
        ByteBuffer bytes = ByteBuffer.wrap(SafetensorsWriter.bytes(tensors())).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8).strip()).isEqualTo("""
                {"__metadata__":{"tern.layout":"tern"},"a.gamma":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
                "b.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]}}""");
        assertThat(bytes.position() % 8).isZero();
        assertThat(bytes.getFloat()).isEqualTo(0.1f);
        assertThat(bytes.getFloat()).isEqualTo(1f);
        assertThat(bytes.getFloat()).isEqualTo(-2.5f);
        assertThat(bytes.getFloat()).isEqualTo(Float.MIN_VALUE);
        assertThat(bytes.getFloat()).isEqualTo(1e30f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void orderOfTheMapDoesNotMatter() {
        Map<String, Tensor.Floats> reversed = new LinkedHashMap<>();
        tensors().entrySet().stream().toList().reversed().forEach(e -> reversed.put(e.getKey(), e.getValue()));
        assertThat(SafetensorsWriter.bytes(reversed)).isEqualTo(SafetensorsWriter.bytes(tensors()));
    }
}
