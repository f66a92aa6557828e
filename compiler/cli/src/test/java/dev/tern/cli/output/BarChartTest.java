package dev.tern.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarChartTest {
    private static String chart(boolean unicode, List<String> labels, float... scores) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        BarChart.print(new Console(out, out, unicode, false), scores, labels);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void positiveScores() {
        assertThat(chart(true, List.of(), 1, 4, 2.5f)).isEqualTo("""
                  0  ██████████                                1.00
                ▶ 1  ████████████████████████████████████████  4.00
                  2  █████████████████████████                 2.50
                """);
    }

    @Test
    void negativeScoresGrowToTheLeft() {
        assertThat(chart(true, List.of("cat", "horse"), -5, 5)).isEqualTo("""
                  cat    ████████████████████│                      -5.00
                ▶ horse                      │████████████████████   5.00
                """);
        assertThat(chart(true, List.of(), -1, -2)).isEqualTo("""
                ▶ 0                      ████████████████████│  -1.00
                  1  ████████████████████████████████████████│  -2.00
                """);
    }

    @Test
    void sharesAreInPercentOfTheWhole() {
        assertThat(chart(true, List.of(), 0.25f, 0.75f)).isEqualTo("""
                  0  ██████████                                25.0%
                ▶ 1  ██████████████████████████████            75.0%
                """);
    }

    @Test
    void asciiWhereTheTerminalHasNoMore() {
        assertThat(chart(false, List.of(), -5, 5)).isEqualTo("""
                  0  ####################|                      -5.00
                > 1                      |####################   5.00
                """);
    }

    @Test
    void ofManyTheGreatestTen() {
        float[] scores = new float[100];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i * 37 % 100;
        }
        String chart = chart(true, List.of(), scores);
        assertThat(chart.lines()).hasSize(11);
        assertThat(chart).startsWith("▶ 27  ████████████████████████████████████████  99.00\n")
                .endsWith("  (the greatest 10 of 100)\n");
    }

    @Test
    void nothingToMeasure() {
        assertThat(chart(true, List.of(), 0, 0)).isEqualTo("""
                ▶ 0                                            0.00
                  1                                            0.00
                """);
        assertThat(chart(true, List.of(), Float.NaN, 1)).contains("▶ 1").contains("NaN");
    }

    @Test
    void longLabelsAreCutAndLargeScoresShort() {
        assertThat(chart(true, List.of("a label that goes on and on and on", "b"), 2e6f, 1e6f)).isEqualTo("""
                ▶ a label that goes on ...  ████████████████████████████████████████  2.000e+06
                  b                         ████████████████████                      1.000e+06
                """);
    }
}
