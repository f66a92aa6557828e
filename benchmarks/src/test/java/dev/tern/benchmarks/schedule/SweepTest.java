package dev.tern.benchmarks.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.benchmarks.schedule.Sweep.Point;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which times stand out; that the commands measure; no time is asserted. */
class SweepTest {
    private static Point point(String job, double speed, long multiplyAdds, long allocated) {
        return new Point("tiles, ternary x dynamic8", "rows", job, multiplyAdds, speed, allocated);
    }

    private static String reported(List<Point> points) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Sweep.report(points, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void whatFallsBehindItsNeighboursStandsOut() {
        List<Point> points = new ArrayList<>(List.of(point("a", 60, 2_000_000, 0), point("b", 39, 2_000_000, 0),
                point("c", 64, 2_000_000, 0), point("d", 58, 2_000_000, 0), point("small", 1, 1000, 0)));
        assertThat(reported(points)).isEqualTo("""
                # cliff: b, tiles, ternary x dynamic8: 39.0 GMAC/s, half of its neighbours reach 59.0
                # 1 of 5 times stand out
                """);
    }

    @Test
    void whatAllocatesStandsOut() {
        assertThat(reported(List.of(point("a", 60, 2_000_000, 48)))).isEqualTo("""
                # allocates: a, tiles, ternary x dynamic8: 48 bytes an inference
                # 1 of 1 times stand out
                """);
    }

    @Test
    void theJobsHaveNamesOfTheirOwn() {
        assertThat(Sweep.jobs()).doesNotHaveDuplicates().extracting(job -> job.name()).doesNotHaveDuplicates()
                .contains("conv3x3-512-512-on-7x7-binary-dynamic4");
    }

    @Test
    void eachSchemeHasFiveJobsOfAKind() {
        Map<String, Long> jobs = Sweep.jobs().stream().filter(job -> job.shape().multiplyAdds() >= 1_000_000)
                .collect(Collectors.groupingBy(job -> job.scheme() + ", " + Sweep.rows(job.shape()),
                        Collectors.counting()));
        assertThat(jobs).hasSize(24).allSatisfy((kind, number) -> assertThat(number).isGreaterThanOrEqualTo(5));
    }

    @Test
    void theCommandsMeasure() throws Exception {
        String shapes = "dense-1x1024-1024-binary-sign$|conv1x1-64-128-on-25x5-binary-sign$";
        assertThat(said(() -> Sweep.main(new String[]{"portable", shapes}))).contains(
                "dense-1x1024-1024-binary-sign\tpopcount loops, binary x sign\t",
                "conv1x1-64-128-on-25x5-binary-sign\tmultiply loops, binary x sign\t", "times stand out");
        assertThat(said(() -> CandidateTimes.main(new String[]{"portable", "dense-1x65-10-binary-sign$"}))).contains(
                "popcount, loops of 2 words", "# worst loss of the model's choice:");
    }

    private interface Command {
        void run() throws Exception;
    }

    private static String said(Command command) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            command.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
