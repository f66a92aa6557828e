package dev.tern.importers.safetensors;

import static dev.tern.importers.safetensors.SafetensorsBytes.entry;
import static dev.tern.importers.safetensors.SafetensorsBytes.file;
import static dev.tern.importers.safetensors.SafetensorsBytes.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.importers.Opened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFormatTest {
    @TempDir
    private Path folder;

    private TensorSource open(byte[] content) throws IOException {
        return Opened.open(Files.write(folder.resolve("m.safetensors"), content));
    }

    @Test
    void readsEveryFloatTypeRowMajor() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24 + 16 + 4 + 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : new float[]{1, -0f, Float.MIN_VALUE, 4, 5, 6}) {
            data.putFloat(value);
        }
        data.putDouble(0.1).putDouble(1e300);
        data.putShort(Float.floatToFloat16(65504f)).putShort((short) 0x0001);
        data.putShort((short) 0x3f80).putShort((short) 0xc000);
        byte[] content = file(header("\"__metadata__\":{\"format\":\"pt\"}", entry("a.weight", "F32", "[2,3]", 0, 24),
                entry("double", "F64", "[2]", 24, 40), entry("half", "F16", "[2,1]", 40, 44),
                entry("brain", "BF16", "[2]", 44, 48)) + "   ", data.array());
        try (TensorSource source = open(content)) {
            List<TensorEntry> entries = source.entries();
            assertThat(source.name()).isEqualTo("m.safetensors");
            assertThat(source.layout()).isEmpty();
            assertThat(entries).extracting(TensorEntry::name).containsExactly("a.weight", "double", "half", "brain");
            assertThat(entries.get(0).describe()).isEqualTo("F32[2, 3]");
            assertThat(entries).extracting(TensorEntry::type).containsExactly(DataType.F32, DataType.F64, DataType.F16,
                    DataType.BF16);
            assertThat(source.floats(entries.get(0))).containsExactly(1, -0f, Float.MIN_VALUE, 4, 5, 6);
            assertThat(source.floats(entries.get(1))).containsExactly(0.1f, Float.POSITIVE_INFINITY);
            assertThat(source.floats(entries.get(2))).containsExactly(65504f, 0x1p-24f);
            assertThat(source.floats(entries.get(3))).containsExactly(1f, -2f);
            assertThat(source.floats(entries.get(0))).as("again").hasSize(6);
        }
    }

    @Test
    void readsTheLayoutThatTheFileRecords() throws IOException {
        for (ParameterLayout layout : ParameterLayout.values()) {
            byte[] content = file(header("\"__metadata__\":{\"a\":\"b\",\"tern.layout\":\"" + layout.word() + "\"}"),
                    new byte[0]);
            try (TensorSource source = open(content)) {
                assertThat(source.layout()).contains(layout);
            }
        }
        try (TensorSource source = open(file(header("\"__metadata__\":{\"tern.layout\":\"jax\"}"), new byte[0]))) {
            assertThat(source.layout()).isEmpty();
        }
    }

    @Test
    void readsBytesScalarsAndEmptyTensors() throws IOException {
        byte[] content = file(header(entry("codes", "I8", "[3]", 4, 7), entry("packed", "U8", "[1,2]", 7, 9),
                entry("scale", "F32", "[]", 0, 4), entry("none", "F32", "[0,7]", 9, 9)),
                new byte[]{0, 0, 0, 64, -1, 0, 1, (byte) 200, 3});
        try (TensorSource source = open(content)) {
            List<TensorEntry> entries = source.entries();
            assertThat(source.bytes(entries.get(0))).containsExactly(-1, 0, 1);
            assertThat(source.bytes(entries.get(1))).containsExactly((byte) 200, 3);
            assertThat(source.floats(entries.get(2))).containsExactly(2f);
            assertThat(source.floats(entries.get(3))).isEmpty();
            assertThatThrownBy(() -> source.floats(entries.get(0))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("I8[3] holds no floats");
            assertThatThrownBy(() -> source.bytes(entries.get(2))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("F32[] holds no bytes");
        }
    }

    @Test
    void listsTypesThatItDoesNotRead() throws IOException {
        byte[] content = file(header(entry("steps", "I64", "[2]", 0, 16), entry("flag", "BOOL", "[1]", 16, 17),
                entry("tiny", "F4", "[3]", 17, 19)), 19);
        try (TensorSource source = open(content)) {
            assertThat(source.entries()).extracting(TensorEntry::type).containsOnly(DataType.OTHER);
            assertThat(source.entries()).extracting(TensorEntry::describe).containsExactly("I64[2]", "BOOL[1]",
                    "F4[3]");
        }
    }

    @Test
    void tellsTheByteAtWhichATensorIsListed() throws IOException {
        String header = header(entry("a", "U8", "[1]", 0, 1), entry("b", "U8", "[1]", 1, 2));
        try (TensorSource source = open(file(header, 2))) {
            assertThat(source.entries()).extracting(entry -> entry.position().toString()).containsExactly(
                    "FilePosition[file=m.safetensors, offset=9, part=tensor a]",
                    "FilePosition[file=m.safetensors, offset=" + (8 + header.indexOf("\"b\"")) + ", part=tensor b]");
        }
    }

    @Test
    void readsManyChunks() throws IOException {
        int count = 100_003;
        ByteBuffer data = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putFloat(i);
        }
        try (TensorSource source = open(
                file(header(entry("w", "F32", "[" + count + "]", 0, 4L * count)), data.array()))) {
            float[] values = source.floats(source.entries().get(0));
            for (int i = 0; i < count; i++) {
                assertThat(values[i]).isEqualTo(i);
            }
        }
    }

    @Test
    void failsWithAnIoExceptionIfTheFileShrinks() throws IOException {
        Path file = Files.write(folder.resolve("m.safetensors"),
                file(header(entry("w", "F32", "[2]", 0, 8)), 8));
        try (TensorSource source = Opened.open(file)) {
            Files.write(file, new byte[3]);
            assertThatThrownBy(() -> source.floats(source.entries().get(0))).isInstanceOf(IOException.class)
                    .hasMessageContaining("bytes early");
        }
    }
}
