package dev.tern.benchmarks.report;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Shape;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.Styler;

/** Speed beside 8-bit ONNX Runtime: the compiled models and the native limit, one group of bars a job. */
public final class Chart {
    private static final List<String> SCHEMES = List.of("binary x sign", "ternary x sign", "ternary x dynamic8",
            "ternary x dynamic4", "ternary x static4");
    private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{2,}(?:[eE]-?\\d+)?");
    /** Below it the bars would show what a call costs ONNX Runtime, and make all others short. */
    private static final long SMALLEST = 100_000;
    private static final int WIDTH = 1000;
    private static final int BORDER = 140;
    private static final int JOB_HEIGHT = 34;

    private final Results results;
    private final List<String> labels = new ArrayList<>();
    private final List<Double> tern = new ArrayList<>();
    private final List<Double> nativeLimit = new ArrayList<>();

    private Chart(Results results) {
        this.results = results;
    }

    /** The picture as SVG; empty if there is nothing to show. */
    public static Optional<byte[]> svg(Results results) throws IOException {
        Chart chart = new Chart(results);
        for (Job job : results.jobs()) {
            if (!job.signs() && SCHEMES.contains(job.scheme()) && job.shape().multiplyAdds() >= SMALLEST) {
                chart.add(job);
            }
        }
        if (chart.labels.isEmpty()) {
            return Optional.empty();
        }
        String svg = new String(ChartEncoder.getBytes(chart.draw(), "svg"), StandardCharsets.UTF_8);
        return Optional.of(rounded(svg).getBytes(StandardCharsets.UTF_8));
    }

    /** Letters come as outlines with 17 digits a coordinate; one behind the point is enough. */
    private static String rounded(String svg) {
        return LONG_NUMBER.matcher(svg).replaceAll(found -> String
                .format(Locale.ROOT, "%.1f", Double.parseDouble(found.group())).replaceFirst("\\.0$", ""));
    }

    private void add(Job job) {
        OptionalDouble peer = results.int8Nanos(job.shape());
        OptionalDouble measured = results.nanos(job, Results.TERN);
        if (peer.isEmpty() || measured.isEmpty()) {
            return;
        }
        labels.add(label(job));
        tern.add(peer.getAsDouble() / measured.getAsDouble());
        results.nativeNanos(job).ifPresent(nanos -> nativeLimit.add(peer.getAsDouble() / nanos));
    }

    private static String label(Job job) {
        Shape shape = job.shape();
        String layer = switch (shape.kind()) {
            case DENSE -> "dense " + shape.height() + "x" + shape.channels() + " to " + shape.outputs();
            case CONV -> "conv " + shape.kernel() + "x" + shape.kernel() + " " + shape.channels() + " to "
                    + shape.outputs() + " on " + shape.height() + "x" + shape.width();
            case DEPTHWISE -> "depthwise " + shape.kernel() + "x" + shape.kernel() + " " + shape.channels() + " on "
                    + shape.height() + "x" + shape.width();
        };
        return layer + ", " + job.scheme();
    }

    private HorizontalBarChart draw() {
        HorizontalBarChart chart = new HorizontalBarChartBuilder().width(WIDTH)
                .height(BORDER + JOB_HEIGHT * labels.size())
                .title("Times as fast as ONNX Runtime in 8 bits, layers of 100,000 multiply-adds and more")
                .xAxisTitle(
                        "1.0 is ONNX Runtime: dynamic int8 for dense layers, QLinearConv for convolutions; one thread")
                .build();
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal).setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false).setChartTitleFont(plain.deriveFont(Font.BOLD, 14f));
        chart.getStyler().setAxisTickLabelsFont(plain);
        chart.getStyler().setPlotGridHorizontalLinesVisible(false);
        chart.getStyler().setLabelsVisible(true).setLabelsFont(plain.deriveFont(10f)).setAvailableSpaceFill(0.8);
        // The count is that of the categories, which XChart leaves out otherwise, on whichever axis they are.
        chart.getStyler().setXAxisDecimalPattern("0.0#").setXAxisMaxLabelCount(Math.max(2, labels.size()));
        chart.addSeries("tern", tern, labels).setFillColor(new Color(0xD95F02));
        // On a machine without a C compiler there is none.
        if (nativeLimit.size() == labels.size()) {
            chart.addSeries("native limit (C)", nativeLimit, labels).setFillColor(new Color(0x88B0D8));
        }
        return chart;
    }
}
