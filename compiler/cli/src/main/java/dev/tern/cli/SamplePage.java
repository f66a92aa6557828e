package dev.tern.cli;

import dev.tern.cli.output.HtmlReport;
import dev.tern.cli.output.HtmlReport.Picture;
import dev.tern.cli.output.HtmlReport.Plot;
import dev.tern.cli.output.SampleSheet;
import dev.tern.cli.report.CurvePlot;
import dev.tern.cli.report.PointPlot;
import dev.tern.quantizer.task.Sampling;
import dev.tern.quantizer.task.Sampling.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What sample tells of models side by side: the table of their errors, and a page with that and what they drew. */
final class SamplePage {
    private static final int TENTHS = 10;
    private static final int PERCENT = 100;
    /** Of pictures so many are shown of each model. */
    private static final int SHOWN = 64;

    private SamplePage() {
    }

    /** A model and what it drew. @param name as the user wrote it */
    record Drawn(String name, Sampling.Result result) {
    }

    /** The mean error of each tenth of the steps. */
    static List<String> tenths(double[] errors) {
        List<String> tenths = new ArrayList<>();
        int parts = Math.min(TENTHS, errors.length);
        for (int part = 0; part < parts; part++) {
            tenths.add(String.format(Locale.ROOT, "%.4f", Arrays.stream(errors, part * errors.length / parts,
                    (part + 1) * errors.length / parts).average().orElseThrow()));
        }
        return tenths;
    }

    /** A row for each model, under a heading; each is compared with the first. @param models compared with data */
    static List<List<String>> table(List<Drawn> models) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("model", "error", "over the first", "distance"));
        double first = models.getFirst().result.comparison().orElseThrow().error();
        for (Drawn model : models) {
            Comparison found = model.result.comparison().orElseThrow();
            rows.add(List.of(model.name, String.format(Locale.ROOT, "%.5f", found.error()),
                    String.format(Locale.ROOT, "%+.1f %%", PERCENT * (found.error() / first - 1)),
                    String.format(Locale.ROOT, "%.5f", found.distance())));
        }
        return rows;
    }

    /** The same for each tenth of the steps, or for each step where there are fewer. */
    static List<List<String>> steps(List<Drawn> models) {
        List<List<String>> rows = new ArrayList<>();
        for (Drawn model : models) {
            List<String> row = new ArrayList<>(List.of(model.name));
            row.addAll(tenths(model.result.comparison().orElseThrow().errors()));
            rows.add(row);
        }
        List<String> heading = new ArrayList<>(List.of("by tenths of the steps"));
        for (int part = 1; part < rows.getFirst().size(); part++) {
            heading.add(Integer.toString(part));
        }
        rows.addFirst(heading);
        return rows;
    }

    /** The page. */
    static String html(List<Drawn> models) {
        HtmlReport page = new HtmlReport("Samples of " + String.join(", ", models.stream().map(Drawn::name).toList()));
        if (models.getFirst().result.comparison().isPresent()) {
            page.paragraph("The error is the mean square of what the predicted noise is wrong by, the mean of all"
                    + " steps; the distance is the energy distance between what was drawn and the data. Noise is the"
                    + " same for all models.").table(table(models));
            page.heading("Error at each step").paragraph("From the first step on, the one with the least noise; the"
                    + " plots show its logarithm, with the first model's in grey.").table(steps(models))
                    .plots(models.stream().map(model -> errors(models.getFirst(), model)).toList());
        }
        page.heading("What was drawn");
        List<Picture> pictures = models.stream().flatMap(model -> picture(model).stream()).toList();
        if (!pictures.isEmpty()) {
            page.sheets(pictures);
        } else if (models.getFirst().result.size() == 2) {
            page.plots(models.stream().map(SamplePage::points).toList());
        } else {
            page.paragraph(models.getFirst().result.count() + " samples of shape " + models.getFirst().result.shape());
        }
        return page.text();
    }

    private static Plot errors(Drawn first, Drawn model) {
        return new Plot(CurvePlot.svg("error of " + model.name, logarithms(first), logarithms(model)),
                List.of(model.name));
    }

    private static float[] logarithms(Drawn model) {
        double[] errors = model.result.comparison().orElseThrow().errors();
        float[] logarithms = new float[errors.length];
        for (int i = 0; i < errors.length; i++) {
            logarithms[i] = (float) Math.log10(Math.max(errors[i], Float.MIN_NORMAL));
        }
        return logarithms;
    }

    private static Optional<Picture> picture(Drawn model) {
        Sampling.Result result = model.result;
        float[] some = Arrays.copyOf(result.samples(), Math.min(result.count(), SHOWN) * result.size());
        return SampleSheet.png(some, result.shape().stream().mapToInt(Integer::intValue).toArray())
                .map(png -> new Picture(Base64.getEncoder().encodeToString(png), model.name));
    }

    private static Plot points(Drawn model) {
        float[] samples = model.result.samples();
        float[] x = new float[samples.length / 2];
        float[] y = new float[samples.length / 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = samples[2 * i];
            y[i] = samples[2 * i + 1];
        }
        return new Plot(PointPlot.svg("points of " + model.name, x, y), List.of(model.name));
    }
}
