package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.foreign.SmallOnnx;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as most people have it: without the library that it compares with where somebody put it. */
class WithoutOnnxRuntimeTest {
    @TempDir
    private Path folder;

    @Test
    void saysWhatComparingTakes() throws Exception {
        String said = run("bench", Path.of(System.getProperty("tern.root"), "models").toString(), "--suite", "edge",
                "--only", "sww-1bit", "--beside", folder.toString());
        assertThat(said).contains("tern: --beside takes ONNX Runtime (com.microsoft.onnxruntime:onnxruntime), whose"
                + " jar is not on the class path");
    }

    @Test
    void checksAnImportByWhatTheFileHas() throws Exception {
        Path model = SmallOnnx.write(folder.resolve("small.onnx"), "ReduceSum");
        Path inputs = Files.write(folder.resolve("inputs.safetensors"), SafetensorsWriter.bytes(Map.of("picture",
                new Tensor.Floats(Shape.of(1, 2, 1, 2), new float[]{
                    1, 3, 2, 4}))));
        assertThat(run("import", model.toString(), "-o", folder.resolve("small").toString(), "--check", inputs
                .toString())).contains("the file holds none of the model's outputs",
                        "with ONNX Runtime on the class path inputs are enough");
    }

    private String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-cp", Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("onnxruntime")).collect(Collectors.joining(
                                File.pathSeparator)),
                "dev.tern.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isNotZero();
        return said;
    }
}
