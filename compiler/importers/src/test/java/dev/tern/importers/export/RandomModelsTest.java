package dev.tern.importers.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Graph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that the compiler's generator of texts made are written, and read back to the same bits. */
class RandomModelsTest {
    private static final long MOST_ELEMENTS = 100_000;

    @TempDir
    private Path folder;

    @Test
    void comeBack() throws IOException {
        String[] texts;
        try (InputStream in = RandomModelsTest.class.getResourceAsStream("/export/random-models.txt")) {
            texts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n----\n");
        }
        int compared = 0;
        for (int seed = 0; seed < texts.length; seed++) {
            Optional<Graph> graph = RoundTrip.graph(texts[seed], seed);
            long elements = graph.map(g -> g.nodes().stream().mapToLong(n -> n.type().shape().elements()).sum())
                    .orElse(Long.MAX_VALUE);
            if (elements <= MOST_ELEMENTS) {
                ExportOptions options = seed % 2 == 0 ? ExportOptions.DEFAULT : new ExportOptions(21, false, true);
                assertThat(RoundTrip.difference(graph.orElseThrow(), options, folder, 2)).as(texts[seed]).isEmpty();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }
}
