package dev.tern.cli;

import dev.tern.cli.measure.DenoisingError;
import dev.tern.cli.output.SampleSheet;
import dev.tern.cli.output.Scatter;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.diffusion.Ddim;
import dev.tern.quantizer.diffusion.Distance;
import dev.tern.quantizer.diffusion.NoiseSchedule;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.training.NoiseTraining;
import dev.tern.runtime.Session;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
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
        if (count < 2) {
            throw new ParameterException(commandLine(), "--count is at least 2");
        }
        Compilation compilation = Compilation.of(file());
        warn(compilation.warnings());
        Graph graph = compilation.graph();
        if (!NoiseTrainer.fits(graph)) {
            throw new ParameterException(commandLine(), "sampling takes a model of two inputs, values and a step, and"
                    + " one output like the values: the noise");
        }
        Session session = compilation.model().newSession();
        int all = compilation.model().signature().inputs().getLast().steps();
        int size = compilation.model().signature().inputs().getFirst().elements();
        int[] step = new int[1];
        Ddim.Model model = (x, t, noise) -> {
            step[0] = t;
            session.run(new Object[]{x, step}, new Object[]{noise});
        };
        int visited = steps == null ? all : steps;
        if (visited < 1 || visited > all) {
            throw new ParameterException(commandLine(), "--steps is 1 to " + all);
        }
        Ddim ddim = new Ddim(NoiseSchedule.of(all), visited);
        SplittableRandom random = new SplittableRandom(seed);
        float[] samples = new float[Math.multiplyExact(count, size)];
        for (int i = 0; i < count; i++) {
            System.arraycopy(ddim.sample(model, size, random), 0, samples, i * size, size);
        }
        int[] shape = compilation.model().signature().inputs().getFirst().shape().stream()
                .mapToInt(Integer::intValue).toArray();
        Optional<Compared> compared = Optional.ofNullable(data).map(path -> compare(path, graph, model, samples, all));
        if (output != null) {
            WholeFile.write(Map.of(output, bytes(samples, shape)));
        }
        show(compilation, samples, size, compared);
        return ExitCode.DONE;
    }

    /** @param errors of the predicted noise, mean square by step */
    private record Compared(double distance, double[] errors) {
        double error() {
            return IntStream.range(0, errors.length).mapToDouble(t -> errors[t]).average().orElseThrow();
        }
    }

    private Compared compare(Path path, Graph graph, Ddim.Model model, float[] samples, int all) {
        Dataset real = Datasets.read(path, DatasetRequest.of(DatasetRequest.Part.TRAINING)
                .fitting(graph.definitions().get(graph.inputs().getFirst()).type().shape()));
        int size = samples.length / count;
        if (real.shape().elements() != size || real.count() < 2) {
            throw new ParameterException(commandLine(), "--data " + path + " holds no two samples of " + size
                    + " numbers");
        }
        float[] values = NoiseTraining.samples(real);
        return new Compared(Distance.energy(samples, values, size),
                DenoisingError.of(model, NoiseSchedule.of(all), values, size));
    }

    private byte[] bytes(float[] samples, int[] shape) {
        String name = output.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return SampleSheet.png(samples, shape).orElseThrow(() -> new ParameterException(commandLine(),
                    "only pictures [height, width, 1 or 3] are written to .png files"));
        }
        if (!name.endsWith(".csv")) {
            throw new ParameterException(commandLine(), "samples are written to .csv and .png files");
        }
        int size = samples.length / count;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < samples.length; i++) {
            text.append(samples[i]).append(i % size == size - 1 ? "\n" : ",");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Float> numbers(float[] samples, int from, int size) {
        return IntStream.range(from, from + size).mapToObj(i -> samples[i]).toList();
    }

    private void show(Compilation compilation, float[] samples, int size, Optional<Compared> compared) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", compilation.graph().name());
            result.put("samples", IntStream.range(0, count).mapToObj(i -> numbers(samples, i * size, size)).toList());
            result.put("distance", compared.map(Compared::distance).orElse(null));
            result.put("noiseError", compared.map(Compared::error).orElse(null));
            result.put("noiseErrors", compared.map(found -> IntStream.range(0, found.errors.length)
                    .mapToObj(t -> found.errors[t]).toList()).orElse(null));
            print(result, compilation.warnings());
            return;
        }
        if (size == 2) {
            Scatter.lines(samples).forEach(console().out()::println);
        }
        compared.ifPresent(found -> {
            console().out().printf(Locale.ROOT, "energy distance from the data: %.5f%n", found.distance);
            console().out().printf(Locale.ROOT, "mean squared error of the noise: %.5f; by tenths of the steps:",
                    found.error());
            int all = found.errors.length;
            for (int tenth = 0; tenth < Math.min(10, all); tenth++) {
                int from = tenth * all / Math.min(10, all);
                int to = (tenth + 1) * all / Math.min(10, all);
                console().out().printf(Locale.ROOT, " %.4f", IntStream.range(from, to)
                        .mapToDouble(t -> found.errors[t]).average().orElseThrow());
            }
            console().out().println();
        });
        if (output != null) {
            console().out().println("wrote " + output);
        }
    }
}
