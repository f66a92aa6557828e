package dev.tern.cli;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.calibration.LayerNoise;
import dev.tern.quantizer.calibration.Noise;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.evaluation.NumberErrors;
import dev.tern.quantizer.task.Evaluation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Measures how often a compiled model is right. */
@Command(name = "eval", description = {"Measures the accuracy of the compiled class on labelled examples, or the mean"
        + " squared error of a model that gives numbers, gives its input back, or predicts the noise in it at a step.",
    "",
    "Data is a folder in MNIST's layout (t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, with or without .gz); a"
            + " .csv table, one example a line; an .npz archive with arrays x [n, ...] and y [n]; CIFAR-10's binary"
            + " files or its sheets of pictures; a folder or .zip with a folder of pictures for each class. Pictures"
            + " are scaled to 0..1 for f32, other numbers are taken as they are.",
    "",
    "Where NAME.float.safetensors lies beside the model's NAME.safetensors, the same network without"
            + " quantization is measured beside it, and how often both answer alike.",
    ""}, //
        footer = {"", "Example:", "  tern eval models/digits --data ../shared/data/mnist",
            "  tern eval iris.tern --data iris.csv --label species"})
final class EvalCommand extends ModelCommand {
    @Option(names = "--data", paramLabel = "PATH", required = true, description = {
        "The file or folder with the examples."})
    private Path data;

    @Option(names = "--label", paramLabel = "COLUMN", description = {
        "The column of a table that holds the class, or the number that the model should give if it gives one: its"
                + " heading, or its number from 1 (from the end: -1). Else one called label, class or target, or the"
                + " last."})
    private String label;

    @Option(names = "--resize", description = "Make pictures of another size fit.")
    private boolean resize;

    @Option(names = "--top", paramLabel = "K", description = "Count labels among the K greatest scores, too.")
    private Integer top;

    @Option(names = "--classes", description = {
        "Show the accuracy of each class; of a model that gives numbers the error of each number, or of each class"
                + " where its inputs have classes."})
    private boolean classes;

    @Option(names = "--auc", description = {
        "Show the area under the curve of true by false positives, too; of several classes the mean of each against"
                + " the rest."})
    private boolean auc;

    @Option(names = "--worst", paramLabel = "N", defaultValue = "0", description = {
        "List the N examples that are answered worst."})
    private int worst;

    @Option(names = "--noise", description = {
        "Show for each layer the signal to quantization noise, on 20 of the examples: beside the network whose weights"
                + " are the reals in the file, and, of activations alone, beside that whose weights are what their"
                + " codes stand for, which is what counts where a network was trained in low bits."})
    private boolean noise;

    @Option(names = "--report", paramLabel = "FILE", description = {
        "Write a page with all of this and plots: report.html."})
    private Path report;

    @Option(names = "--integers", description = {
        "Measure the class whose codes are made by integers alone, where scales are static, as compile --integers makes"
                + " it."})
    private boolean integers;

    @Option(names = "--examples", paramLabel = "A..B", description = {
        "Take these alone, counted from 0, both included: 250..499."})
    private String examples;

    @Mixin
    private ContrastOptions contrast;

    @Override
    public Integer call() {
        if (top != null && top < 1 || worst < 0) {
            throw new ParameterException(commandLine(), "--top is at least 1, and --worst not negative");
        }
        Evaluation evaluation = Evaluation.of(file()).data(data).label(label).resizing(resize).examples(examples)
                .changed(contrast.contrast(commandLine())).noise(noise, report != null).integers(integers);
        Evaluation.Result result = require(evaluation::run);
        warn(result.compilation().warnings());
        return switch (result.compiled()) {
            case NumberErrors errors -> numbers(result, errors);
            case Answers answers -> answers(result, answers);
        };
    }

    private Integer answers(Evaluation.Result result, Answers answers) {
        Compilation compilation = result.compilation();
        Dataset images = result.examples();
        ClassNames names = ClassNames.of(compilation.graph(), images);
        Optional<Answers> beside = result.floats().map(Answers.class::cast);
        if (report != null) {
            WholeFile.write(Map.of(report, EvalExtras.page(result, data.toString(), answers, beside).getBytes(
                    StandardCharsets.UTF_8)));
        }
        if (json()) {
            Map<String, Object> entries = entries(compilation.graph().name(), answers, beside, names);
            extras(entries, auc ? answers.auc() : Double.NaN, numbered(answers.worst(worst), result), result.noise());
            print(entries, compilation.warnings());
        } else {
            console().out().println(compilation.graph().name() + " on " + images.count() + " examples of " + data);
            images.renumbered().ifPresent(told -> console().out().println("  " + told));
            show(answers, beside, names);
            if (auc) {
                console().out().printf(Locale.ROOT, "  %-16s%.4f%n", "AUC", answers.auc());
            }
            answers.worst(worst).forEach(example -> console().out().printf("  example %-8dis %s, answered %s%n",
                    result.numbers()[example], names.of(answers.labels()[example]),
                    names.of(answers.first()[example])));
            showNoises(result.noise());
        }
        return ExitCode.DONE;
    }

    private void extras(Map<String, Object> entries, double area, List<Integer> examplesOfNote,
            List<LayerNoise> noises) {
        if (auc) {
            entries.put("auc", Double.isNaN(area) ? null : area);
        }
        if (worst > 0) {
            entries.put("worst", examplesOfNote);
        }
        if (noise) {
            entries.put("noise", decibels(noises, LayerNoise::noise));
            entries.put("noiseOfActivations", decibels(noises, LayerNoise::activations));
        }
    }

    private static Map<String, Object> decibels(List<LayerNoise> noises, Function<LayerNoise, Noise> which) {
        Map<String, Object> layers = new LinkedHashMap<>();
        noises.forEach(layer -> {
            double decibels = which.apply(layer).decibels();
            layers.put(layer.path(), Double.isFinite(decibels) ? decibels : null);
        });
        return layers;
    }

    /** Examples as the data counts them. */
    private static List<Integer> numbered(List<Integer> examples, Evaluation.Result result) {
        return examples.stream().map(example -> result.numbers()[example]).toList();
    }

    private void showNoises(List<LayerNoise> noises) {
        if (noise) {
            noises.forEach(layer -> console().out().printf(Locale.ROOT, "  %-32s%s%n", layer.path(),
                    EvalExtras.decibels(layer)));
        }
    }

    /** Of models that give numbers rather than classes. */
    private Integer numbers(Evaluation.Result result, NumberErrors errors) {
        if (top != null) {
            throw new ParameterException(commandLine(), "--top is for classes, and this model gives numbers");
        }
        Compilation compilation = result.compilation();
        EvalNumbers shown = new EvalNumbers(result, errors);
        if (report != null) {
            WholeFile.write(Map.of(report, shown.page(data.toString()).getBytes(StandardCharsets.UTF_8)));
        }
        if (json()) {
            Map<String, Object> entries = shown.entries(data.toString(), classes);
            extras(entries, errors.auc(), numbered(errors.worst(worst), result), result.noise());
            print(entries, compilation.warnings());
            return ExitCode.DONE;
        }
        console().out().println(compilation.graph().name() + " on " + result.examples().count() + " examples of "
                + data);
        shown.lines(auc, classes).forEach(console().out()::println);
        shown.worst(worst).forEach(console().out()::println);
        showNoises(result.noise());
        return ExitCode.DONE;
    }

    private Map<String, Object> entries(String model, Answers answers, Optional<Answers> beside,
            ClassNames names) {
        Map<String, Object> result = new LinkedHashMap<>();
        Accuracy accuracy = answers.top(1);
        result.put("model", model);
        result.put("data", data.toString());
        result.put("examples", accuracy.examples());
        result.put("correct", accuracy.correct());
        result.put("accuracy", accuracy.share());
        result.put("floatAccuracy", beside.map(found -> found.top(1).share()).orElse(null));
        result.put("agreement", beside.map(found -> answers.agreement(found).share()).orElse(null));
        if (top != null) {
            result.put("topAccuracy", answers.top(top).share());
        }
        if (classes) {
            result.put("classes", IntStream.range(0, names.count()).mapToObj(label -> {
                Accuracy found = answers.ofClass(label);
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("class", label);
                entry.put("name", names.isNamed(label) ? names.of(label) : null);
                entry.put("correct", found.correct());
                entry.put("examples", found.examples());
                return entry;
            }).toList());
        }
        return result;
    }

    private void show(Answers answers, Optional<Answers> beside, ClassNames names) {
        row("compiled class", answers.top(1));
        if (top != null) {
            row("  among " + top, answers.top(top));
        }
        beside.ifPresentOrElse(found -> {
            row("float model", found.top(1));
            row("both alike", answers.agreement(found));
        }, () -> console().out().println("  float model     not measured: no parameters for it beside the model's"));
        if (classes) {
            for (int label = 0; label < names.count(); label++) {
                row(names.title(label), answers.ofClass(label));
            }
        }
    }

    private void row(String name, Accuracy accuracy) {
        if (accuracy.examples() == 0) {
            console().out().printf("  %-16sno examples%n", name);
            return;
        }
        console().out().printf(Locale.ROOT, "  %-16s%.2f%%  (%,d of %,d)%n", name, 100 * accuracy.share(),
                accuracy.correct(), accuracy.examples());
    }
}
