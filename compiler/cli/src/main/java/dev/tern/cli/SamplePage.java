package dev.tern.cli;

import dev.tern.cli.output.HtmlReport;
import dev.tern.cli.output.HtmlReport.Picture;
import dev.tern.cli.output.HtmlReport.Plot;
import dev.tern.cli.output.SampleSheet;
import dev.tern.cli.report.CurvePlot;
import dev.tern.cli.report.PointPlot;
import dev.tern.cli.report.PointPlot.Frame;
import dev.tern.quantizer.task.Sampling.Comparison;
import dev.tern.quantizer.task.Sampling.Result;
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
    record Drawn(String name, Result result) {
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
        Result first = models.getFirst().result;
        List<Shown> shown = new ArrayList<>();
        first.comparison().ifPresent(found -> shown.add(new Shown("the data", found.real())));
        models.forEach(model -> shown.add(new Shown(model.name, model.result.samples())));
        List<Picture> pictures = shown.stream().flatMap(each -> picture(each, first).stream()).toList();
        if (!pictures.isEmpty()) {
            page.sheets(pictures);
        } else if (first.size() == 2) {
            Frame frame = Frame.around(shown.getFirst().samples);
            page.largePlots(shown.stream().map(each -> points(each, frame)).toList());
        } else {
            page.paragraph(first.count() + " samples of shape " + first.shape());
        }
        return page.text();
    }

    /** Samples of a model, or of the data. */
    private record Shown(String name, float[] samples) {
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

    private static Optional<Picture> picture(Shown shown, Result like) {
        float[] some = Arrays.copyOf(shown.samples, Math.min(shown.samples.length, SHOWN * like.size()));
        return SampleSheet.png(some, like.shape().stream().mapToInt(Integer::intValue).toArray())
                .map(png -> new Picture(Base64.getEncoder().encodeToString(png), shown.name));
    }

    private static Plot points(Shown shown, Frame frame) {
        int outside = 0;
        for (int i = 0; i < shown.samples.length; i += 2) {
            outside += frame.holds(shown.samples[i], shown.samples[i + 1]) ? 0 : 1;
        }
        List<String> caption = new ArrayList<>(List.of(shown.name));
        if (outside > 0) {
            caption.add(String.format(Locale.ROOT, "%,d of %,d lie outside", outside, shown.samples.length / 2));
        }
        return new Plot(PointPlot.cloud("points of " + shown.name, shown.samples, frame), caption);
    }
}
