package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A command loads what it needs: parsers of foreign formats and other commands cost a start that has no use for them.
 */
class LoadedClassesTest {
    private static final List<String> FOREIGN = List.of("com.google.protobuf.", "com.google.flatbuffers.",
            "dev.tern.importers.onnx.", "dev.tern.importers.tflite.", "dev.tern.importers.export.", "org.nd4j.",
            "dev.tern.languageserver.", "com.sun.net.httpserver.", "java.awt.", "javax.imageio.");

    @TempDir
    private Path folder;

    @Test
    void runLoadsNoParserOfForeignFormatsAndNoOtherCommand() throws Exception {
        Path models = Path.of(System.getProperty("tern.root"), "models", "digits");
        Path log = folder.resolve("loaded.txt");
        ChildProcess run = ChildProcess.run(folder, List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + log + "::filecount=0", "-cp", System.getProperty("java.class.path"),
                "dev.tern.cli.Main", "run", models.toString(), "--input",
                models.resolve("samples/seven.png").toString()));
        assertThat(run.exitCode()).isZero();
        List<String> loaded = Files.readAllLines(log).stream().map(line -> line.replaceFirst("^(\\[[^]]*])+ ?", ""))
                .map(line -> line.split(" ")[0]).toList();
        assertThat(loaded).contains("dev.tern.cli.RunCommand", "dev.tern.compiler.ModelReader");
        assertThat(loaded.stream().filter(name -> FOREIGN.stream().anyMatch(name::startsWith))).isEmpty();
        assertThat(loaded.stream().filter(name -> name.matches("dev\\.tern\\.cli\\.[A-Z]\\w*Command")))
                .containsExactlyInAnyOrder("dev.tern.cli.TernCommand", "dev.tern.cli.RunCommand",
                        "dev.tern.cli.ModelCommand");
    }
}
