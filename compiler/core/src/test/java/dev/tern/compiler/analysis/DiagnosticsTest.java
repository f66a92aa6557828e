package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One wrong model for each thing that analysis has to say, with all that it says. */
class DiagnosticsTest {
    private static final Path MODELS = Path.of("src/test/resources/diagnostics");

    static List<String> models() throws IOException {
        try (Stream<Path> files = Files.list(MODELS)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".tern")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void diagnostics(String file) throws IOException {
        String said = Analyze.diagnostics(file, Files.readString(MODELS.resolve(file)));
        assertThat(said).isNotEmpty();
        Golden.check("diagnostics/" + file.replace(".tern", ".txt"), said);
    }
}
