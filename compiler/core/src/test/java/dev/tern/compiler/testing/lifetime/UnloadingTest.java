package dev.tern.compiler.testing.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two thousand models in a JVM that has room for some hundred. */
class UnloadingTest {
    private static final int ROUNDS = 2000;
    private static final Pattern LINE = Pattern.compile(
            "rounds (\\d+) loaded (\\d+) unloaded (\\d+) metaspace (\\d+) heap (\\d+) resident (-?\\d+)");
    private static final int MINUTES_TO_HANG = 20;

    @TempDir
    private Path folder;

    @Test
    void modelsThatAreDroppedLeaveNothingBehind() throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:MaxMetaspaceSize=128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--add-modules",
                "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), CompileAndDrop.class.getName(),
                Integer.toString(ROUNDS)).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(MINUTES_TO_HANG, TimeUnit.MINUTES);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(output);
        assertThat(ended && process.exitValue() == 0).as(String.join("\n", lines)).isTrue();

        List<long[]> states = new ArrayList<>();
        for (String line : lines) {
            Matcher found = LINE.matcher(line);
            if (found.matches()) {
                states.add(new long[]{number(found, 2), number(found, 3), number(found, 4), number(found, 5)});
            }
        }
        assertThat(states).hasSize(10);
        long[] early = states.get(1);
        long[] late = states.getLast();
        assertThat(late[1] - early[1]).as("classes unloaded").isGreaterThan(ROUNDS * 7 / 10);
        assertThat(late[0]).as("classes loaded").isLessThan(early[0] + ROUNDS / 10);
        assertThat(late[2]).as("metaspace").isLessThan(early[2] + (4 << 20));
        assertThat(late[3]).as("heap").isLessThan(early[3] + (4 << 20));
    }

    private static long number(Matcher found, int group) {
        return Long.parseLong(found.group(group));
    }
}
