package dev.tern.cli;

import dev.tern.cli.SamplePage.Drawn;
import dev.tern.cli.output.SampleSheet;
import dev.tern.cli.output.Scatter;
import dev.tern.cli.output.TextTable;
import dev.tern.compiler.output.WholeFile;
import dev.tern.quantizer.task.Sampling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Draws samples by a diffusion model. */
@Command(name = "sample", description = {"Draws samples with the compiled class of a model that predicts the noise in"
        + " its first input at a step, its second: points, or pictures.", "",
    "Noise is taken away step by step (DDIM). With --data it is also said how far the samples are from the data, and"
            + " how wrong the predicted noise is.",
    ""}, //
        sortOptions = false, footer = {"", "Examples:", "  tern sample models/denoiser",
            "  tern sample models/denoiser --count 1000 --data points.csv -o drawn.csv",
            "  tern sample models/denoiser --beside static.tern --data points.csv --report report.html"})
final class SampleCommand extends ModelCommand {
    @Option(names = "--count", paramLabel = "N", defaultValue = "200", description = {
        "How many to draw (default: ${DEFAULT-VALUE})."})
    private int count;

    @Option(names = "--steps", paramLabel = "N", description = {
        "How many of the model's steps to take, evenly spread (default: all)."})
    private Integer steps;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = {
        "Where chance begins (default: ${DEFAULT-VALUE})."})
    private long seed;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "Write them to a .csv file, one a line, or pictures to a .png file, beside and below one another."})
    private Path output;

    @Option(names = "--data", paramLabel = "PATH", description = {
        "Real samples to compare with, as for train."})
    private Path data;

    @Option(names = "--resize", description = "Make real pictures of another size fit.")
    private boolean resize;

    @Option(names = "--beside", paramLabel = "MODEL", description = {
        "Compare this model, too, by the same noise, which it was trained on; may be given several times. Needs"
                + " --data."})
    private List<Path> beside = List.of();

    @Option(names = "--report", paramLabel = "FILE", description = {
        "Write a page with what all of them drew, and their errors by the step: report.html."})
    private Path report;

    @Override
    public Integer call() {
        if (!beside.isEmpty() && data == null) {
            throw new ParameterException(commandLine(), "--beside compares by real samples: name them with --data");
        }
        List<Drawn> models = new ArrayList<>(List.of(new Drawn(argument().toString(), draw(file()))));
        beside.forEach(other -> models.add(new Drawn(other.toString(), draw(ModelFile.find(other)))));
        requireAlike(models);
        Sampling.Result drawn = models.getFirst().result();
        Map<Path, byte[]> files = new LinkedHashMap<>();
        if (output != null) {
            files.put(output, bytes(drawn));
        }
        if (report != null) {
            files.put(report, SamplePage.html(models).getBytes(StandardCharsets.UTF_8));
        }
        WholeFile.write(files);
        if (json()) {
            printJson(models);
        } else {
            show(models);
            files.keySet().forEach(file -> console().out().println("wrote " + file));
        }
        return ExitCode.DONE;
    }

    private Sampling.Result draw(Path model) {
        Sampling sampling = Sampling.of(model).resizing(resize);
        require(() -> sampling.count(count).seed(seed));
        if (steps != null) {
            require(() -> sampling.steps(steps));
        }
        if (data != null) {
            sampling.data(data);
        }
        Sampling.Result drawn = require(sampling::run);
        warn(drawn.compilation().warnings());
        return drawn;
    }

    private void requireAlike(List<Drawn> models) {
        Drawn first = models.getFirst();
        for (Drawn model : models) {
            if (!noise(model).equals(noise(first))) {
                throw new ParameterException(commandLine(), model.name() + " was trained on " + noise(model) + ", "
                        + first.name() + " on " + noise(first) + ": their errors cannot be compared");
            }
            if (!model.result().shape().equals(first.result().shape())) {
                throw new ParameterException(commandLine(), model.name() + " draws samples of shape "
                        + model.result().shape() + ", " + first.name() + " of " + first.result().shape()
                        + ": they cannot be compared");
            }
        }
    }

    private static String noise(Drawn model) {
        return model.result().noise().map(found -> "noise of " + found).orElse("noise that keeps the variance") + " in "
                + model.result().steps() + " steps";
    }

    private byte[] bytes(Sampling.Result drawn) {
        float[] samples = drawn.samples();
        String name = output.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return SampleSheet.png(samples, drawn.shape().stream().mapToInt(Integer::intValue).toArray()).orElseThrow(
                    () -> new ParameterException(commandLine(),
                            "only pictures [height, width, 1 or 3] are written to .png files"));
        }
        if (!name.endsWith(".csv")) {
            throw new ParameterException(commandLine(), "samples are written to .csv and .png files");
        }
        int size = drawn.size();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < samples.length; i++) {
            text.append(samples[i]).append(i % size == size - 1 ? "\n" : ",");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Float> numbers(float[] samples, int from, int size) {
        return IntStream.range(from, from + size).mapToObj(i -> samples[i]).toList();
    }

    private void printJson(List<Drawn> models) {
        Sampling.Result drawn = models.getFirst().result();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", drawn.compilation().graph().name());
        result.put("samples", IntStream.range(0, drawn.count())
                .mapToObj(i -> numbers(drawn.samples(), i * drawn.size(), drawn.size())).toList());
        result.putAll(compared(drawn.comparison()));
        if (models.size() > 1) {
            result.put("beside", models.subList(1, models.size()).stream().map(other -> {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("model", other.result().compilation().graph().name());
                entry.put("file", other.name());
                entry.putAll(compared(other.result().comparison()));
                return entry;
            }).toList());
        }
        print(result, drawn.compilation().warnings());
    }

    private static Map<String, Object> compared(Optional<Sampling.Comparison> comparison) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("distance", comparison.map(Sampling.Comparison::distance).orElse(null));
        entries.put("noiseError", comparison.map(Sampling.Comparison::error).orElse(null));
        entries.put("noiseErrors", comparison.map(found -> Arrays.stream(found.errors()).boxed().toList())
                .orElse(null));
        return entries;
    }

    private void show(List<Drawn> models) {
        Sampling.Result drawn = models.getFirst().result();
        if (models.size() > 1) {
            TextTable.lines(SamplePage.table(models), 1).forEach(console().out()::println);
            console().out().println();
            TextTable.lines(SamplePage.steps(models), 1).forEach(console().out()::println);
            return;
        }
        if (drawn.size() == 2) {
            Scatter.lines(drawn.samples()).forEach(console().out()::println);
        }
        drawn.comparison().ifPresent(found -> {
            console().out().printf(Locale.ROOT, "energy distance from the data: %.5f%n", found.distance());
            console().out().printf(Locale.ROOT, "mean squared error of the noise: %.5f; by tenths of the steps: %s%n",
                    found.error(), String.join(" ", SamplePage.tenths(found.errors())));
        });
    }
}
