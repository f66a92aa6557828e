package dev.tern.importers.safetensors;

import static dev.tern.importers.safetensors.SafetensorsBytes.entry;
import static dev.tern.importers.safetensors.SafetensorsBytes.file;
import static dev.tern.importers.safetensors.SafetensorsBytes.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.importers.Opened;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** One wrong file per message: what the writer of the file gets to read. */
class MalformedSafetensorsTest {
    private static final String GOOD = entry("w", "F32", "[2]", 0, 8);

    @TempDir
    private Path folder;

    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("empty", new byte[0]);
        files.put("too short", new byte[9]);
        files.put("header of 2^60 bytes", SafetensorsBytes.withLength(1L << 60, "{}".getBytes(), new byte[0]));
        files.put("header of 2^64 - 1 bytes", SafetensorsBytes.withLength(-1, "{}".getBytes(), new byte[0]));
        files.put("truncated header", SafetensorsBytes.withLength(100, "{\"w\"".getBytes(), new byte[0]));
        files.put("no brace", file(" {}", 0));
        files.put("UTF-16", SafetensorsBytes.withLength(4, new byte[]{'{', 0, '}', 0}, new byte[0]));
        files.put("not JSON", file("{\"w\":}", 0));
        files.put("header ends early", file("{\"w\":{\"dtype\":\"F32\",", 0));
        files.put("not UTF-8", SafetensorsBytes.withLength(6, new byte[]{'{', '"', -1, -2, '"', ':'}, new byte[0]));
        files.put("nesting", file("{\"w\":{\"x\":" + "[".repeat(200_000), 0));
        files.put("second object", file("{}{}", 0));
        files.put("duplicate tensor", file(header(GOOD, GOOD), 8));
        files.put("duplicate key", file("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}", 0));
        files.put("entry is no object", file("{\"w\":[]}", 0));
        files.put("metadata is no text", file("{\"__metadata__\":{\"epoch\":3}}", 0));
        files.put("dtype is no text", file("{\"w\":{\"dtype\":32}}", 0));
        files.put("unknown dtype", file(header(entry("w", "F31", "[2]", 0, 8)), 8));
        files.put("key missing", file("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8));
        files.put("shape is no list", file("{\"w\":{\"shape\":4}}", 0));
        files.put("negative dimension", file(header(entry("w", "F32", "[-2]", 0, 8)), 8));
        files.put("fractional dimension", file(header(entry("w", "F32", "[2.5]", 0, 8)), 8));
        files.put("huge dimension", file(header(entry("w", "F32", "[99999999999999999999]", 0, 8)), 8));
        files.put("long number", file(header(entry("w", "F32", "[" + "9".repeat(10_000) + "]", 0, 8)), 8));
        files.put("overflowing shape", file(header(entry("w", "F32", "[4294967296,4294967296]", 0, 8)), 8));
        files.put("many dimensions", file(header(entry("w", "F32", "[" + "1,".repeat(99) + "2]", 0, 8)), 8));
        files.put("three offsets", file("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}}", 8));
        files.put("reversed offsets", file(header(entry("w", "F32", "[2]", 8, 0)), 8));
        files.put("offsets and shape differ", file(header(entry("w", "F32", "[3]", 0, 8)), 8));
        files.put("outside the file", file(header(entry("w", "F32", "[1000]", 0, 4000)), 8));
        files.put("far outside", file(header(entry("w", "U8", "[1]", Long.MAX_VALUE - 1, Long.MAX_VALUE)), 8));
        files.put("overlap", file(header(entry("v", "F32", "[2]", 0, 8), entry("w", "F32", "[2]", 4, 12)), 12));
        files.put("gap", file(header(entry("v", "F32", "[1]", 0, 4), entry("w", "F32", "[1]", 8, 12)), 12));
        files.put("trailing bytes", file(header(GOOD), 11));
        files.put("data without tensors", file("{}", 3));
        files.put("hostile name", file(header(entry("\\u001b[2Jw\\n" + "x".repeat(400), "F31", "[2]", 0, 8)), 8));
        files.put("endless name", file("{\"" + "x".repeat(100_000) + "\":{}}", 0));
        files.put("two tensors wrong",
                file(header(entry("v", "F31", "[1]", 0, 4), entry("w", "F32", "[1]", 4, 9)), 9));
        return files;
    }

    @TestFactory
    List<DynamicTest> saysWhatIsWrong() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, String> expected = golden();
        files().forEach((name, content) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            String said = Opened.diagnose(folder, "m.safetensors", content);
            assertThat(said).startsWith("error[T0502]: ");
            assertThat(said.strip()).isEqualTo(expected.get(name));
        })));
        assertThat(expected.keySet()).containsExactlyElementsOf(files().keySet());
        return tests;
    }

    private Map<String, String> golden() throws IOException {
        Path file = Path.of("src", "test", "resources", "safetensors", "malformed.txt");
        if (System.getProperty("golden.update") != null) {
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, byte[]> entry : files().entrySet()) {
                text.append("== ").append(entry.getKey()).append('\n')
                        .append(Opened.diagnose(folder, "m.safetensors", entry.getValue()).strip()).append("\n\n");
            }
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        Map<String, String> sections = new LinkedHashMap<>();
        for (String section : Files.readString(file).split("(?m)^== ")) {
            int end = section.indexOf('\n');
            if (end > 0) {
                sections.put(section.substring(0, end), section.substring(end + 1).strip());
            }
        }
        return sections;
    }

    @Test
    void saysThatThereIsNoFile() throws IOException {
        assertThat(Opened.diagnose(folder.resolve("none.safetensors")))
                .isEqualTo("error[T0501]: none.safetensors does not exist\n --> none.safetensors\n");
        Path inner = Files.createDirectory(folder.resolve("folder.safetensors"));
        assertThat(Opened.diagnose(inner))
                .isEqualTo("error[T0501]: folder.safetensors is a folder, not a file\n --> folder.safetensors\n");
        Diagnostics diagnostics = new Diagnostics();
        assertThat(new SafetensorsFormat().open(Path.of("/dev/zero"), "zero", diagnostics)).isEmpty();
        assertThat(diagnostics.list()).singleElement().extracting(Diagnostic::message)
                .isEqualTo("zero is not a regular file");
    }

    @Test
    void refusesALongHeaderThatIsReallyThere() throws IOException {
        Path file = folder.resolve("m.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(SafetensorsBytes.withLength(17 << 20, "{}".getBytes(), new byte[0]));
            sparse.setLength(1L << 40);
        }
        assertThat(Opened.diagnose(file)).isEqualTo("""
                error[T0502]: the header is too long
                 --> m.safetensors at byte 0, header length: it says 17825792 bytes, the most is 16777216
                """);
    }

    @Test
    void refusesAnUnreadableFile() throws IOException {
        Path file = Files.write(folder.resolve("m.safetensors"), file("{}", 0));
        org.junit.jupiter.api.Assumptions.assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file),
                "this user reads everything");
        assertThat(Opened.diagnose(file)).isEqualTo(
                "error[T0501]: m.safetensors cannot be read: access is denied\n --> m.safetensors\n");
    }
}
