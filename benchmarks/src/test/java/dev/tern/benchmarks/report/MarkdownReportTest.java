package dev.tern.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.measure.Sample;
import dev.tern.benchmarks.measure.VectorWidth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The report on made-up numbers. {@code -Dgolden.update} writes the expected text anew. */
class MarkdownReportTest {
    private static final String GOLDEN = "report.md";
    private static final Setting SETTING = new Setting("Example(R) Processor 1", List.of("avx2", "avx512f"),
            "Linux 6, pinned to one core", "Example 25", List.of("-Xmx2g"), "cc 12", LocalDate.of(2026, 1, 2),
            "3 rounds");

    private static Results results() {
        List<Job> jobs = Stream.of("dense-1x1024-1024-binary-sign", "dense-1x1024-1024-ternary-dynamic8",
                "dense-1x1024-1024-ternary-dynamic4", "conv3x3-64-64-on-32x32-binary-sign",
                "dense-1x1024-8-binary-sign")
                .map(Jobs::named).toList();
        return new Results(jobs, List.of( //
                timed(0, "tern", 1400, 1200, 2000), //
                timed(0, "c-avx512", 1100, 1120, 1090), //
                new Measurement(jobs.get(0).name(), "c-avx2", List.of(), "there is no C compiler `cc`"), //
                timed(1, "tern", 8000, 8000, 8000), //
                timed(1, "onnxruntime-f32", 180000, 180000, 180000), //
                new Measurement(jobs.get(1).name(), "onnxruntime-dynamic-int8", List.of(new Sample(16000, 376)), ""),
                timed(2, "tern", 6000, 6000, 6000), //
                timed(3, "tern", 60000, 60000, 60000), //
                timed(3, "c-avx512", 40000, 40000, 40000), //
                timed(4, "tern", 100, 100, 100)));
    }

    private static Measurement timed(int job, String contender, double... nanos) {
        List<String> names = List.of("dense-1x1024-1024-binary-sign", "dense-1x1024-1024-ternary-dynamic8",
                "dense-1x1024-1024-ternary-dynamic4", "conv3x3-64-64-on-32x32-binary-sign",
                "dense-1x1024-8-binary-sign");
        return new Measurement(names.get(job), contender,
                java.util.Arrays.stream(nanos).mapToObj(each -> new Sample(each, 0)).toList(), "");
    }

    @Test
    void reportIsAsExpected() throws IOException {
        Map<String, String> contenders = new TreeMap<>(Map.of("tern", "the model", "c-avx512", "C"));
        String report = MarkdownReport.of(SETTING, VectorWidth.WIDEST, contenders, results(), "example.svg");
        if (System.getProperty("golden.update") != null) {
            Files.writeString(Path.of("src/test/resources/dev/tern/benchmarks/report", GOLDEN), report);
            return;
        }
        try (InputStream golden = MarkdownReportTest.class.getResourceAsStream(GOLDEN)) {
            assertThat(golden).as("the expected text; run with -Dgolden.update").isNotNull();
            assertThat(report).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void processorNamesTheFile() {
        assertThat(SETTING.fileName()).isEqualTo("example-processor-1");
    }

    @Test
    void chartHasABarForEachFigure() throws IOException {
        assertThat(Chart.svg(results())).hasValueSatisfying(svg -> assertThat(new String(svg, StandardCharsets.UTF_8))
                .startsWith("<?xml").contains("<svg"));
        assertThat(Chart.svg(new Results(List.of(), List.of()))).isEmpty();
    }
}
