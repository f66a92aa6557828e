package dev.tern.benchmarks.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy differs in the answers alone, and a JVM takes it. */
class Avx2RuntimeTest {
    @TempDir
    private Path folder;

    /** Begins ONNX Runtime. */
    static final class Starts {
        private Starts() {
        }

        /** Prints the version of the library that was loaded. */
        public static void main(String[] arguments) {
            System.out.println("ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion());
        }
    }

    @Test
    void aFewBytesDiffer() throws Exception {
        assumeTrue(Avx2Runtime.possible(), "ONNX Runtime for Linux on x86-64");
        Avx2Runtime.into(folder);
        byte[] held = Files.readAllBytes(folder.resolve("libonnxruntime.so"));
        byte[] original;
        try (InputStream in = OrtSession.class.getResourceAsStream(
                "/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
            original = in.readAllBytes();
        }
        assertThat(held).hasSameSizeAs(original);
        int different = 0;
        for (int i = 0; i < held.length; i++) {
            different += held[i] == original[i] ? 0 : 1;
        }
        // Three tables of kernels and the look of the library itself ask for registers, the tables for products of
        // bytes.
        assertThat(different).isEqualTo(4 * 3 + 3 * 2);
    }

    @Test
    void aJvmTakesIt() throws Exception {
        assumeTrue(Avx2Runtime.possible(), "ONNX Runtime for Linux on x86-64");
        Avx2Runtime.into(folder);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString()));
        command.addAll(Avx2Runtime.options(folder));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:library=info", "-cp", System.getProperty(
                "java.class.path"), Starts.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("ONNX Runtime 1.", folder.resolve("libonnxruntime.so").toString());
    }
}
