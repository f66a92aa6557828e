package dev.tern.benchmarks;

import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.contender.Contenders;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.Effort;
import dev.tern.benchmarks.measure.Forks;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.measure.Rounds;
import dev.tern.benchmarks.measure.Workspace;
import dev.tern.benchmarks.nativecode.CCompiler;
import dev.tern.benchmarks.report.Chart;
import dev.tern.benchmarks.report.MarkdownReport;
import dev.tern.benchmarks.report.Results;
import dev.tern.benchmarks.report.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times the jobs in the compiled models and in their peers, and writes a report. */
@Command(name = "tern bench --peers", mixinStandardHelpOptions = true, description = {
    "Times layers as Tern compiles them beside native code and other libraries, on one thread."})
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--job", paramLabel = "PATTERN", defaultValue = "", description = {
        "Only jobs in whose names this regular expression is found."})
    private Pattern job;

    @Option(names = "--contender", paramLabel = "PATTERN", defaultValue = "", description = {
        "Only contenders in whose names this regular expression is found."})
    private Pattern contender;

    @Option(names = "--quick", description = "One short round, for a look.")
    private boolean quick;

    @Option(names = "--list", description = "Only name the jobs and contenders.")
    private boolean list;

    @Option(names = "--output", paramLabel = "DIR", description = {
        "Where the report and its chart go. Otherwise a whole run goes to benchmarks/results, any other to"
                + " benchmarks/target/results."})
    private Path output;

    /** Runs the command and exits. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        // JMH keeps one run at a time to a machine; which cores are whose is the caller's business.
        System.setProperty("jmh.ignoreLock", "true");
        System.exit(hasFlags() ? new CommandLine(new Main()).execute(arguments) : again(arguments));
    }

    private static boolean hasFlags() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** The command in a JVM with the flags of the timed ones, so that what is checked here is what is timed there. */
    private static int again(String[] arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Forks.FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    @Override
    public Integer call() throws Exception {
        List<Job> jobs = Jobs.all().stream().filter(one -> job.matcher(one.name()).find()).toList();
        List<Contender> contenders = Contenders.all().stream().filter(one -> contender.matcher(one.name()).find())
                .toList();
        if (jobs.isEmpty() || contenders.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no " + (jobs.isEmpty() ? "job" : "contender")
                    + " is named so; --list names them all");
        }
        if (list) {
            jobs.forEach(System.out::println);
            contenders.forEach(one -> System.out.println(one.name() + ": " + one.description()));
            return 0;
        }
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        List<Measurement> measurements;
        try (Workspace workspace = Workspace.create()) {
            measurements = new Rounds(workspace.folder(), effort, System.err::println).measure(jobs, contenders);
        }
        write(jobs, contenders, measurements, effort);
        boolean sound = measurements.stream().noneMatch(one -> one.remark().startsWith(Rounds.NOT_TIMED));
        return sound ? 0 : 1;
    }

    /**
     * Beside the module's build, wherever the command is called. What is not whole never takes the place of what is.
     */
    private Path defaultOutput(List<Job> jobs, List<Contender> contenders) {
        URI jar = URI.create(Main.class.getProtectionDomain().getCodeSource().getLocation().toString());
        Path target = Path.of(jar).getParent();
        boolean whole = !quick && jobs.size() == Jobs.all().size() && contenders.size() == Contenders.all().size();
        return whole ? target.resolveSibling("results") : target.resolve("results");
    }

    private void write(List<Job> jobs, List<Contender> contenders, List<Measurement> measurements, Effort effort)
            throws IOException {
        Setting setting = Setting.current(Forks.FLAGS, CCompiler.version().orElse("none"), effort.toString());
        Results results = new Results(jobs, measurements);
        Path folder = Files.createDirectories(output == null ? defaultOutput(jobs, contenders) : output);
        String chart = setting.fileName() + ".svg";
        Optional<byte[]> picture = Chart.svg(results);
        if (picture.isPresent()) {
            Files.write(folder.resolve(chart), picture.get());
        }
        Map<String, String> descriptions = new LinkedHashMap<>();
        contenders.forEach(one -> descriptions.put(one.name(), one.description()));
        Path report = folder.resolve(setting.fileName() + ".md");
        Files.writeString(report, MarkdownReport.of(setting, descriptions, results, picture.isPresent() ? chart : ""));
        System.out.println(report);
    }
}
