package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever lies in a model's folder, no command waits for a pipe, drinks from a device or follows a link out. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenedFilesTest {
    private static final Pattern OPENS = Pattern.compile("Files\\.(newInputStream|readAllBytes|readString|readAllLines"
            + "|lines|newBufferedReader|newByteChannel)|FileChannel\\.open|new (FileInputStream|FileReader"
            + "|RandomAccessFile)\\b|ImageIO\\.read");
    /** The one place, what the system itself says of the processor, and files that the build writes itself. */
    private static final List<String> ALLOWED = List.of("OutsideFile.java", "Machine.java", "GenerateCommand.java",
            "FacadeCompiler.java");

    @TempDir
    private Path folder;

    private Path model;
    private Path input;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
        Files.writeString(model, Fixture.TEXT.replace("place: \"top left\", \"top right\", \"below\"",
                "place \"names.txt\""));
        Files.writeString(folder.resolve("names.txt"), "a\nb\nc\n");
        input = Fixture.input(folder);
    }

    @Test
    void theCompilerOpensFilesInOnePlace() throws IOException {
        List<String> elsewhere = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("tern.root"), "compiler"))) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.toString().contains("/src/main/")
                    && !path.toString().contains("maven-plugin")
                    && path.toString().endsWith(".java"))::iterator) {
                if (OPENS.matcher(Files.readString(file)).find() && !ALLOWED.contains(file.getFileName().toString())) {
                    elsewhere.add(file.toString());
                }
            }
        }
        assertThat(elsewhere).as("open files through OutsideFile").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"names.txt", "brightest.safetensors", "brightest.tuning", "brightest.tern", "input.csv",
        "input.npy", "input.png", "input.bin"})
    void nothingButRegularFilesIsOpened(String name) throws Exception {
        Path file = folder.resolve(name);
        Path given = name.startsWith("input") ? file : input;
        Files.deleteIfExists(file);
        assumeTrue(new ProcessBuilder("mkfifo", file.toString()).start().waitFor() == 0,
                "this system has no pipes with names");
        String said = said(given);
        assertThat(said).contains(name, "is not a regular file");
        Files.delete(file);
        assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no /dev/zero");
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertThat(said(given)).containsAnyOf("is not a regular file", "leads out of the");
        Files.delete(file);
    }

    private String said(Path given) {
        Invocation run = Invocation.of("run", folder, "--input", given);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(run.err().startsWith("warning") ? 0 : 1);
        return run.err();
    }

    @Test
    void noLinkOfADataSetLeadsOut() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.createSymbolicLink(data.resolve("t10k-images-idx3-ubyte"),
                Files.writeString(folder.resolve("secret"), "a secret"));
        Invocation eval = Invocation.of("eval", model, "--data", data);
        assertThat(eval.exitCode()).isEqualTo(1);
        assertThat(eval.err()).startsWith(
                "error[T1007]: t10k-images-idx3-ubyte is a link that leads out of the folder");
        Files.delete(data.resolve("t10k-images-idx3-ubyte"));
        assumeTrue(new ProcessBuilder("mkfifo", data.resolve("t10k-images-idx3-ubyte").toString()).start()
                .waitFor() == 0, "this system has no pipes with names");
        assertThat(Invocation.of("eval", model, "--data", data).err())
                .startsWith("error[T1007]: t10k-images-idx3-ubyte is not a regular file");
    }
}
