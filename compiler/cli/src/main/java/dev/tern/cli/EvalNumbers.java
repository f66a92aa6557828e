package dev.tern.cli;

import dev.tern.cli.output.HtmlReport;
import dev.tern.cli.output.HtmlReport.Picture;
import dev.tern.cli.output.HtmlReport.Plot;
import dev.tern.cli.output.SampleSheet;
import dev.tern.cli.report.CurvePlot;
import dev.tern.cli.report.Histogram;
import dev.tern.cli.report.PointPlot;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.evaluation.NumberErrors;
import dev.tern.quantizer.evaluation.NumberErrors.Spread;
import dev.tern.quantizer.task.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What eval shows of models that give numbers rather than classes: lines, JSON, and a page with plots. */
final class EvalNumbers {
    private static final int PERCENT = 100;
    private static final int WORST = 24;
    /** So many numbers are plotted one by one; of examples with more each is drawn as a line. */
    private static final int FEW = 12;
    /** So many numbers have a row of their own. */
    private static final int LISTED = 32;
    private static final int TENTHS = 10;

    private final Evaluation.Result result;
    private final NumberErrors errors;
    private final Optional<NumberErrors> beside;
    private final int[] steps;

    EvalNumbers(Evaluation.Result result, NumberErrors errors) {
        this.result = result;
        this.errors = errors;
        this.beside = result.floats().map(NumberErrors.class::cast);
        this.steps = result.steps();
    }

    /** The examples that are missed most. */
    List<String> worst(int count) {
        return errors.worst(count).stream().map(example -> String.format(Locale.ROOT,
                "  example " + (steps.length == 0 ? "%-8s" : "%-20s") + "mean squared error %.6g", example(example),
                errors.squared(example))).toList();
    }

    /** For a reader. @param auc whether the area is shown @param each whether parts are, too */
    List<String> lines(boolean auc, boolean each) {
        List<String> lines = new ArrayList<>();
        lines.add(line("compiled class", errors.all()) + area(auc, errors));
        beside.ifPresent(found -> {
            lines.add(line("float model", found.all()) + area(auc, found));
            lines.add(String.format(Locale.ROOT, "  %-16smean square %.6g", "both differ by",
                    errors.difference(found)));
        });
        if (each) {
            parts().forEach((name, spread) -> lines.add(line(name, spread)));
        }
        return lines;
    }

    private static String area(boolean wanted, NumberErrors of) {
        return wanted ? ", AUC " + area(of) : "";
    }

    private static String line(String name, Spread spread) {
        String explained = explained(spread);
        return String.format(Locale.ROOT, "  %-16smean squared error %.6g%s", name, spread.squared(),
                explained.isEmpty() ? "" : ", " + explained + " of the variance explained");
    }

    private static String explained(Spread spread) {
        return Double.isNaN(spread.explained())
                ? ""
                : String.format(Locale.ROOT, "%.1f %%", PERCENT * spread.explained());
    }

    /** Of each tenth of the steps of a model that predicts noise. */
    private Map<String, Spread> tenths() {
        Map<String, Spread> tenths = new LinkedHashMap<>();
        int steps = Arrays.stream(this.steps).max().orElse(-1) + 1;
        int parts = Math.min(TENTHS, steps);
        for (int part = 0; part < parts; part++) {
            int first = part * steps / parts;
            int last = (part + 1) * steps / parts - 1;
            tenths.put(first == last ? "step " + first : "steps " + first + "-" + last,
                    errors.of(IntStream.range(0, this.steps.length)
                            .filter(example -> this.steps[example] >= first && this.steps[example] <= last).toArray()));
        }
        return tenths;
    }

    /** Of each class where examples have classes, of steps where they have these, else of each number. */
    private Map<String, Spread> parts() {
        if (steps.length > 0) {
            return tenths();
        }
        Map<String, Spread> parts = new LinkedHashMap<>();
        if (errors.labels().length > 0) {
            classes().forEach((label, name) -> parts.put(name, errors.ofClass(label)));
        } else {
            IntStream.range(0, errors.numbers()).forEach(number -> parts.put(number(number), errors.of(number)));
        }
        return parts;
    }

    private Map<Integer, String> classes() {
        List<String> names = result.examples().targets() instanceof Dataset.Targets.Classes classes
                ? classes.names()
                : List.of();
        Map<Integer, String> classes = new TreeMap<>();
        Arrays.stream(errors.labels()).forEach(label -> classes.put(label, label < names.size()
                ? names.get(label)
                : "class " + label));
        return classes;
    }

    private String number(int number) {
        List<String> labels = result.compilation().graph().outputs().getFirst().labels();
        return number < labels.size() ? labels.get(number) : "number " + number;
    }

    /** For a program. */
    Map<String, Object> entries(String data, boolean each) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("model", result.compilation().graph().name());
        entries.put("data", data);
        entries.put("examples", result.examples().count());
        entries.put("meanSquaredError", errors.mean());
        entries.put("explained", finite(errors.all().explained()));
        entries.put("floatMeanSquaredError", beside.map(NumberErrors::mean).orElse(null));
        entries.put("difference", beside.map(errors::difference).orElse(null));
        if (each) {
            entries.put("parts", parts().entrySet().stream().map(part -> {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("name", part.getKey());
                entry.put("meanSquaredError", finite(part.getValue().squared()));
                entry.put("explained", finite(part.getValue().explained()));
                return entry;
            }).toList());
        }
        return entries;
    }

    private static Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

    /** A page. */
    String page(String data) {
        Dataset examples = result.examples();
        HtmlReport page = new HtmlReport(result.compilation().graph().name() + " on " + examples.count()
                + " examples of " + data);
        boolean area = !Double.isNaN(errors.auc());
        List<List<String>> rows = new ArrayList<>(List.of(with(heads(""), area, "AUC")));
        rows.add(with(row("compiled class", errors.all()), area, area(errors)));
        beside.ifPresent(found -> rows.add(with(row("float model", found.all()), area, area(found))));
        page.table(rows);
        beside.ifPresent(found -> page.paragraph(String.format(Locale.ROOT,
                "What both give differs by a mean square of %.4g.", errors.difference(found))));
        page.heading("Errors of the examples").paragraph("How often there is which root of the mean squared error.")
                .plots(histograms());
        parts(page);
        EvalExtras.noises(page, result.noise());
        worst(page.heading("Missed most"));
        return page.text();
    }

    private static List<String> heads(String first) {
        return List.of(first, "mean squared error", "mean error", "greatest error", "explained");
    }

    private static List<String> row(String name, Spread spread) {
        return List.of(name, text(spread.squared()), text(spread.absolute()), text(spread.greatest()),
                explained(spread));
    }

    private static List<String> with(List<String> row, boolean more, String cell) {
        return more ? Stream.concat(row.stream(), Stream.of(cell)).toList() : row;
    }

    private static String area(NumberErrors of) {
        return String.format(Locale.ROOT, "%.4f", of.auc());
    }

    private static String text(double number) {
        return Double.isNaN(number) ? "" : String.format(Locale.ROOT, "%.4g", number);
    }

    private List<Plot> histograms() {
        Map<Integer, String> classes = classes();
        if (classes.isEmpty()) {
            return List.of(histogram("all", IntStream.range(0, errors.wanted().length)));
        }
        return classes.entrySet().stream().map(named -> histogram(named.getValue(), IntStream.range(0,
                errors.wanted().length).filter(example -> errors.labels()[example] == named.getKey()))).toList();
    }

    private Plot histogram(String name, IntStream examples) {
        float[] roots = new float[errors.wanted().length];
        int[] count = {0};
        examples.forEach(example -> roots[count[0]++] = (float) Math.sqrt(errors.squared(example)));
        Histogram.Counter counter = new Histogram.Counter();
        counter.add(Arrays.copyOf(roots, count[0]));
        return new Plot(counter.histogram().svg("errors of " + name), List.of(name, count[0] + " examples"));
    }

    private void parts(HtmlReport page) {
        if (!classes().isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(heads("class")));
            classes().forEach((label, name) -> rows.add(row(name, errors.ofClass(label))));
            page.heading("Each class").table(rows);
        }
        if (steps.length > 0) {
            List<List<String>> rows = new ArrayList<>(List.of(heads("")));
            tenths().forEach((name, spread) -> rows.add(row(name, spread)));
            page.heading("By the step").paragraph("Of the noise that was added to the examples, from the step with the"
                    + " least on.").table(rows);
            return;
        }
        List<Integer> numbers = IntStream.range(0, errors.numbers()).boxed().toList();
        boolean all = numbers.size() <= LISTED;
        List<Integer> shown = all
                ? numbers
                : numbers.stream().sorted(Comparator.comparingDouble(number -> -errors.of(number).squared()))
                        .limit(LISTED).toList();
        page.heading(all ? "Each number" : "The " + LISTED + " numbers that are missed most, of " + numbers.size());
        if (numbers.size() <= FEW) {
            page.paragraph("To the right what is wanted, upwards what the compiled class gives.").plots(shown.stream()
                    .map(number -> new Plot(PointPlot.svg(number(number), column(errors.wanted(), number),
                            column(errors.given(), number)), List.of(number(number)))).toList());
        }
        List<List<String>> rows = new ArrayList<>(List.of(heads("")));
        shown.forEach(number -> rows.add(row(number(number), errors.of(number))));
        page.table(rows);
    }

    private static float[] column(float[][] rows, int column) {
        float[] values = new float[rows.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows[i][column];
        }
        return values;
    }

    private void worst(HtmlReport page) {
        List<Integer> worst = errors.worst(WORST);
        Optional<List<Picture>> pictures = pictures(worst);
        if (pictures.isPresent()) {
            page.paragraph("Beside each what the compiled class gives.").pictures(pictures.get());
        } else if (errors.numbers() > FEW) {
            page.paragraph("Thin what is wanted, thick what the compiled class gives.").plots(worst.stream()
                    .map(example -> new Plot(CurvePlot.svg("example " + example, errors.wanted()[example],
                            errors.given()[example]), List.of(caption(example)))).toList());
        } else {
            List<List<String>> rows = new ArrayList<>(List.of(List.of("example", "mean squared error", "wanted",
                    "given")));
            worst.forEach(example -> rows.add(List.of(example(example), text(errors.squared(example)),
                    list(errors.wanted()[example]), list(errors.given()[example]))));
            page.table(rows);
        }
    }

    private String caption(int example) {
        return "#" + example(example) + (errors.labels().length == 0
                ? ""
                : ", " + classes().get(errors.labels()[example]))
                + ": " + text(errors.squared(example));
    }

    private static String list(float[] values) {
        return String.join(", ", IntStream.range(0, values.length).mapToObj(i -> text(values[i])).toList());
    }

    /** Its number in the data, and its step. */
    private String example(int example) {
        return result.numbers()[example] + (steps.length == 0 ? "" : " at step " + steps[example]);
    }

    /** Of pictures that are given back. */
    private Optional<List<Picture>> pictures(List<Integer> worst) {
        Dataset examples = result.examples();
        int[] shape = examples.shape().toArray();
        if (examples.divisor() == 1 || examples.isChanged() || errors.numbers() != examples.shape().elements()) {
            return Optional.empty();
        }
        int[] picture = shape.length == 2 ? new int[]{shape[0], shape[1], 1} : shape;
        List<Picture> pictures = new ArrayList<>();
        for (int example : worst) {
            float[] both = new float[2 * errors.numbers()];
            for (int i = 0; i < errors.numbers(); i++) {
                both[i] = 2 * errors.wanted()[example][i] - 1;
                both[errors.numbers() + i] = 2 * errors.given()[example][i] - 1;
            }
            Optional<byte[]> png = SampleSheet.png(both, picture);
            if (png.isEmpty()) {
                return Optional.empty();
            }
            pictures.add(new Picture(Base64.getEncoder().encodeToString(png.get()), caption(example)));
        }
        return Optional.of(pictures);
    }
}
