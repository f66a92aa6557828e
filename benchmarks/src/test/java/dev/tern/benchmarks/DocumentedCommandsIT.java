package dev.tern.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The commands of this module's documentation, and the README's that start this module, as they are written. Maven is
 * what runs this test, and is not run again.
 */
class DocumentedCommandsIT {
    private static final Path ROOT = Path.of(System.getProperty("tern.root")).toAbsolutePath();
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_TABLE = Pattern.compile("^\\| `(\\./tern [^`]*--peers[^`]*)`", Pattern.MULTILINE);

    @TestFactory
    Stream<DynamicTest> everyCommandRuns() throws IOException {
        String own = Files.readString(ROOT.resolve("benchmarks/README.md"));
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> commands = Stream.concat(
                SHELL.matcher(own).results().map(found -> found.group(1)).flatMap(String::lines)
                        .filter(line -> !line.startsWith("mvn ")),
                IN_TABLE.matcher(readme).results().map(found -> found.group(1))).toList();
        assertThat(commands).hasSize(3).allMatch(command -> command.contains("--quick"));
        return commands.stream().map(command -> DynamicTest.dynamicTest(command, () -> {
            Process process = new ProcessBuilder("/bin/sh", "-c", command).directory(ROOT.toFile())
                    .redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            Path report = Path.of(said.lines().reduce((_, last) -> last).orElseThrow());
            assertThat(Files.readString(ROOT.resolve(report))).contains("## What is to be reached", "**tern**");
            assertThat(said).doesNotContain("failed", "building");
        }));
    }
}
