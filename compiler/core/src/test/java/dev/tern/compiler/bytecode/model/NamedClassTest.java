package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.WeightFileException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class files compiled ahead of time, with their weights beside them. */
class NamedClassTest {
    @TempDir
    Path folder;
    private ModelFiles files;
    private KernelProgram program;

    @BeforeEach
    void write() throws Exception {
        program = Pieces.everyKind(Target.PORTABLE, new Random(3));
        files = ModelFiles.of(Pieces.source(program), List.of(), new ClassName("com.acme", "Piece"));
        ChildJvm.write(folder, files.byPath());
    }

    @Test
    void theFilesLieInTheirPackage() {
        assertThat(files.byPath()).containsOnlyKeys("com/acme/Piece.class", "com/acme/Piece.weights");
        // The major version of Java 17.
        assertThat(files.own().classFile().bytes()[7]).isEqualTo((byte) 61);
    }

    @Test
    void runsOnJava17AndGivesTheSameBits() throws Exception {
        Optional<Path> java17 = ChildJvm.ofJava17().findFirst();
        assumeTrue(java17.isPresent(), "no JDK 17 is installed beside this one");
        assertThat(ChildJvm.outputs(ChildJvm.run(java17.get(), folder, "com.acme.Piece", 1)))
                .isEqualTo(ChildJvm.outputs(ChildJvm.run(ChildJvm.own(), folder, "com.acme.Piece", 1)))
                .hasSameSizeAs(program.outputs());
    }

    @Test
    void anotherJvmWritesTheSameBytes() throws Exception {
        Process process = new ProcessBuilder(ChildJvm.own().toString(), "-cp", System.getProperty("java.class.path"),
                Writer.class.getName(), folder.toString()).inheritIO().start();
        assertThat(process.waitFor()).isZero();
        for (var file : files.byPath().entrySet()) {
            Path other = folder.resolve("again").resolve(file.getKey());
            assertThat(Files.readAllBytes(other)).as(file.getKey()).isEqualTo(file.getValue());
        }
    }

    /** Writes the same program's files again. */
    static final class Writer {
        private Writer() {
        }

        public static void main(String[] arguments) throws Exception {
            KernelProgram program = Pieces.everyKind(Target.PORTABLE, new Random(3));
            ModelFiles files = ModelFiles.of(Pieces.source(program), List.of(), new ClassName("com.acme", "Piece"));
            for (var file : files.byPath().entrySet()) {
                Path path = Path.of(arguments[0], "again").resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
    }

    @Test
    void stackTracesPointIntoTheModelsText() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            Method row = Arrays.stream(loader.loadClass("com.acme.Piece").getDeclaredMethods())
                    .filter(method -> method.getName().equals("pack$row")).findFirst().orElseThrow();
            row.setAccessible(true);
            // An arena too small for the row.
            assertThatThrownBy(() -> row.invoke(null, new float[3], new int[1], new long[1], 5, 0, 0))
                    .isInstanceOf(InvocationTargetException.class).cause()
                    .satisfies(cause -> assertThat(cause.getStackTrace()[0].toString())
                            .endsWith("com.acme.Piece.pack$epilogue(piece.tern:2)"));
        }
    }

    @Test
    void anotherCompilationsWeightsAreRefused() throws Exception {
        KernelProgram other = Pieces.everyKind(Target.PORTABLE, new Random(4));
        Files.write(folder.resolve("com/acme/Piece.weights"),
                ModelFiles.of(Pieces.source(other), List.of(), new ClassName("com.acme", "Piece")).weights());
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            assertThatThrownBy(() -> loader.loadClass("com.acme.Piece").getMethod("model").invoke(null))
                    .hasRootCauseInstanceOf(WeightFileException.class);
        }
    }

    @Test
    void theConstructorGivesASessionOfTheSharedModel() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass("com.acme.Piece");
            Session session = (Session) type.getConstructor().newInstance();
            CompiledModel model = (CompiledModel) type.getMethod("model").invoke(null);
            assertThat(session.signature()).isSameAs(model.signature());
            assertThat(model.newSession()).isInstanceOf(type).isNotSameAs(session);
        }
    }
}
