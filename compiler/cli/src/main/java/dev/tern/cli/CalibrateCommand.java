package dev.tern.cli;

import dev.tern.cli.output.RangeTable;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.calibration.CalibratedRange;
import dev.tern.quantizer.calibration.Calibrator;
import dev.tern.quantizer.calibration.Range;
import dev.tern.quantizer.calibration.RangeRule;
import dev.tern.quantizer.calibration.RangedSource;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Fixes the ranges of a model's static quantizers. */
@Command(name = "calibrate", description = {"Runs the float model on samples, finds the range of each quantizer"
        + " `static(bits, calibrated)`, and writes the ranges into the model's safetensors file.", "",
    "The file must hold the weights as floats, in Tern's layout. Shown beside each range are its signal to"
            + " quantization noise, that of dynamic(bits, minmax) in its place, and the share of values outside.",
    ""}, //
        sortOptions = false, //
        footer = {"", "Example:", "  tern calibrate mymodel --data samples.npy --rule auto"})
final class CalibrateCommand extends ModelCommand {
    private static final List<Float> FACTORS = List.of(0.25f, 0.5f, 1f, 2f, 4f);
    private static final List<Float> SHIFTS = List.of(-0.25f, 0.25f);

    @Option(names = "--data", paramLabel = "PATH", required = true, description = {
        "A .npy file whose first axis counts the samples, an .npz archive with such an array for each input by its"
                + " name, or any data that eval takes. Steps that the data does not have are gone through."})
    private Path data;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "The safetensors file to write (default: the one that the model names)."})
    private Path output;

    @Option(names = "--rule", paramLabel = "RULE", defaultValue = "minmax", description = {
        "minmax, percentile, mse, entropy, or auto: for each quantizer the one that, fitted to every other"
                + " sample, has the least error on the rest (default:"
                + " ${DEFAULT-VALUE})."})
    private String rule;

    @Option(names = "--percentile", paramLabel = "X", defaultValue = "99.99", description = {
        "How many percent of the values the rule percentile keeps (default: ${DEFAULT-VALUE})."})
    private double percentile;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "256", description = {
        "Of more samples so many are taken, evenly spread (default: ${DEFAULT-VALUE})."})
    private int samples;

    @Option(names = "--examples", paramLabel = "A..B", description = {
        "Take these alone, counted from 0, both included: 0..249."})
    private String examples;

    @Option(names = "--compare", description = {"Show the noise of static and dynamic quantization, too, on the"
            + " samples times 0.25 to 4, and with 0.25 taken off or added; f32 inputs only."})
    private boolean compare;

    @Override
    public Integer call() {
        Optional<RangeRule> chosen = rule();
        if (samples < 1 || !(percentile >= 50 && percentile <= 100)) {
            throw new ParameterException(commandLine(), "--samples is at least 1, --percentile 50 to 100");
        }
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        warn(diagnostics.list());
        Graph graph = model.graph();
        List<String> paths = Calibrator.paths(graph);
        if (paths.isEmpty()) {
            throw new ParameterException(commandLine(),
                    "the model has nothing to calibrate: no quantizer in it is `static(bits, calibrated)`");
        }
        if (compare && graph.inputs().stream()
                .noneMatch(id -> graph.definitions().get(id).type().element() instanceof ElementType.F32)) {
            throw new ParameterException(commandLine(), "--compare changes f32 inputs; the model has none");
        }
        try (TensorSource source = open(file, model, diagnostics)) {
            Graph bound = bound(model, file, source, paths);
            Calibrator calibrator = Calibrator.of(graph, bound);
            List<List<Tensor>> read = Samples.read(data, graph, new Chosen(Optional.ofNullable(examples), 1, 0),
                    samples);
            List<CalibratedRange> ranges = calibrator.ranges(read, chosen, percentile);
            RangedSource result = new RangedSource(source, ranges.stream()
                    .collect(Collectors.toMap(CalibratedRange::path, CalibratedRange::range)));
            // What could not be compiled is not written.
            ModelReader.bind(model.withNumbers(result), file, new Diagnostics());
            Path target = output == null ? target(file, model, diagnostics) : output;
            WholeFile.write(Map.of(target, bytes(result)));
            show(graph, target, ranges, compare ? compared(calibrator, read, ranges) : Map.of(), diagnostics);
        }
        return ExitCode.DONE;
    }

    private Optional<RangeRule> rule() {
        if (rule.equals("auto")) {
            return Optional.empty();
        }
        for (RangeRule each : RangeRule.values()) {
            if (each.word().equals(rule)) {
                return Optional.of(each);
            }
        }
        throw new ParameterException(commandLine(),
                "there is no rule '" + rule + "': minmax, percentile, mse, entropy or auto");
    }

    private TensorSource open(Path file, AnalyzedModel model, Diagnostics diagnostics) {
        AnalyzedModel.ParametersFile named = named(model);
        Path path = ParameterPath.resolve(OutsideFile.folderOf(file), named.name(), named.span(), diagnostics::add)
                .map(OutsideFile::path).orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        TensorSource source = ParameterFormat.of(path)
                .flatMap(format -> format.open(path, path.toString(), diagnostics))
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        boolean own = source.layout().or(() -> named.naming().layout()).orElse(
                ParameterLayout.TERN) == ParameterLayout.TERN;
        if (!own || source.layout().isEmpty() && !named.naming().names().rules().isEmpty()) {
            source.close();
            throw unfit(path, "calibration writes Tern's layout and names, and this file has others",
                    "convert it first");
        }
        return source;
    }

    private AnalyzedModel.ParametersFile named(AnalyzedModel model) {
        return model.parameters().orElseThrow(
                () -> new ParameterException(commandLine(), "the model names no parameters file to put ranges into"));
    }

    /** The model with its numbers, any ranges in the place of those to be found. */
    private static Graph bound(AnalyzedModel model, Path file, TensorSource source, List<String> paths) {
        Map<String, Range> any = paths.stream()
                .collect(Collectors.toMap(Function.identity(), _ -> new Range(0, 1)));
        Graph bound = ModelReader.bind(model.withNumbers(new RangedSource(source, any)), file, new Diagnostics());
        boolean codes = bound.nodes().stream()
                .anyMatch(node -> node.operation() instanceof Operation.Constant(Tensor.Integers _)
                        && !node.origin().path().isEmpty() && node.type().shape().rank() > 1);
        if (codes) {
            throw unfit(Path.of(source.name()), "the file holds weights as codes; the float model needs floats",
                    "calibrate with the file that training wrote");
        }
        return bound;
    }

    private static CompilationFailedException unfit(Path file, String message, String help) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message,
                new FilePosition(file.toString(), -1, ""), "").help(help));
    }

    private Path target(Path file, AnalyzedModel model, Diagnostics diagnostics) {
        AnalyzedModel.ParametersFile named = named(model);
        if (!named.name().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            throw new ParameterException(commandLine(),
                    "ranges are written to safetensors files: say with --output where");
        }
        return ParameterPath.target(OutsideFile.folderOf(file), named.name(), named.span(), diagnostics::add)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }

    private static byte[] bytes(TensorSource source) {
        try {
            return SafetensorsWriter.bytes(source);
        } catch (IOException e) {
            throw unfit(Path.of(source.name()), "the file cannot be read: " + e.getMessage(), "run it again");
        }
    }

    private static Map<String, List<CalibratedRange>> compared(Calibrator calibrator, List<List<Tensor>> samples,
            List<CalibratedRange> ranges) {
        Map<String, List<CalibratedRange>> result = new LinkedHashMap<>();
        FACTORS.forEach(factor -> result.put("x " + factor,
                calibrator.measured(changed(samples, factor, 0), ranges)));
        SHIFTS.forEach(shift -> result.put(String.format(Locale.ROOT, "%+.2f", shift),
                calibrator.measured(changed(samples, 1, shift), ranges)));
        return result;
    }

    private static List<List<Tensor>> changed(List<List<Tensor>> samples, float factor, float shift) {
        return samples.stream().map(sample -> sample.stream().map(input -> changed(input, factor, shift)).toList())
                .toList();
    }

    private static Tensor changed(Tensor input, float factor, float shift) {
        if (!(input instanceof Tensor.Floats(Shape shape, float[] old))) {
            return input;
        }
        float[] values = new float[old.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = old[i] * factor + shift;
        }
        return new Tensor.Floats(shape, values);
    }

    private void show(Graph graph, Path target, List<CalibratedRange> ranges,
            Map<String, List<CalibratedRange>> comparison, Diagnostics diagnostics) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", graph.name());
            result.put("file", target.toString());
            result.put("ranges", ranges.stream().map(RangeTable::json).toList());
            Map<String, Object> changes = new LinkedHashMap<>();
            comparison.forEach((change, measured) -> changes.put(change,
                    measured.stream().map(RangeTable::json).toList()));
            result.put("comparison", changes);
            print(result, diagnostics.list());
            return;
        }
        RangeTable.lines(ranges).forEach(console().out()::println);
        if (!comparison.isEmpty()) {
            console().out().println();
            RangeTable.comparison(comparison).forEach(console().out()::println);
        }
        console().out().println(target);
    }
}
