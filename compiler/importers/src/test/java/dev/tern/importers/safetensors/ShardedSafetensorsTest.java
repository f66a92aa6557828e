package dev.tern.importers.safetensors;

import static dev.tern.importers.safetensors.SafetensorsBytes.entry;
import static dev.tern.importers.safetensors.SafetensorsBytes.file;
import static dev.tern.importers.safetensors.SafetensorsBytes.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsTest {
    @TempDir
    private Path folder;

    private final Diagnostics diagnostics = new Diagnostics();

    private static byte[] one(String name, float value) {
        return file(header(entry(name, "F32", "[1]", 0, 4)),
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    private Optional<TensorSource> open(String index) throws IOException {
        Path file = Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        return ParameterFormat.of(file).orElseThrow().open(file, "index.json", diagnostics);
    }

    private void refused(String index, String message) throws IOException {
        Diagnostics fresh = new Diagnostics();
        Path file = Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        assertThat(ParameterFormat.of(file).orElseThrow().open(file, "index.json", fresh)).isEmpty();
        assertThat(DiagnosticRenderer.render(fresh.list())).contains(message);
    }

    @Test
    void tensorsComeFromTheFilesThatTheIndexNames() throws IOException {
        Files.write(folder.resolve("a.safetensors"), one("first", 1.5f));
        Files.write(folder.resolve("b.safetensors"), one("second", -2f));
        try (TensorSource source = open("""
                {"metadata": {"total_size": 8},
                 "weight_map": {"first": "a.safetensors", "second": "b.safetensors"}}""").orElseThrow()) {
            assertThat(source.entries()).extracting(TensorEntry::name).containsExactly("first", "second");
            assertThat(source.floats(source.entries().get(1))).containsExactly(-2f);
            assertThat(source.floats(source.entries().get(0))).containsExactly(1.5f);
        }
    }

    /** Of several files one suffices to say the layout, and what Tern recorded. */
    @Test
    void whatTheFilesRecordGoesForAll() throws IOException {
        Map<String, Tensor.Floats> tensor = Map.of("second", Tensor.of(-2));
        Files.write(folder.resolve("a.safetensors"), one("first", 1.5f));
        Files.write(folder.resolve("b.safetensors"), SafetensorsWriter.bytes(tensor, Map.of("tern.noise", "0.5..8")));
        try (TensorSource source = open("""
                {"weight_map": {"first": "a.safetensors", "second": "b.safetensors"}}""").orElseThrow()) {
            assertThat(source.layout()).contains(ParameterLayout.TERN);
            assertThat(source.notes()).isEqualTo(Map.of("tern.noise", "0.5..8"));
        }
        Files.write(folder.resolve("c.safetensors"), SafetensorsWriter.bytes(Map.of("third", Tensor.of(3)),
                Map.of("tern.noise", "0.5..4")));
        refused("{\"weight_map\": {\"second\": \"b.safetensors\", \"third\": \"c.safetensors\"}}",
                "the files record two values of tern.noise");
        Files.write(folder.resolve("d.safetensors"), file(header("\"__metadata__\":{\"tern.layout\":\"pytorch\"}",
                entry("fourth", "F32", "[1]", 0, 4)), new byte[4]));
        refused("{\"weight_map\": {\"second\": \"b.safetensors\", \"fourth\": \"d.safetensors\"}}",
                "the files are of two layouts");
    }

    @Test
    void whatIsWrongWithAnIndexIsSaid() throws IOException {
        Files.write(folder.resolve("a.safetensors"), one("first", 1.5f));
        Files.write(folder.resolve("b.safetensors"), one("first", 2f));
        refused("[]", "the index is no JSON object");
        refused("{\"weight_map\": ", "the index is not valid JSON");
        refused("{\"metadata\": {}}", "the index names no tensors");
        refused("{\"weight_map\": {\"first\": 3}}", "tensor first is not in one file");
        refused("{\"weight_map\": {\"first\": \"../a.safetensors\"}}", "climbs out of the model's folder");
        refused("{\"weight_map\": {\"first\": \"c.safetensors\"}}", "there is no file");
        refused("{\"weight_map\": {\"other\": \"a.safetensors\"}}", "tensor other is in none of the files");
        refused("{\"weight_map\": {\"first\": \"a.safetensors\", \"x\": \"b.safetensors\"}}",
                "two of the files hold a tensor of one name");
    }

    @Test
    void packedTernaryWeightsAreCodesWithAScale() throws IOException {
        // Rows r, r + 2, r + 4 and r + 6 of column 0: -1, 0, 1, -1; of the rest 0.
        byte first = 0b00_10_01_00;
        byte zeros = 0b01_01_01_01;
        ByteBuffer data = ByteBuffer.allocate(6 + 2 + 2).order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[]{first, zeros, zeros, zeros, zeros, zeros}).putShort((short) 0x3f00).put((byte) 7)
                .put((byte) 8);
        Path file = Files.write(folder.resolve("m.safetensors"), file(header(
                entry("q.weight", "U8", "[2,3]", 0, 6), entry("q.weight_scale", "BF16", "[1]", 6, 8),
                entry("other", "U8", "[2]", 8, 10)), data.array()));
        try (TensorSource source = ParameterFormat.of(file).orElseThrow().open(file, "m", diagnostics).orElseThrow()) {
            assertThat(source.entries()).extracting(TensorEntry::name).containsExactly("q.weight.codes",
                    "q.weight.scale", "other");
            assertThat(source.entries().get(0).describe()).isEqualTo("I8[8, 3]");
            assertThat(source.entries().get(1).describe()).isEqualTo("BF16[]");
            byte[] codes = new byte[24];
            codes[0] = -1;
            codes[12] = 1;
            codes[18] = -1;
            assertThat(source.bytes(source.entries().get(0))).isEqualTo(codes);
            assertThat(source.floats(source.entries().get(1))).containsExactly(0.5f);
            assertThat(source.bytes(source.entries().get(2))).containsExactly(7, 8);
        }
    }
}
