package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to break the compiler: a diagnostic with a place and 1, within seconds and 512 MB, and nothing written. */
class HostileFilesIT {
    private static final String DENSE = "model M(x: f32[4]) -> (y: f32[2]) {\n    parameters \"%s\"\n\n"
            + "    y = x |> dense(2, weights: float, activations: float)\n}\n";

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        Files.createDirectory(folder.resolve("model"));
        model = write(DENSE.formatted("m.safetensors"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("model/m.tern"), text);
    }

    private void assertRefused(String code, String... parts) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                        "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("compile", model.toString(), "-o", "out/m.jar"));
        ChildProcess result = ChildProcess.run(folder, 20, command);
        assertThat(result.err()).startsWith("error[" + code + "]: ").contains(" --> ").contains(parts);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("model"));
        }
    }

    private void parameters(long headerLength, String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(folder.resolve("model/m.safetensors"), file.putLong(headerLength).put(text).put(data).array());
    }

    private void tensors(String header, float... values) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        parameters(header.length(), header, data.array());
    }

    @Test
    void aHeaderOfTwoToTheSixty() throws Exception {
        parameters(1L << 60, "{}", new byte[0]);
        assertRefused("T0502", "m.safetensors at byte 0");
    }

    @Test
    void aTruncatedFile() throws Exception {
        Files.write(folder.resolve("model/m.safetensors"), new byte[]{1, 2, 3});
        assertRefused("T0502", "m.safetensors");
    }

    @Test
    void tensorsThatOverlap() throws Exception {
        tensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"y.dense.weight\":{\"dtype\":\"F32\",\"shape\":[2,4],\"data_offsets\":[4,36]}}", new float[9]);
        assertRefused("T0502", "m.safetensors at byte ");
    }

    @Test
    void aShapeWhoseProductOverflows() throws Exception {
        tensors("{\"y.dense.weight\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4],"
                + "\"data_offsets\":[0,32]}}", new float[8]);
        assertRefused("T0502", "y.dense.weight");
    }

    @Test
    void aParameterThatIsNoNumber() throws Exception {
        tensors("{\"y.dense.weight\":{\"dtype\":\"F32\",\"shape\":[2,4],\"data_offsets\":[0,32]}}", 0, 1, 2, 3, 4,
                Float.NaN, 6, 7);
        assertRefused("T0506", "y.dense.weight");
    }

    @Test
    void nestingTwentyThousandDeep() throws Exception {
        write("model M(x: f32[4]) -> (y: f32[4]) {\n    y = " + "(".repeat(20_000) + "x" + ")".repeat(20_000)
                + "\n}\n");
        assertRefused("T0004", "m.tern:2:");
        write("model M(x: f32[4]) -> (y: f32[4]) {\n    y = " + "relu(".repeat(20_000) + "x" + ")".repeat(20_000)
                + "\n}\n");
        assertRefused("T0004", "m.tern:2:");
        write("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x" + " + x".repeat(20_000) + "\n}\n");
        assertRefused("T0004", "m.tern:2:");
    }

    @Test
    void aBillionRepetitions() throws Exception {
        write("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x |> repeat(1000000000, relu)\n}\n");
        assertRefused("T0305", "m.tern:2:");
        write("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x |> repeat(50000, repeat(50000, repeat(50000, relu)))\n}\n");
        assertRefused("T0305", "m.tern:2:");
    }

    @Test
    void shapesTooLargeForAnyone() throws Exception {
        write("model M(x: f32[1000000, 1000000]) -> (y: f32[4]) {\n    y = x |> flatten |> slice(0, 4)\n}\n");
        assertRefused("T0303", "m.tern:1:");
    }

    @Test
    void parametersOutsideOfTheFolder() throws Exception {
        Files.writeString(folder.resolve("model/secret.safetensors"), "secret");
        write(DENSE.formatted("../model/secret.safetensors"));
        assertRefused("T0507", "m.tern:2:", "climbs out of the model's folder");
        write(DENSE.formatted("/etc/passwd"));
        assertRefused("T0507", "m.tern:2:", "absolute path");
    }

    @Test
    void bytesThatAreNoText() throws Exception {
        Files.write(model, new byte[]{'m', 'o', (byte) 0xff, (byte) 0xfe});
        assertRefused("T0001", "m.tern at byte 2");
    }

    @Test
    void aTextWithoutEnd() throws Exception {
        Files.write(model, new byte[64 << 20]);
        assertRefused("T0007", "m.tern");
    }
}
