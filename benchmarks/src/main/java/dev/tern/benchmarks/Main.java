package dev.tern.benchmarks;

import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.contender.Contenders;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.Effort;
import dev.tern.benchmarks.measure.KeptSamples;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.measure.Rounds;
import dev.tern.benchmarks.measure.VectorWidth;
import dev.tern.benchmarks.measure.Workspace;
import dev.tern.benchmarks.nativecode.CCompiler;
import dev.tern.benchmarks.onnx.Avx2Runtime;
import dev.tern.benchmarks.report.Chart;
import dev.tern.benchmarks.report.MarkdownReport;
import dev.tern.benchmarks.report.Results;
import dev.tern.benchmarks.report.Setting;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Variant;
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

    @Option(names = "--rounds", paramLabel = "NUMBER", description = "How often the list is gone through.")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--bits", paramLabel = "BITS", description = {
        "Hold JVMs to vectors of 256 or 128 bits, as machines have that know no wider ones."})
    private Optional<Integer> bits = Optional.empty();

    @Option(names = "--keep", paramLabel = "FILE", description = {
        "Keep what is measured there, and do not measure again what it holds: a run can be stopped and taken up."})
    private Optional<Path> keep = Optional.empty();

    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = {
        "What else is to be known of the run; it stands in the report."})
    private String note;

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
        VectorWidth width = width(arguments);
        command.addAll(width.jvmFlags());
        if (width == VectorWidth.BITS_256 && Avx2Runtime.possible()) {
            Path folder = Files.createDirectories(target().resolve("onnxruntime-avx2"));
            Avx2Runtime.into(folder);
            command.addAll(Avx2Runtime.options(folder));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    /** What the command is to hold JVMs to; it says itself what is wrong with arguments. */
    private static VectorWidth width(String[] arguments) {
        Main main = new Main();
        try {
            new CommandLine(main).parseArgs(arguments);
        } catch (ParameterException e) {
            return VectorWidth.WIDEST;
        }
        return main.width();
    }

    private VectorWidth width() {
        return bits.map(number -> switch (number) {
            case 256 -> VectorWidth.BITS_256;
            case 128 -> VectorWidth.BITS_128;
            default -> throw new ParameterException(spec.commandLine(), "--bits takes 256 or 128");
        }).orElse(VectorWidth.WIDEST);
    }

    @Override
    public Integer call() throws Exception {
        VectorWidth width = width();
        List<Job> jobs = Jobs.all().stream().filter(one -> job.matcher(one.name()).find()).toList();
        List<Contender> contenders = able(width).stream().filter(one -> contender.matcher(one.name()).find())
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
        Effort usual = quick ? Effort.QUICK : Effort.FULL;
        Effort effort = rounds.map(usual::withRounds).orElse(usual);
        List<Measurement> measurements;
        // Here results are compared, not timed: nobody is to wait until vector code is compiled.
        int bits = Variant.ofThisJvm().vectorBits();
        System.setProperty(Variant.PROPERTY, bits == 0 ? Target.PORTABLE.toString() : Integer.toString(bits));
        try (Workspace workspace = Workspace.create()) {
            measurements = new Rounds(workspace.folder(), effort, width, kept(usual, width), System.err::println)
                    .measure(jobs, contenders);
        }
        write(jobs, contenders, measurements, effort);
        boolean sound = measurements.stream().noneMatch(one -> one.remark().startsWith(Rounds.NOT_TIMED));
        return sound ? 0 : 1;
    }

    private static List<Contender> able(VectorWidth width) {
        return Contenders.all().stream().filter(one -> width.holds(one.vectorBits())).toList();
    }

    private KeptSamples kept(Effort usual, VectorWidth width) throws IOException {
        if (keep.isEmpty()) {
            return KeptSamples.none();
        }
        try {
            return KeptSamples.in(keep.get(), usual.each() + ", " + String.join(" ", width.jvmFlags())
                    + (width.narrowsOnnxRuntime() ? ", ONNX Runtime held too" : ""));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--keep: " + e.getMessage());
        }
    }

    /**
     * Beside the module's build, wherever the command is called. What is not whole never takes the place of what is.
     */
    private Path defaultOutput(List<Job> jobs, List<Contender> contenders) {
        Path target = target();
        boolean whole = !quick && jobs.size() == Jobs.all().size() && contenders.size() == able(width()).size();
        return whole ? target.resolveSibling("results") : target.resolve("results");
    }

    /** The folder of the module's build, with its jar. */
    private static Path target() {
        return Path.of(URI.create(Main.class.getProtectionDomain().getCodeSource().getLocation().toString()))
                .getParent();
    }

    private void write(List<Job> jobs, List<Contender> contenders, List<Measurement> measurements, Effort effort)
            throws IOException {
        Setting setting = Setting.current(width().jvmFlags(), CCompiler.version().orElse("none"), effort
                + width().inWords() + (note.isEmpty() ? "" : ". " + note));
        Results results = new Results(jobs, measurements);
        Path folder = Files.createDirectories(output == null ? defaultOutput(jobs, contenders) : output);
        String name = setting.fileName() + width().suffix();
        String chart = name + ".svg";
        Optional<byte[]> picture = Chart.svg(results);
        if (picture.isPresent()) {
            Files.write(folder.resolve(chart), picture.get());
        }
        Map<String, String> descriptions = new LinkedHashMap<>();
        contenders.forEach(one -> descriptions.put(one.name(), one.description()));
        Path report = folder.resolve(name + ".md");
        Files.writeString(report, MarkdownReport.of(setting, width(), descriptions, results, picture.isPresent()
                ? chart
                : ""));
        System.out.println(report);
    }
}
