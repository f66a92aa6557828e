package dev.tern.quantizer.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.DatasetRequest.Part;
import dev.tern.importers.dataset.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFormatTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("labels"));
        Files.createDirectories(folder.resolve("data/a"));
        labels("""
                {"a/s.csv": [["2014-01-01 00:04:00.000000", "2014-01-01 00:05:00.000000"],
                             ["2014-01-01 00:14:00.000000", "2014-01-01 00:14:00.000000"]]}
                """);
        StringBuilder text = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 20; i++) {
            // The first three, a share of 0.15, are 1, 2 and 3: mean 2, deviation the root of 2/3.
            text.append("2014-01-01 00:%02d:00,%s\n".formatted(i, i < 3 ? i + 1 : i == 19 ? 1000 : 2));
        }
        series(text.toString());
    }

    private void labels(String text) throws IOException {
        Files.writeString(folder.resolve("labels/combined_windows.json"), text);
    }

    private void series(String text) throws IOException {
        Files.writeString(folder.resolve("data/a/s.csv"), text);
    }

    private Dataset read(Part part) {
        return Datasets.read(folder, DatasetRequest.of(part).fitting(Shape.of(4)));
    }

    @Test
    void theFirstHalfTrainsWithoutWhatIsAmiss() {
        Dataset training = read(Part.TRAINING);
        // Windows from 0, 2, 4 and 6, of which those with minutes 4 and 5 are left out.
        assertThat(training.count()).isEqualTo(2);
        assertThat(training.targets()).isEqualTo(new Dataset.Targets.None());
        float[] first = new float[4];
        training.copy(0, first, 0);
        float deviation = (float) Math.sqrt(2 / 3.0);
        assertThat(first).containsExactly(new float[]{-1 / deviation, 0, 1 / deviation, 0}, within(1e-6f));
    }

    @Test
    void theSecondHalfIsToldApart() {
        Dataset test = read(Part.TEST);
        Dataset.Targets.Classes classes = (Dataset.Targets.Classes) test.targets();
        assertThat(classes.names()).isEqualTo(List.of("normal", "anomalous"));
        // Windows from minutes 10, 12, 14 and 16.
        assertThat(classes.labels()).containsExactly(0, 1, 1, 0);
        float[] last = new float[4];
        test.copy(3, last, 0);
        assertThat(last).as("no further than ten deviations").containsExactly(0, 0, 0, 10);
    }

    @Test
    void whatIsDamagedIsNamed() throws IOException {
        series("timestamp,value\n2014-01-01 00:00:00,1\n2014-01-01 00:01:00,one\n");
        assertThatThrownBy(() -> read(Part.TEST)).hasMessageContaining("has data/a/s.csv, whose line 3 is no time and"
                + " number: 2014-01-01 00:01:00,one");
        series("timestamp,value\n2014-01-01 00:00:00,1\n");
        assertThatThrownBy(() -> read(Part.TEST)).hasMessageContaining("has no series of 8 measurements");
        labels("{\"a/s.csv\": [3]}");
        assertThatThrownBy(() -> read(Part.TEST)).hasMessageContaining("combined_windows.json, which at line 1 is not");
        labels("{\"a/other.csv\": []}");
        assertThatThrownBy(() -> read(Part.TEST)).hasMessageContaining("has no data/a/other.csv");
    }
}
