package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.measure.Benchmark;
import dev.tern.cli.measure.EdgeSuite;
import dev.tern.cli.measure.FirstCalls;
import dev.tern.cli.measure.Latency;
import dev.tern.cli.measure.MeasuredMachine;
import dev.tern.cli.measure.OnnxLibrary;
import dev.tern.cli.output.Nanos;
import dev.tern.cli.output.SuiteTable;
import dev.tern.cli.output.TimeTable;
import dev.tern.compiler.Compilation;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Warming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Measures how fast a compiled model answers. */
@Command(name = "bench", description = {
    "Measures a compiled model on one thread: its first hundred inferences, when it changed from plain loops to vector"
            + " code, and once it is warm median and p99 latency and allocation.", ""}, //
        footer = {"", "Examples:", "  tern bench models/digits --seconds 5",
            "  tern bench models --suite edge --only kws,ic --seconds 1", "  tern bench --peers --help", "",
            "--peers times layers, not a model, beside native code and other libraries."})
final class BenchCommand extends ModelCommand {
    @Option(names = "--input", paramLabel = "[NAME=]VALUE", description = {
        "What to run the model on, as for 'tern run'; otherwise the same random numbers each time."})
    private List<String> inputs = List.of();

    @Option(names = "--resize", description = "Make a picture of another size fit.")
    private boolean resize;

    @Option(names = "--seconds", paramLabel = "NUMBER", defaultValue = "3", description = {
        "For how long to measure, after vector code is compiled and half as long or more for warming up"
                + " (default: ${DEFAULT-VALUE})."})
    private double seconds;

    @Option(names = "--suite", paramLabel = "NAME", description = {
        "'edge': measure MLPerf Tiny's networks, CNV and QuickNet in the folder MODEL, one line each when it is"
                + " measured; --seconds is for each of them."})
    private String suite;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = {
        "With --suite: only these of its networks, such as 'kws' or 'kws-1bit'; several with a comma in between."})
    private List<String> only = List.of();

    @Option(names = "--beside", paramLabel = "DIR", description = {
        "With --suite: time the reference networks of this folder (reference_kws_f32.onnx and so on) by ONNX Runtime,"
                + " in turn with ours; its jar has to be on the class path."})
    private Optional<Path> beside;

    @Option(names = "--layers", description = "Measure each layer by itself as well.")
    private boolean layers;

    @Mixin
    private TargetOption target;

    @Override
    public Integer call() {
        if (!(seconds > 0 && seconds <= 3600)) {
            throw new ParameterException(commandLine(), "--seconds takes a number over 0 and up to 3600");
        }
        if (suite != null) {
            return suite();
        }
        Benchmark benchmark = Benchmark.of(file()).host(target.run(commandLine())).seconds(seconds);
        if (!inputs.isEmpty()) {
            benchmark.inputs(signature -> InputArguments.read(signature, inputs, resize));
        }
        Benchmark.Result measured = benchmark.run();
        warn(measured.compilation().warnings());
        show(measured);
        return ExitCode.DONE;
    }

    private int suite() {
        List<Path> texts = EdgeSuite.texts(argument());
        if (!suite.equals("edge")) {
            throw new ParameterException(commandLine(), "there is no suite '" + suite + "'; there is edge");
        }
        if (texts.isEmpty()) {
            throw new ParameterException(commandLine(), argument() + " holds none of the suite's networks, such as"
                    + " kws/kws-1bit.tern; they are in `models`");
        }
        only.stream().filter(name -> texts.stream().noneMatch(text -> EdgeSuite.named(text, name))).findFirst()
                .ifPresent(name -> {
                    throw new ParameterException(commandLine(), "the suite has no network '" + name + "'; it has "
                            + texts.stream().map(EdgeSuite::name).collect(Collectors.joining(", ")));
                });
        beside.ifPresent(this::requirePeers);
        SuiteTable table = new SuiteTable(console());
        if (!json()) {
            table.begin();
        }
        List<EdgeSuite.Result> results = new ArrayList<>();
        for (Path text : texts) {
            if (only.isEmpty() || only.stream().anyMatch(name -> EdgeSuite.named(text, name))) {
                results.add(EdgeSuite.measure(text, target.run(commandLine()), beside, seconds));
                if (!json()) {
                    table.add(results.getLast());
                }
            }
        }
        MeasuredMachine machine = MeasuredMachine.current();
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("suite", suite);
            result.put("networks", SuiteTable.toJson(results));
            result.put("cpu", machine.cpu());
            result.put("jvm", machine.jvm());
            print(result, List.of());
        } else {
            table.end(results);
            console().out().println(machine.cpu() + ", " + machine.jvm() + ", one thread");
        }
        return ExitCode.DONE;
    }

    private void requirePeers(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(commandLine(), "there is no folder `" + folder + "` of reference networks");
        }
        if (!OnnxLibrary.present()) {
            throw new ParameterException(commandLine(), "--beside takes ONNX Runtime (" + OnnxLibrary.NAME
                    + "), whose jar is not on the class path: java --add-modules jdk.incubator.vector -cp"
                    + " tern.jar:onnxruntime.jar dev.tern.cli.Main bench ...");
        }
    }

    private void show(Benchmark.Result measured) {
        Signature signature = measured.signature();
        Compilation compilation = measured.compilation();
        Latency latency = measured.latency();
        FirstCalls first = measured.first();
        Warming warming = measured.warming();
        MeasuredMachine machine = MeasuredMachine.current();
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", signature.model());
            result.put("variant", signature.variant());
            result.put("inferences", latency.inferences());
            result.put("medianNanos", latency.medianNanos());
            result.put("p99Nanos", latency.p99Nanos());
            result.put("allocatedBytesPerInference", latency.allocatedBytes());
            result.put("firstResultMillis", measured.firstMillis());
            result.put("compileMillis", measured.compileMillis());
            result.put("firstCallNanos", first.firstNanos());
            result.put("tenthCallNanos", first.tenthNanos());
            result.put("hundredthCallNanos", first.hundredthNanos());
            result.put("hundredCallsNanos", first.totalNanos());
            result.put("hundredCallsAllocatedBytes", first.allocatedBytes());
            result.put("warming", warming.state().name().toLowerCase(Locale.ROOT));
            result.put("warmingNanos", warming.nanos());
            result.put("warmingAllocatedBytes", warming.allocatedBytes());
            result.put("weightBytes", signature.weightBytes());
            result.put("arenaBytes", signature.arenaBytes());
            result.put("doubts", measured.doubts());
            result.put("cpu", machine.cpu());
            result.put("jvm", machine.jvm());
            if (layers) {
                result.put("layers", TimeTable.toJson(compilation, compilation.layerNanos()));
            }
            print(result, compilation.warnings());
            return;
        }
        console().out().println(signature);
        row("median latency", Nanos.inWords(latency.medianNanos()));
        row("p99 latency", Nanos.inWords(latency.p99Nanos()));
        row("allocation", String.format(Locale.ROOT, "%.1f bytes per inference", latency.allocatedBytes()));
        row("first result", measured.firstMillis() + " ms after the JVM's start, "
                + Math.round(measured.compileMillis()) + " ms of it compiling the model");
        row("first calls", "the first " + Nanos.inWords(first.firstNanos()) + ", the 10th "
                + Nanos.inWords(first.tenthNanos()) + ", the 100th " + Nanos.inWords(first.hundredthNanos()));
        row("first hundred", String.format(Locale.ROOT, "%s, %,d bytes allocated by the calling thread",
                Nanos.inWords(first.totalNanos()), first.allocatedBytes()));
        if (warming.state() != Warming.State.ONE_FORM) {
            row("changed over", (warming.state() == Warming.State.CHANGED ? "" : "not; decided ")
                    + String.format(Locale.ROOT, "%.1f s after the first call; warming allocated ",
                            warming.nanos() / 1e9)
                    + (warming.allocatedBytes() < 0
                            ? "what this JVM does not tell"
                            : String.format(Locale.ROOT, "%,d MB", warming.allocatedBytes() / 1_000_000)));
        }
        row("weights, arena", String.format(Locale.ROOT, "%,d bytes, %,d bytes", signature.weightBytes(),
                signature.arenaBytes()));
        row("code", signature.variant() + " (" + signature.variantReason() + ")");
        row("timed", String.format(Locale.ROOT, "%,d inferences", latency.inferences()));
        row("cpu", machine.cpu());
        row("jvm", machine.jvm());
        measured.doubts().forEach(doubt -> row("doubtful", doubt));
        if (layers) {
            console().out().println();
            TimeTable.print(console(), compilation, compilation.layerNanos());
        }
    }

    private void row(String name, String value) {
        console().out().printf("  %-16s%s%n", name, value);
    }
}
