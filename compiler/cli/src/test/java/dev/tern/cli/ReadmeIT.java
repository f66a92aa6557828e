package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's commands as they are written, in a folder that has the launcher by a link and a copy of the models, so
 * that what they write does not land in the checkout. {@code mvn verify} is what runs this test, and is not run again;
 * a stand-in for Maven fails the test should the launcher want to build.
 */
class ReadmeIT {
    private static final Path ROOT = Path.of(System.getProperty("tern.root")).toAbsolutePath();
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_TABLE = Pattern.compile("^\\| `(\\./tern [^`]*)`", Pattern.MULTILINE);

    @TempDir
    private static Path folder;
    private static Path checkout;
    private static String readme;

    @BeforeAll
    static void prepare() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
        checkout = Files.createDirectories(folder.resolve("checkout"));
        Files.createSymbolicLink(checkout.resolve("tern"), ROOT.resolve("tern"));
        // A copy, for a tuning is written beside its model.
        try (Stream<Path> models = Files.walk(ROOT.resolve("models"))) {
            for (Path path : models.toList()) {
                Files.copy(path, checkout.resolve(ROOT.relativize(path)));
            }
        }
        Path shared = ROOT.resolveSibling("shared");
        if (Files.isDirectory(shared)) {
            Files.createSymbolicLink(folder.resolve("shared"), shared);
        }
        Path maven = Files.createDirectories(folder.resolve("tools")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\necho 'a build inside of a build'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    /** The links go before the folder is deleted: JUnit warns of links that lead out of it. */
    @AfterAll
    static void unlink() throws IOException {
        for (Path link : List.of(checkout.resolve("tern"), folder.resolve("shared"))) {
            Files.deleteIfExists(link);
        }
    }

    private static List<String> commands() {
        Stream<String> lines = SHELL.matcher(readme).results().map(found -> found.group(1)).flatMap(String::lines);
        return Stream.concat(lines, IN_TABLE.matcher(readme).results().map(found -> found.group(1))).toList();
    }

    private static ChildProcess run(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).directory(checkout.toFile());
        builder.environment().merge("PATH", "", (path, _) -> folder.resolve("tools") + ":" + path);
        return ChildProcess.run(builder);
    }

    @Test
    void theTestCommandIsTheOneOfCi() throws IOException {
        assertThat(commands()).contains("mvn verify");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).containsPattern(
                "exec mvn( -[A-Za-z]+)* verify \"\\$@\"\n");
    }

    @TestFactory
    Stream<DynamicTest> everyCommandRuns() {
        // What the benchmarks do is tested where they are built, after this module.
        List<String> commands = commands().stream()
                .filter(command -> !command.equals("mvn verify") && !command.contains(" --peers"))
                .filter(command -> !command.startsWith("./tern serve")).toList();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(6).allMatch(command -> command.startsWith("./tern "));
        return commands.stream().map(command -> DynamicTest.dynamicTest(command, () -> {
            assumeTrue(!command.contains("../shared") || Files.isDirectory(folder.resolve("shared/data/mnist")),
                    "no data set at ../shared/data/mnist");
            ChildProcess result = run(command);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.err()).isEmpty();
        }));
    }

    @Test
    void theServerAnswersUntilItIsEnded() throws Exception {
        String command = commands().stream().filter(found -> found.startsWith("./tern serve")).findFirst()
                .orElseThrow();
        // Any free port, for the usual one may be taken.
        Process server = new ProcessBuilder("/bin/sh", "-c", "exec " + command + " --port 0")
                .directory(checkout.toFile()).start();
        try (BufferedReader lines = server.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("model Digits answers at");
            URI page = URI.create(lines.readLine().strip());
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    page.resolve("v2/models/Digits")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"scores\"");
        } finally {
            server.destroy();
            assertThat(server.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** As they would be typed where a path has slashes. */
    @TestFactory
    Stream<DynamicTest> theCommandsForWindowsRun() {
        List<String> commands = Pattern.compile("```bat\n(.*?)```", Pattern.DOTALL).matcher(readme).results()
                .map(found -> found.group(1)).flatMap(String::lines).toList();
        assertThat(commands).hasSize(2);
        return commands.stream().map(command -> DynamicTest.dynamicTest(command, () -> {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            ChildProcess result = ChildProcess.run(new ProcessBuilder("/bin/sh", "-c",
                    command.replace('\\', '/').replaceFirst("^java ", java + " ")).directory(ROOT.toFile()));
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).isNotBlank();
        }));
    }

    @Test
    void theSevenIsASeven() throws Exception {
        ChildProcess result = run(commands().getFirst());
        assertThat(result.out()).containsPattern("(▶|>) 7 ");
    }

    @Test
    void theJavaExamplesRun() throws Exception {
        List<String> blocks = JAVA.matcher(readme).results().map((MatchResult found) -> found.group(1)).toList();
        assertThat(blocks).hasSize(4);
        for (String kind : List.of(" compile ", " generate ")) {
            List<String> found = commands().stream().filter(command -> command.contains(kind)).toList();
            assertThat(found).isNotEmpty();
            for (String command : found) {
                assertThat(run(command).exitCode()).isZero();
            }
        }
        Path generated = checkout.resolve("target/classes");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp",
                generated + ":" + System.getProperty("java.class.path"), "-d", generated.toString(),
                checkout.resolve("target/generated-sources/tern/com/acme/Digits.java").toString())).isZero();
        List<Path> classes = List.of(checkout.resolve("digits.jar"), checkout.resolve("digits.jar"),
                checkout.resolve("digits-edge.jar"), generated);
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Path source = checkout.resolve("Example" + i + ".java");
            Files.writeString(source, """
                    import com.acme.*;
                    import dev.tern.compiler.*;
                    import dev.tern.runtime.*;
                    import java.nio.file.*;

                    class Example%d {
                        public static void main(String[] arguments) {
                            float[] pixels = new float[784];
                            java.util.Arrays.fill(pixels, 300, 500, 0.5f);
                    %s
                            System.out.println(%s);
                        }
                    }
                    """.formatted(i, blocks.get(i).indent(8), i < 3 ? "java.util.Arrays.toString(scores)" : "scores"));
            String classPath = classes.get(i) + ":" + System.getProperty("java.class.path");
            ChildProcess result = ChildProcess.run(checkout,
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                            source.toString()));
            assertThat(result.exitCode()).as(result.err()).isZero();
            outputs.add(result.out());
        }
        assertThat(outputs.get(0)).startsWith("[").isEqualTo(outputs.get(1)).isEqualTo(outputs.get(2));
        assertThat(outputs.get(3)).contains(", or else [Ranked[");
    }
}
