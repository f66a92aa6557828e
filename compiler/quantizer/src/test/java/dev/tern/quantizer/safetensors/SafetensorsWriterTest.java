package dev.tern.quantizer.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    private static Map<String, Tensor.Floats> tensors() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        tensors.put("b.weight", new Tensor.Floats(Shape.of(2, 2), new float[]{1f, -2.5f, Float.MIN_VALUE, 1e30f}));
        tensors.put("a.gamma", Tensor.of(0.1f));
        return tensors;
    }

    @Test
    void headerAndDataAreTheFormats() throws IOException {
        Path file = folder.resolve("x.safetensors");
        SafetensorsWriter.write(file, tensors());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8).strip()).isEqualTo("""
                {"a.gamma":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
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
    void orderOfTheMapDoesNotMatter() throws IOException {
        Map<String, Tensor.Floats> reversed = new LinkedHashMap<>();
        tensors().entrySet().stream().toList().reversed().forEach(e -> reversed.put(e.getKey(), e.getValue()));
        SafetensorsWriter.write(folder.resolve("x"), tensors());
        SafetensorsWriter.write(folder.resolve("y"), reversed);
        assertThat(folder.resolve("x")).hasSameBinaryContentAs(folder.resolve("y"));
    }

    @Test
    void replacesAndLeavesNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "old");
        SafetensorsWriter.write(file, tensors());
        SafetensorsWriter.write(file, tensors());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aMissingFolderIsAnError() {
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("no/x"), tensors()))
                .isInstanceOf(NoSuchFileException.class);
    }
}
