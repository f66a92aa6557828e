package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
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
    void forSmallJvmsTheClassIsUsedAsItIs() throws Exception {
        Invocation generate = generate("--target", "edge", "--json");

        assertThat(generate.err()).isEmpty();
        assertThat(generate.out()).contains("\"class\" : \"com.acme.Same\"")
                .contains(folder.resolve("classes/com/acme/Same.class").toString());
        assertThat(folder.resolve("classes/com/acme")).isDirectoryNotContaining("regex:.*Session.*");
        assertThat(folder.resolve("sources")).doesNotExist();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.resolve("classes").toUri().toURL()}, null)) {
            float[] y = new float[4];
            loader.loadClass("com.acme.Same").getMethod("infer", float[].class, float[].class).invoke(null,
                    new float[]{-1, 2, 0, 3}, y);
            assertThat(y).containsExactly(0, 2, 0, 3);
        }
        assertThat(generate("--target", "edge", "--standalone").err())
                .startsWith("tern: a class for --target edge needs no runtime; leave --standalone out\n");
    }

    @Test
    void theTargetSaysWhatVectorCodeIsTakenAlong() {
        assertThat(generate("--target", "256").exitCode()).isZero();
        assertThat(folder.resolve("classes/com/acme/SameSession$Vector256.class")).exists();
        assertThat(folder.resolve("classes/com/acme/SameSession$Vector512.class")).doesNotExist();
        assertThat(generate("--target", "portable", "--portable").err())
                .startsWith("tern: --target says already what vector code there is; leave --portable out\n");
        assertThat(generate("--target", "small").err())
                .startsWith("tern: --target takes portable, 128, 256, 512 or edge, not 'small'\n");
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

    /** A folder of Linux in which nobody makes a file; permissions would not keep an administrator out. */
    @Test
    void aFolderThatIsReadOnlyLeavesTheOtherUntouched() {
        Path readOnly = Path.of("/proc/self/task");
        assumeTrue(Files.isDirectory(readOnly), "no " + readOnly + " here");
        Path classes = folder.resolve("classes");

        Invocation generate = Invocation.of("generate", models, "--classes", classes, "--sources", readOnly);

        assertThat(generate.exitCode()).isEqualTo(1);
        assertThat(generate.err()).startsWith("error[T1008]: the file cannot be written: ")
                .contains("/proc/self/task/com/acme/Same.java").doesNotContain("Exception");
        assertThat(classes).doesNotExist();
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
