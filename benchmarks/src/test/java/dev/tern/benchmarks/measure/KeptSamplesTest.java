package dev.tern.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.benchmarks.contender.Contenders;
import dev.tern.benchmarks.job.Jobs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a run is found again, and nothing that was measured otherwise. */
class KeptSamplesTest {
    private static final Case CASE = new Case(Jobs.named("dense-1x65-10-binary-sign"), Contenders.named("tern"));
    private static final Case OTHER = new Case(Jobs.named("dense-1x65-10-ternary-sign"), Contenders.named("tern"));

    @TempDir
    Path folder;

    @Test
    void samplesAreFoundAgainInTheirOrder() throws Exception {
        Path file = folder.resolve("kept.tsv");
        KeptSamples first = KeptSamples.in(file, "by minutes");
        assertThat(first.of(CASE)).isEmpty();
        first.add(CASE, new Sample(31.5, 0));
        first.add(OTHER, new Sample(7, 16));
        first.add(CASE, new Sample(30, 8));
        KeptSamples second = KeptSamples.in(file, "by minutes");
        assertThat(second.of(CASE)).containsExactly(new Sample(31.5, 0), new Sample(30, 8));
        assertThat(second.of(OTHER)).containsExactly(new Sample(7, 16));
    }

    @Test
    void whatWasMeasuredOtherwiseIsNotTakenUp() throws Exception {
        Path file = folder.resolve("kept.tsv");
        KeptSamples.in(file, "by minutes");
        assertThatThrownBy(() -> KeptSamples.in(file, "by seconds")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " holds what was measured otherwise: by minutes, not: by seconds");
        Files.writeString(file, "by minutes\nsomething\n");
        assertThatThrownBy(() -> KeptSamples.in(file, "by minutes")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " has a line that is no measurement: something");
    }

    @Test
    void nothingIsKeptWithoutAFile() {
        KeptSamples none = KeptSamples.none();
        none.add(CASE, new Sample(1, 0));
        assertThat(none.of(CASE)).isEmpty();
    }
}
