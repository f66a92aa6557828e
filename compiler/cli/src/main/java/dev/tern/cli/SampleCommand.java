package dev.tern.cli;

import dev.tern.cli.output.SampleSheet;
import dev.tern.cli.output.Scatter;
import dev.tern.compiler.output.WholeFile;
import dev.tern.quantizer.task.Sampling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
            "  tern sample models/denoiser --count 1000 --data points.csv -o drawn.csv"})
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

    @Override
    public Integer call() {
        Sampling sampling = Sampling.of(file());
        require(() -> sampling.count(count).seed(seed));
        if (steps != null) {
            require(() -> sampling.steps(steps));
        }
        if (data != null) {
            sampling.data(data);
        }
        Sampling.Result drawn = require(sampling::run);
        warn(drawn.compilation().warnings());
        if (output != null) {
            WholeFile.write(Map.of(output, bytes(drawn)));
        }
        show(drawn);
        return ExitCode.DONE;
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

    private void show(Sampling.Result drawn) {
        float[] samples = drawn.samples();
        int size = drawn.size();
        Optional<Sampling.Comparison> compared = drawn.comparison();
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", drawn.compilation().graph().name());
            result.put("samples",
                    IntStream.range(0, drawn.count()).mapToObj(i -> numbers(samples, i * size, size)).toList());
            result.put("distance", compared.map(Sampling.Comparison::distance).orElse(null));
            result.put("noiseError", compared.map(Sampling.Comparison::error).orElse(null));
            result.put("noiseErrors", compared.map(found -> Arrays.stream(found.errors()).boxed().toList())
                    .orElse(null));
            print(result, drawn.compilation().warnings());
            return;
        }
        if (size == 2) {
            Scatter.lines(samples).forEach(console().out()::println);
        }
        compared.ifPresent(found -> {
            console().out().printf(Locale.ROOT, "energy distance from the data: %.5f%n", found.distance());
            console().out().printf(Locale.ROOT, "mean squared error of the noise: %.5f; by tenths of the steps:",
                    found.error());
            int all = found.errors().length;
            for (int tenth = 0; tenth < Math.min(10, all); tenth++) {
                int from = tenth * all / Math.min(10, all);
                int to = (tenth + 1) * all / Math.min(10, all);
                console().out().printf(Locale.ROOT, " %.4f", Arrays.stream(found.errors(), from, to).average()
                        .orElseThrow());
            }
            console().out().println();
        });
        if (output != null) {
            console().out().println("wrote " + output);
        }
    }
}
