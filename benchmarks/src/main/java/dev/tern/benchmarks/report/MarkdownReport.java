package dev.tern.benchmarks.report;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.measure.VectorWidth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A run as Markdown: what on, what is reached, and a table for each shape. */
public final class MarkdownReport {
    private final StringBuilder text = new StringBuilder();
    private final Results results;
    private final VectorWidth width;

    private MarkdownReport(Results results, VectorWidth width) {
        this.results = results;
        this.width = width;
    }

    /**
     * The text.
     *
     * @param width that JVMs were held to
     * @param contenders descriptions by name, in order
     * @param chart the file of the chart beside it; empty for none
     */
    public static String of(Setting setting, VectorWidth width, Map<String, String> contenders, Results results,
            String chart) {
        MarkdownReport report = new MarkdownReport(results, width);
        report.head(setting, chart);
        report.goals();
        report.tables();
        report.contenders(contenders);
        return report.text.toString();
    }

    private void head(Setting setting, String chart) {
        text.append("""
                # Speed on %s

                | | |
                |---|---|
                | processor | %s, %s |
                | system | %s |
                | JDK | %s |
                | flags | `%s` |
                | C compiler | %s |
                | date | %s |
                | measured | %s |

                Every figure is the median over the rounds, each round a process of its own and its figure the median of
                its iterations; in brackets the fastest and the slowest round. One thread. Ratios are within this run.
                """.formatted(setting.cpu(), setting.cpu(), String.join(" ", setting.features()), setting.system(),
                setting.jdk(), String.join(" ", setting.jvmFlags()), setting.compiler(), setting.date(),
                setting.effort()));
        if (!chart.isEmpty()) {
            text.append("\n![Speed beside the peers](").append(chart).append(")\n");
        }
    }

    private void goals() {
        text.append("""

                ## What is to be reached

                | job | at least | measured | |
                |---|---|---|---|
                """);
        for (Goal goal : Goals.of(results, width)) {
            text.append("| ").append(goal.what()).append(" | ").append(goal.wanted()).append(" | ")
                    .append(goal.measured()).append(" | ").append(goal.verdict()).append(" |\n");
        }
    }

    private void tables() {
        String group = "";
        Shape shape = null;
        for (Job job : results.jobs()) {
            if (!job.group().equals(group)) {
                group = job.group();
                text.append("\n## ").append(group.substring(0, 1).toUpperCase(Locale.ROOT)).append(group.substring(1))
                        .append('\n');
                if (group.equals("quantize and pack")) {
                    text.append("\nDense layers of so few outputs that the time is that of quantizing and packing: an")
                            .append(" upper bound for it.\n");
                }
            }
            if (!job.shape().equals(shape)) {
                shape = job.shape();
                text.append("\n### ").append(shape.name()).append(String.format(Locale.ROOT, """


                        %,d multiply-adds.

                        | scheme | contender | microseconds | GMAC/s | of the native limit | times 8-bit ONNX Runtime \
                        | bytes allocated |
                        |---|---|---:|---:|---:|---:|---:|
                        """, shape.multiplyAdds()));
            }
            rows(job);
        }
    }

    private void rows(Job job) {
        List<Measurement> measurements = results.of(job);
        for (Measurement one : measurements) {
            if (!one.ran()) {
                text.append("| ").append(job.scheme()).append(" | ").append(one.contender()).append(" | ")
                        .append(one.remark()).append(" | | | | |\n");
                continue;
            }
            text.append(String.format(Locale.ROOT, "| %s | %s | %s | %.1f | %s | %s | %s |%n", job.scheme(),
                    one.contender().equals(Results.TERN) ? "**tern**" : one.contender(), time(one), job.shape()
                            .multiplyAdds() / one.nanos(),
                    ratio(results.nativeNanos(job), one), ratio(results.int8Nanos(job.shape()), one),
                    bytes(one.allocatedBytes())));
        }
    }

    private static String time(Measurement one) {
        String spread = " (" + micros(one.bestNanos()) + "-" + micros(one.worstNanos()) + ")";
        return micros(one.nanos()) + (one.samples().size() > 1 ? spread : "");
    }

    private static String ratio(OptionalDouble other, Measurement one) {
        return other.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", other.getAsDouble() / one.nanos());
    }

    private static String bytes(double bytes) {
        return String.format(Locale.ROOT, "%,.0f", bytes);
    }

    private static String micros(double nanos) {
        double micros = nanos / 1e3;
        return String.format(Locale.ROOT, micros < 10 ? "%.3f" : micros < 100 ? "%.2f" : "%.1f", micros);
    }

    private void contenders(Map<String, String> contenders) {
        text.append("\n## Who is who\n\n");
        contenders.forEach((name, description) -> text.append("- **").append(name).append("**: ").append(description)
                .append('\n'));
        text.append("""

                The native limit of a job is the fastest of the contenders in C. The compiled model and the C code \
                gave the same
                bits before they were timed; the others were checked to correlate by 0.97 at least.
                """);
    }
}
