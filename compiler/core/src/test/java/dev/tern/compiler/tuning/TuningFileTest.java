package dev.tern.compiler.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read again, and whatever is wrong with a file is a warning with its place. */
class TuningFileTest {
    private static final Tuning TUNING = new Tuning(new Machine("A processor", "A \"JVM\""), Map.of("portable", List.of(
            new Tuning.Entry("body.conv", "14x14 rows", "popcount, loops of 4 words", 1234, 1300),
            new Tuning.Entry("scores.dense", "1x1 rows", "multiply, 4 at a time", 17, 25))));

    @TempDir
    private Path folder;

    private Diagnostics diagnostics = new Diagnostics();

    private Optional<Tuning> read(byte[] bytes) throws IOException {
        Files.write(folder.resolve("net.tuning"), bytes);
        return TuningFile.read(folder.resolve("net.tern"), diagnostics);
    }

    private Optional<Tuning> read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        String text = TuningFile.text(TUNING);
        assertThat(text).startsWith("""
                {
                  "format" : "tern tuning 1",
                  "cpu" : "A processor",
                  "jvm" : "A \\"JVM\\"",
                  "targets" : {
                    "portable" : [
                      {
                        "layer" : "body.conv",
                        "shape" : "14x14 rows",
                        "schedule" : "popcount, loops of 4 words",
                        "measuredNanos" : 1234,
                        "predictedNanos" : 1300
                      },
                """).endsWith("}\n");
        assertThat(read(text)).contains(TUNING);
        assertThat(diagnostics.list()).isEmpty();
    }

    @Test
    void whatItDoesNotKnowIsLeftOut() throws IOException {
        assertThat(read(TuningFile.text(TUNING).replace("\"cpu\"", "\"later\" : {\"a\" : [1]}, \"cpu\""))).contains(
                TUNING);
    }

    @Test
    void noFileIsNoTuning() {
        assertThat(TuningFile.read(folder.resolve("net.tern"), diagnostics)).isEmpty();
        assertThat(diagnostics.list()).isEmpty();
        assertThat(TuningFile.beside(Path.of("a", "net.tern"))).isEqualTo(Path.of("a", "net.tuning"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '$', textBlock = """
            {                                                                  | 1  | this is not valid JSON
            []                                                                 | 0  | expected an object
            {"format": 7}                                                      | 11 | expected a text
            {"format": "tern tuning 1"}                                        | 26 | 'cpu' is missing
            {"format": "tern tuning 2", "cpu": "c", "jvm": "j", "targets": {}} | 0  | this is no 'tern tuning 1'
            {"format": "tern tuning 1", "cpu": "c", "jvm": "j"}                | 50 | 'targets' is missing
            {"format": "tern tuning 1", "cpu": "c", "jvm": "j", "targets": 1}  | 63 | expected an object
            {"format": "tern tuning 1", "targets": {"portable": {}}}           | 52 | expected a list
            {"format": "tern tuning 1", "targets": {"portable": [1]}}          | 53 | expected an object
            {"targets": {"portable": [{"layer": "a"}]}}                        | 39 | 'shape' is missing
            {"targets": {"portable": [{"measuredNanos": -1}]}}                 |\
             44 | expected a number that is not negative
            {"targets": {"portable": [{"measuredNanos": 1e999}]}}              |\
             44 | expected a number that is not negative
            """)
    void aWrongFileIsAWarningWithItsPlace(String text, long offset, String label) throws IOException {
        assertThat(read(text)).isEmpty();
        Diagnostic warning = diagnostics.list().getFirst();
        assertThat(warning.severity()).isEqualTo(Severity.WARNING);
        assertThat(warning.code()).isEqualTo(DiagnosticCode.TUNING_MALFORMED);
        assertThat(warning.primary().text()).isEqualTo(label);
        assertThat(((FilePosition) warning.primary().position()).offset()).isEqualTo(offset);
        assertThat(warning.help()).hasSize(1);
    }

    @Test
    void theWarningReadsWell() throws IOException {
        read("{\"format\": 7}");
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEqualTo("""
                warning[T0601]: the tuning is not used, for it cannot be read
                 --> %1$s/net.tuning at byte 11, format: expected a text
                  = help: `tern tune %1$s/net.tern` makes it anew; without it the cost model chooses
                """.formatted(folder));
    }

    @Test
    void nothingElseIsRead() throws IOException {
        Path outside = Files.writeString(folder.resolve("secret.tuning"), TuningFile.text(TUNING));
        Path inner = Files.createDirectory(folder.resolve("model"));
        Path link = Files.createSymbolicLink(inner.resolve("net.tuning"), outside);
        assertThat(TuningFile.read(inner.resolve("net.tern"), diagnostics)).isEmpty();
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("/dev/zero"));
        assertThat(TuningFile.read(inner.resolve("net.tern"), diagnostics)).isEmpty();
        Files.delete(link);
        Files.createDirectory(link);
        assertThat(TuningFile.read(inner.resolve("net.tern"), diagnostics)).isEmpty();
        assertThat(diagnostics.list()).extracting(warning -> warning.primary().text()).containsExactly(
                "it is a link that leads out of the folder", "it is not a regular file", "it is a folder, not a file");
    }

    /** Whatever bytes there are: no exception, and at most one warning. */
    @Test
    void damagedFilesNeverCrash() throws IOException {
        byte[] good = TuningFile.text(TUNING).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = Arrays.copyOf(good, i % 2 == 0 ? good.length : random.nextInt(good.length));
            for (int change = 0; change < i % 4 && bytes.length > 0; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            diagnostics = new Diagnostics();
            assertThat(read(bytes).isPresent()).isEqualTo(diagnostics.list().isEmpty());
        }
    }

    @Test
    void aFolderInItsPlaceIsAWarning() throws IOException {
        Files.createDirectory(folder.resolve("net.tuning"));
        assertThat(TuningFile.read(folder.resolve("net.tern"), diagnostics)).isEmpty();
        assertThat(diagnostics.list()).hasSize(1);
    }
}
