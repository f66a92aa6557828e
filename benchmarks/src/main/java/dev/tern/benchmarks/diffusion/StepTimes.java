package dev.tern.benchmarks.diffusion;

import dev.tern.benchmarks.measure.QuietForks;
import dev.tern.benchmarks.measure.VectorWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times a step of diffusion models under scales by the step (TDQ), static scales and measured ones, by JMH: in rounds,
 * each of them in a JVM of its own, so that whatever the machine does meanwhile falls on all alike. Prints the median
 * of the rounds, and what that is beside the static one.
 */
public final class StepTimes {
    /** What stands in a model's text, with its bits, and what is put in its place. */
    private static final Pattern TEMPORAL = Pattern.compile("tdq\\((\\d+), step: t\\)");
    private static final List<String> SCHEMES = List.of("static($1, calibrated)", "tdq($1, step: t)",
            "dynamic($1)");
    private static final int WARMUPS = 5;
    private static final int ITERATIONS = 5;
    private static final TimeValue LONG = TimeValue.milliseconds(200);

    private final VectorWidth width;
    private final int rounds;

    private StepTimes(VectorWidth width, int rounds) {
        this.width = width;
        this.rounds = rounds;
    }

    /**
     * Measures.
     *
     * @param arguments 512 or 256, the bits that JVMs are held to; how many rounds; and then Tern files with
     *        {@code tdq(bits, step: t)} in them
     */
    public static void main(String[] arguments) throws IOException, RunnerException {
        // JMH keeps one run at a time to a machine; which cores are whose is the caller's business.
        System.setProperty("jmh.ignoreLock", "true");
        StepTimes times = new StepTimes(arguments[0].equals("256") ? VectorWidth.BITS_256 : VectorWidth.WIDEST,
                Integer.parseInt(arguments[1]));
        Path folder = Files.createTempDirectory("tern-steps");
        for (String model : Arrays.asList(arguments).subList(2, arguments.length)) {
            times.print(Path.of(model), folder);
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private void print(Path model, Path folder) throws IOException, RunnerException {
        String text = Files.readString(model);
        if (!TEMPORAL.matcher(text).find()) {
            throw new IllegalArgumentException(model + " has no activations tdq(4, step: t)");
        }
        Map<String, double[]> nanos = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int scheme = 0; scheme < SCHEMES.size(); scheme++) {
                String name = SCHEMES.get(scheme);
                Path file = Files.writeString(folder.resolve("scheme" + scheme + ".tern"),
                        TEMPORAL.matcher(text).replaceAll(name));
                nanos.computeIfAbsent(name, _ -> new double[rounds])[round] = nanos(file);
            }
        }
        double fixed = median(nanos.get(SCHEMES.getFirst()));
        nanos.forEach((name, each) -> System.out.printf(Locale.ROOT,
                "%-16s%-24s%10.0f ns%8.3f of static, rounds %.0f to %.0f%n", model.getFileName(),
                name.substring(0, name.indexOf('(')), median(each),
                median(each) / fixed, DoubleStream.of(each).min().orElseThrow(),
                DoubleStream.of(each).max().orElseThrow()));
    }

    private double nanos(Path file) throws RunnerException {
        return new Runner(new OptionsBuilder().include(StepBenchmark.class.getName() + ".run")
                .param("model", file.toString()).forks(1).threads(1).warmupIterations(WARMUPS).warmupTime(LONG)
                .measurementIterations(ITERATIONS).measurementTime(LONG)
                .jvmArgs(width.jvmFlags().toArray(String[]::new)).addProfiler(QuietForks.class)
                .verbosity(VerboseMode.SILENT).shouldFailOnError(true).build()).run().iterator().next()
                .getPrimaryResult().getScore();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
