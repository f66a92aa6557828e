package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
    private static final String MODEL = """
            model Same(x: f32[4]) -> (y: f32[4]) {
                y = relu(x)
            }
            """;

    @TempDir
    private Path folder;

    private Path models;

    @BeforeEach
    void writeModel() throws IOException {
        models = folder.resolve("models");
        write("com/acme/same.tern", MODEL);
    }

    private Path write(String path, String text) throws IOException {
        Path file = models.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Invocation generate(Object... more) {
        Object[] arguments = new Object[6 + more.length];
        System.arraycopy(new Object[]{"generate", models, "--classes", folder.resolve("classes"), "--sources",
            folder.resolve("sources")}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return Invocation.of(arguments);
    }

    @Test
    void aModelBecomesAClassInThePackageOfItsFolder() {
        Invocation generate = generate();

        assertThat(generate.err()).isEmpty();
        assertThat(generate.exitCode()).isZero();
        assertThat(generate.out())
                .isEqualTo(models.resolve("com/acme/same.tern") + "  class com.acme.Same" + System.lineSeparator());
        assertThat(folder.resolve("classes/com/acme/SameSession.class")).exists();
        assertThat(folder.resolve("classes/com/acme/SameSession.weights")).exists();
        assertThat(folder.resolve("sources/com/acme/Same.java")).content().contains("public final class Same");
    }

    @Test
    void whatIsAsItShouldBeIsNotWrittenAgain() throws IOException {
        generate();
        Path source = folder.resolve("sources/com/acme/Same.java");
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(source, old);

        assertThat(generate().exitCode()).isZero();
        assertThat(Files.getLastModifiedTime(source)).isEqualTo(old);

        write("com/acme/same.tern", "/// Documented.\n" + MODEL);
        assertThat(generate().exitCode()).isZero();
        assertThat(source).content().contains("Documented.");
    }

    @Test
    void allThatIsWrongIsToldAndNothingIsWritten() throws IOException {
        Path wrong = write("com/acme/wrong.tern", "model Wrong(x: f32[4]) -> (y: f32[4]) {\n    y = blur(x)\n}\n");
        Path twin = write("com/acme/twin.tern", MODEL);

        Invocation generate = generate("--json");

        assertThat(generate.exitCode()).isEqualTo(1);
        assertThat(generate.err()).contains(wrong + ":2:9").contains(twin.toString())
                .contains("would both become the class com.acme.Same");
        assertThat(generate.out()).contains("\"line\" : 2").contains("T0103");
        assertThat(folder.resolve("classes")).doesNotExist();
        assertThat(folder.resolve("sources")).doesNotExist();
    }

    @Test
    void aFolderThatIsNotThereIsAnError() {
        assertThat(Invocation.of("generate", folder.resolve("none"), "--classes", folder, "--sources", folder).err())
                .contains("the folder of models cannot be read");
    }

    @Test
    void aModelOfAnotherToolTakesItsSchemesFromTheFileBesideIt() throws IOException {
        Path onnx = models.resolve("com/acme/rectified.onnx");
        Files.copy(Path.of(System.getProperty("tern.root"),
                "compiler/maven-plugin/src/it/onnx/src/main/tern/com/acme/rectified.onnx"), onnx);
        assertThat(generate().out()).contains(onnx + "  class com.acme.Rectified");
        assertThat(generate("--json").out()).contains("rectified.onnx.properties");

        Path sidecar = write("com/acme/rectified.onnx.properties", "wieghts = binary\n");
        assertThat(generate().err()).contains("there is no entry `wieghts`", "--> " + sidecar,
                "the entries are activations, as-in-file, first-last, rounding, weights");
    }
}
