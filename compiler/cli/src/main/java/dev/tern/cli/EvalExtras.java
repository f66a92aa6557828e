package dev.tern.cli;

import dev.tern.cli.output.HtmlReport;
import dev.tern.cli.output.HtmlReport.Bar;
import dev.tern.cli.output.HtmlReport.Picture;
import dev.tern.cli.output.SampleSheet;
import dev.tern.compiler.graph.Graph;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.calibration.LayerNoise;
import dev.tern.quantizer.calibration.Noise;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.task.Evaluation;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What eval shows beside accuracy: the noise of layers, and a page with plots. */
final class EvalExtras {
    private static final int WORST = 24;
    private static final int PERCENT = 100;
    private static final double LOUDEST = 60;

    private EvalExtras() {
    }

    /** Of all that is quantized, and of activations alone where that is another figure. */
    static String decibels(LayerNoise layer) {
        String all = decibels(layer.noise());
        String activations = decibels(layer.activations());
        return all.equals(activations) ? all : all + ", of activations alone " + activations;
    }

    private static String decibels(Noise noise) {
        double decibels = noise.decibels();
        return Double.isFinite(decibels) ? String.format(Locale.ROOT, "%.1f dB", decibels) : "exact";
    }

    /** The page. */
    static String page(Evaluation.Result result, String data, Answers answers, Optional<Answers> beside) {
        Graph graph = result.compilation().graph();
        Dataset examples = result.examples();
        HtmlReport page = new HtmlReport(graph.name() + " on " + examples.count() + " examples of " + data);
        List<List<String>> rows = new ArrayList<>(List.of(List.of("", "right", "of", "share", "AUC")));
        rows.add(row("compiled class", answers));
        beside.ifPresent(found -> rows.add(row("float model", found)));
        page.table(rows);
        beside.ifPresent(found -> page.paragraph(String.format(Locale.ROOT, "Both answer alike on %.2f %% of them.",
                PERCENT * answers.agreement(found).share())));
        ClassNames classes = ClassNames.of(graph, examples);
        List<String> names = classes.all();
        page.heading("Accuracy of each class").bars(IntStream.range(0, names.size()).mapToObj(label -> {
            Accuracy found = answers.ofClass(label);
            return new Bar(names.get(label), found.examples() == 0 ? 0 : found.share(), found.examples() == 0
                    ? "none"
                    : String.format(Locale.ROOT, "%.1f %%", PERCENT * found.share()));
        }).toList(), 1);
        page.heading("Which class is taken for which").paragraph("A row for each class, a column for each answer.")
                .grid(names, IntStream.range(0, names.size()).mapToObj(label -> IntStream.range(0, names.size())
                        .map(answer -> answers.confused(label, answer)).toArray()).toArray(int[][]::new));
        noises(page, result.noise());
        page.heading("Answered worst");
        List<Integer> worst = answers.worst(WORST);
        Optional<List<Picture>> pictures = pictures(result, answers, worst, classes);
        if (pictures.isPresent()) {
            page.pictures(pictures.get());
        } else {
            List<List<String>> list = new ArrayList<>(List.of(List.of("example", "is", "answered")));
            worst.forEach(example -> list.add(List.of(Integer.toString(result.numbers()[example]),
                    classes.of(answers.labels()[example]), classes.of(answers.first()[example]))));
            page.table(list);
        }
        return page.text();
    }

    /** Bars of what layers lose, where that is known. */
    static void noises(HtmlReport page, List<LayerNoise> noises) {
        if (!noises.isEmpty()) {
            page.heading("Signal to quantization noise of each layer").paragraph("Beside the network whose weights are"
                    + " the reals in the file, and, of activations alone, beside that whose weights are what the codes"
                    + " stand for. Of a network trained in low bits the second is what counts: its reals only say which"
                    + " codes come next.").bars(noises.stream()
                            .map(layer -> new Bar(layer.path(), Math.min(LOUDEST, layer.noise().decibels()), decibels(
                                    layer)))
                            .toList(), LOUDEST);
        }
    }

    private static List<String> row(String name, Answers answers) {
        Accuracy accuracy = answers.top(1);
        double area = answers.auc();
        return List.of(name, Integer.toString(accuracy.correct()), Integer.toString(accuracy.examples()),
                String.format(Locale.ROOT, "%.2f %%", PERCENT * accuracy.share()),
                Double.isNaN(area) ? "" : String.format(Locale.ROOT, "%.4f", area));
    }

    private static Optional<List<Picture>> pictures(Evaluation.Result result, Answers answers, List<Integer> worst,
            ClassNames classes) {
        Dataset examples = result.examples();
        int[] shape = examples.shape().toArray();
        if (examples.divisor() == 1 || worst.isEmpty()) {
            return Optional.empty();
        }
        int[] picture = shape.length == 2 ? new int[]{shape[0], shape[1], 1} : shape;
        List<Picture> pictures = new ArrayList<>();
        for (int example : worst) {
            float[] pixels = new float[examples.shape().elements()];
            for (int i = 0; i < pixels.length; i++) {
                float pixel = examples.stored(example * pixels.length + i) / examples.divisor();
                pixels[i] = 2 * pixel - 1;
            }
            Optional<byte[]> png = SampleSheet.png(pixels, picture);
            if (png.isEmpty()) {
                return Optional.empty();
            }
            pictures.add(new Picture(Base64.getEncoder().encodeToString(png.get()), "#"
                    + result.numbers()[example] + ": " + classes.of(answers.labels()[example]) + ", answered "
                    + classes.of(answers.first()[example])));
        }
        return Optional.of(pictures);
    }
}
