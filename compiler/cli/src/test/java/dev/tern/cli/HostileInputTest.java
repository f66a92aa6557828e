package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.hostile.HostileCase;
import dev.tern.cli.hostile.HostileCases;
import dev.tern.cli.hostile.HostileProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the command line is given, it answers with a diagnostic that names a place and exit code 1, in a heap of
 * 512 MB and without making more garbage than a bounded amount of work makes, and leaves no file behind.
 */
class HostileInputTest {
    /** Of a command, on all of its threads. Thirty million numbers take half of it. */
    private static final long BYTES_EACH = 8L << 30;

    @TempDir
    private static Path folder;
    private static List<HostileCase> cases;
    private static Map<String, Long> before;
    private static Map<String, Long> after;

    @BeforeAll
    static void runAll() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path exchange = Files.createDirectory(folder.resolve("exchange"));
        Path working = Files.createDirectory(folder.resolve("working"));
        cases = HostileCases.in(files);
        for (int i = 0; i < cases.size(); i++) {
            Files.write(exchange.resolve(i + ".arguments"), cases.get(i).arguments());
        }
        before = listing(files);
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xmx512m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + working, "-cp",
                System.getProperty("java.class.path"), HostileProcess.class.getName(), exchange.toString())
                .directory(working.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile()).start();
        if (!process.waitFor(ChildProcess.MINUTES_TO_HANG, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        after = listing(files);
    }

    /** The folder is deleted after the tests; what its links lead to must not be thought of. */
    @AfterAll
    static void removeLinks() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isSymbolicLink)::iterator) {
                Files.delete(path);
            }
        }
    }

    private static Map<String, Long> listing(Path root) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                sizes.put(root.relativize(path).toString(), Files.isRegularFile(path) ? Files.size(path) : -1);
            }
        }
        return sizes;
    }

    @TestFactory
    List<DynamicTest> isRefused() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            HostileCase hostile = cases.get(i);
            Path result = folder.resolve("exchange").resolve(i + ".result");
            tests.add(DynamicTest.dynamicTest(hostile.name(), () -> check(hostile, result)));
        }
        return tests;
    }

    private static void check(HostileCase hostile, Path result) throws IOException {
        assertThat(result).as("the process ended or hung in or before this command: %s",
                Files.readString(folder.resolve("output"))).exists();
        String[] parts = Files.readString(result).split("\n", 3);
        String said = parts[2];
        assertThat(said).as("%s", hostile.arguments()).contains(hostile.expected()).contains("error[T")
                .contains("--> ").doesNotContain("Exception").doesNotContain("\tat ").hasSizeLessThan(100_000);
        assertThat(parts[0]).as("exit code; %s", said).isEqualTo("1");
        assertThat(Long.parseLong(parts[1])).as("bytes allocated").isLessThan(BYTES_EACH);
    }

    @Test
    void writesNothing() throws IOException {
        assertThat(after).isEqualTo(before);
        assertThat(listing(folder.resolve("working"))).containsOnlyKeys("");
    }
}
