package dev.tern.benchmarks.startup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts programs in turn, each round all of them, and prints what the first answer of a model adds to a program that
 * has none and is started with the same flags: the median over the rounds of the differences within a round.
 */
@Command(name = "StartUp", mixinStandardHelpOptions = true, description = {
    "Measures what the first answer of a model adds to the start of a program."})
public final class StartUp implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "FILE", defaultValue = "models/kws/kws-ternary4.tern", description = {
        "A Tern text of one f32 input and one output; without a parameters file its numbers are made up"
                + " (default: ${DEFAULT-VALUE})."})
    private Path model;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "21", description = {
        "How often each program is started (default: ${DEFAULT-VALUE})."})
    private int rounds;

    @Option(names = "--older", paramLabel = "FOLDER", description = "A JDK of an older Java, for programs there.")
    private Path older;

    /** Runs the command and exits. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StartUp()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Programs programs = Programs.of(model)) {
            List<Pair> pairs = pairs(programs);
            Map<Pair, List<Taken>> taken = new LinkedHashMap<>();
            for (int round = -1; round < rounds; round++) {
                for (Pair pair : pairs) {
                    Start.Used bare = pair.without().run();
                    Start.Used with = pair.with().run();
                    if (round >= 0) {
                        taken.computeIfAbsent(pair, _ -> new ArrayList<>()).add(new Taken(bare, with));
                    }
                }
            }
            System.out.printf(Locale.ROOT, "%s, a jar of %,d bytes; %d rounds, Java %s%n", model.getFileName(),
                    programs.jarBytes(), rounds, System.getProperty("java.version"));
            System.out.println("median ms from start to end without the model, with it, and of the differences (their"
                    + " quartiles); MiB more in memory at most");
            taken.forEach(StartUp::print);
        }
        return 0;
    }

    /** What is compared. */
    private record Pair(String name, Start without, Start with) {
    }

    /** What one round took. */
    private record Taken(Start.Used without, Start.Used with) {
        double more() {
            return with.millis() - without.millis();
        }
    }

    private List<Pair> pairs(Programs programs) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"));
        List<Pair> pairs = new ArrayList<>();
        pairs.add(pair("Tern", programs, java));
        pairs.add(pair("Tern, the Vector API's module", programs, java, "--add-modules", "jdk.incubator.vector"));
        pairs.add(new Pair("Tern, an AOT cache", programs.bare(java).cached(), programs.tern(java).cached()));
        if (older != null) {
            pairs.add(pair("Tern, older Java", programs, older));
        }
        pairs.add(new Pair("ONNX Runtime", programs.bare(java), programs.onnx(java)));
        return pairs;
    }

    private static Pair pair(String name, Programs programs, Path java, String... flags) {
        return new Pair(name, programs.bare(java).with(flags), programs.tern(java).with(flags));
    }

    private static void print(Pair pair, List<Taken> taken) {
        System.out.printf(Locale.ROOT, "%-32s %7.1f %7.1f %7.1f (%.1f..%.1f) %6.1f%n", pair.name,
                quantile(taken.stream().map(one -> one.without.millis()), 0.5),
                quantile(taken.stream().map(one -> one.with.millis()), 0.5),
                quantile(taken.stream().map(Taken::more), 0.5), quantile(taken.stream().map(Taken::more), 0.25),
                quantile(taken.stream().map(Taken::more), 0.75),
                quantile(taken.stream().map(one -> one.with.mebibytes() - one.without.mebibytes()), 0.5));
    }

    private static double quantile(Stream<Double> values, double share) {
        List<Double> sorted = values.sorted().toList();
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }
}
