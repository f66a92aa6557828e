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
    private static final String SMALL = "dense-1x65-10-binary-sign";
    private static final String LARGER = "dense-1x1024-1024-binary-sign";
    private static final Pattern IN_TABLE = Pattern.compile("^\\| `(\\./tern [^`]*--peers[^`]*)`", Pattern.MULTILINE);

    @TestFactory
    Stream<DynamicTest> everyCommandRuns() throws IOException {
        String own = Files.readString(ROOT.resolve("benchmarks/README.md")).replaceAll("\\\\\n *", "");
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> commands = Stream.concat(
                SHELL.matcher(own).results().map(found -> found.group(1)).flatMap(String::lines)
                        .filter(line -> !line.startsWith("mvn ")),
                IN_TABLE.matcher(readme).results().map(found -> found.group(1))).toList();
        assertThat(commands).hasSize(9);
        return commands.stream().map(command -> DynamicTest.dynamicTest(command, () -> {
            Process process = new ProcessBuilder("/bin/sh", "-c", cutShort(command)).directory(ROOT.toFile())
                    .redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            String last = said.lines().reduce((_, line) -> line).orElseThrow();
            if (command.contains("--quick")) {
                assertThat(Files.readString(ROOT.resolve(last))).contains("## What is to be reached", "**tern**");
            } else if (command.contains("StartUp")) {
                assertThat(said).contains("Tern, the Vector API's module ", "Tern, an AOT cache ");
                assertThat(last).startsWith("ONNX Runtime ");
            } else if (command.contains("CandidateTimes")) {
                assertThat(said).contains(SMALL + "\t");
                assertThat(last).startsWith("# worst loss of the model's choice: ");
            } else if (command.contains("StepTimes")) {
                assertThat(said).contains("denoiser.tern   static ", "denoiser.tern   tdq ");
                assertThat(last).matches(
                        "denoiser\\.tern +dynamic +\\d+ ns +\\d+\\.\\d{3} of static, rounds .*");
            } else if (command.contains("Avx2Runtime")) {
                assertThat(last).matches("-Donnxruntime\\.native\\.path=.*/target/avx2 -Xss16m");
            } else if (command.contains("FitCosts")) {
                assertThat(said).contains("multiply.row = ");
                assertThat(last).startsWith("# ");
            } else {
                assertThat(command).contains("Sweep");
                assertThat(said).contains(LARGER + "\tpopcount loops, ");
                assertThat(last).matches("# \\d+ of 2 times stand out");
            }
            assertThat(said).doesNotContain("failed", "building", "Exception");
        }));
    }

    /** Jobs that are done in a moment, and a width of vectors that every machine with vectors has. */
    private static String cutShort(String command) {
        return command.replace(" 256 conv3x3 models/kws/kws-int8.tern", " portable " + SMALL)
                .replace("FitCosts 256", "FitCosts portable").replace(" 256 'conv.*dynamic8'", " portable " + LARGER)
                .replace("-XX:UseAVX", "-XX:+IgnoreUnrecognizedVMOptions -XX:UseAVX")
                .replace("--rounds 21", "--rounds 1").replace(" 256 3 models", " 512 1 models")
                .replace(" models/unet/unet.tern", "");
    }
}
