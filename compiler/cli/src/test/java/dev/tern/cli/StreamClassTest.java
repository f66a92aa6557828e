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

    @Test
    void runAnswersEachFrameOfAFile() throws Exception {
        Path model = Files.writeString(folder.resolve("sums.tern"), """
                model Sums(frame: u8[2] over 3) -> (sums: f32[2], first: i32) {
                    sums = 255 * frame |> reduce(sum, [0])
                    first = sums |> argmax
                }
                """);
        Path frames = Files.writeString(folder.resolve("frames.csv"), "1,10\n2,20\n30,3\n40,0\n");
        Invocation run = Invocation.of("run", model, "--input", frames, "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceAll("\\s", "")).contains("\"frames\":[", "\"values\":[1.0,10.0]",
                "\"values\":[3.0,30.0]", "\"values\":[33.0,33.0]", "\"values\":[72.0,23.0]");
        assertThat(Invocation.of("run", model, "--input", frames).out()).startsWith("frame 0\n").contains(
                "frame 3\n");
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "1,10,5\n2,20,5\n");
        assertThat(Invocation.of("run", model, "--input", wrong).err()).contains(
                "error[T1002]: this line ends one example and begins another; an example has 2 numbers",
                "wrong.csv:2:1");
        Path high = Files.writeString(folder.resolve("high.csv"), "1,10\n2,300\n");
        assertThat(Invocation.of("run", model, "--input", high).err()).contains(
                "high.csv, example 1, element 1 is 300.0");
        Invocation footprint = Invocation.of("footprint", model);
        assertThat(footprint.err()).isEmpty();
        assertThat(footprint.out()).contains("kept of frames");
        Invocation edge = Invocation.of("compile", model, "-o", folder.resolve("edge.jar"), "--target", "edge");
        assertThat(edge.err()).isEmpty();
        assertThat(edge.out()).contains("Sums.push(byte[] frame, float[] sums, int[] first)", "Sums.reset(), and ");
    }

    /** Windows of two frames of two: whoever has all of them pushes none. */
    @Test
    void evalTakesWindows() throws Exception {
        Path model = Files.writeString(folder.resolve("greater.tern"), """
                model Greater(frame: f32[2] over 2) -> (sums: f32[2]) {
                    sums = frame |> reduce(sum, [0])
                }
                """);
        Path windows = Files.writeString(folder.resolve("windows.csv"), """
                a,b,c,d,label
                1,2,1,0,0
                1,2,0,0,1
                5,0,0,7,0
                """);
        Invocation eval = Invocation.of("eval", model, "--data", windows);
        assertThat(eval.err()).isEmpty();
        assertThat(eval.out()).contains("(2 of 3)");
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "a,b,label\n1,2,0\n");
        assertThat(Invocation.of("eval", model, "--data", wrong).err()).contains("error[T1007]", "f32[2, 2]");
    }

    private static float[] push(Object stream, float... frame) throws NoSuchMethodException, IllegalAccessException,
            InvocationTargetException {
        return (float[]) stream.getClass().getMethod("push", float[].class).invoke(stream, (Object) frame);
    }
}
