package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.runtime.Session;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class of a model of a stream takes frames, and no state. */
class StreamClassTest {
    @TempDir
    private Path folder;

    @Test
    void pushesFrames() throws Exception {
        Path model = Files.writeString(folder.resolve("sums.tern"), """
                /// Sums of three frames.
                model Sums(frame: f32[2] over 3) -> (sums: f32[2]) {
                    sums = frame |> reduce(sum, [0])
                }
                """);
        Path out = folder.resolve("out");
        Invocation compiled = Invocation.of("compile", model, "-o", out);
        assertThat(compiled.err()).isEmpty();
        assertThat(compiled.exitCode()).isZero();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{out.toUri().toURL()},
                Session.class.getClassLoader())) {
            Class<?> type = loader.loadClass("Sums");
            Object stream = type.getConstructor().newInstance();
            assertThat(push(stream, 1, 10)).containsExactly(1, 10);
            assertThat(push(stream, 2, 20)).containsExactly(3, 30);
            assertThat(push(stream, 3, 30)).containsExactly(6, 60);
            assertThat(push(stream, 4, 40)).as("the first is forgotten").containsExactly(9, 90);
            type.getMethod("reset").invoke(stream);
            assertThat(push(stream, 5, 50)).containsExactly(5, 50);
            assertThat(type.getMethod("stateBytes").invoke(stream)).isEqualTo(16L);
        }
    }

    private static float[] push(Object stream, float... frame) throws NoSuchMethodException, IllegalAccessException,
            InvocationTargetException {
        return (float[]) stream.getClass().getMethod("push", float[].class).invoke(stream, (Object) frame);
    }
}
