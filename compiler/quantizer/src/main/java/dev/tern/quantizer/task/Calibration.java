package dev.tern.quantizer.task;

import dev.tern.compiler.Compilation;
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
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.dataset.Contrast;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.FloatParameters;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.TrainedSource;
import dev.tern.quantizer.calibration.CalibratedRange;
import dev.tern.quantizer.calibration.Calibrator;
import dev.tern.quantizer.calibration.DecodedWeights;
import dev.tern.quantizer.calibration.MeasuredRanges;
import dev.tern.quantizer.calibration.Range;
import dev.tern.quantizer.calibration.RangeRule;
import dev.tern.quantizer.calibration.RangedSource;
import dev.tern.quantizer.calibration.StoredRanges;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.InputRequest;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.evaluation.LabelledExamples;
import dev.tern.quantizer.evaluation.NumberErrors;
import dev.tern.quantizer.evaluation.RightByRanges;
import dev.tern.runtime.CompiledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Fixes the ranges of a model's quantizers {@code static(bits, calibrated)}: runs the model on samples, its activations
 * as floats and its weights as their codes have them, and takes each range by a rule. The model's file of parameters
 * must hold the weights as floats, in Tern's layout.
 *
 * <pre>{@code
 * Calibration.Result result = Calibration.of(model).data(data).bestRule().run();
 * for (CalibratedRange range : result.ranges()) {
 *     System.out.println(range.path() + " " + range.range().low() + " to " + range.range().high());
 * }
 * result.write();                          // into the file that the model names
 * }</pre>
 */
public final class Calibration {
    private static final List<Float> FACTORS = List.of(0.25f, 0.5f, 1f, 2f, 4f);
    private static final List<Float> SHIFTS = List.of(-0.25f, 0.25f);
    private static final double LEAST_PERCENTILE = 50;
    private static final double MOST_PERCENTILE = 100;

    private final Path model;
    private ExampleSource data;
    private Optional<RangeRule> rule = Optional.of(RangeRule.MINMAX);
    private double percentile = 99.99;
    private int samples = 256;
    private boolean resize;
    private Chosen chosen = Chosen.ALL;
    private boolean comparing;

    private Calibration(Path model) {
        this.model = model;
    }

    /** That of a Tern text. */
    public static Calibration of(Path model) {
        return new Calibration(model);
    }

    /**
     * Takes samples from a file: an {@code .npz} archive with an array [n, ...] for each input, or any data set for the
     * only input.
     */
    public Calibration data(Path path) {
        data = new ExampleSource.Stored(path);
        return this;
    }

    /** Takes examples at hand, of as many elements as the model's only input has. */
    public Calibration data(Dataset examples) {
        data = new ExampleSource.AtHand(examples);
        return this;
    }

    /** Takes every range by one rule; without this, the least and the greatest value. */
    public Calibration rule(RangeRule wanted) {
        rule = Optional.of(wanted);
        return this;
    }

    /** Takes for each quantizer the rule that, fitted to every other sample, has the least error on the rest. */
    public Calibration bestRule() {
        rule = Optional.empty();
        return this;
    }

    /**
     * Has {@link RangeRule#PERCENTILE} keep so many percent of the values; without this 99.99.
     *
     * @throws IllegalArgumentException if it is not 50 to 100
     */
    public Calibration percentile(double percent) {
        if (!(percent >= LEAST_PERCENTILE && percent <= MOST_PERCENTILE)) {
            throw new IllegalArgumentException("a percentile is 50 to 100, not " + percent);
        }
        percentile = percent;
        return this;
    }

    /**
     * Takes of more samples so many, evenly spread; without this 256.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Calibration samples(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("there is at least 1 sample to be taken, not " + most);
        }
        samples = most;
        return this;
    }

    /** Makes pictures of another size fit. */
    public Calibration resizing(boolean fit) {
        resize = fit;
        return this;
    }

    /** Takes these examples alone: {@code 0..249}, counted from 0, both included; null for all. */
    public Calibration examples(String firstToLast) {
        chosen = new Chosen(Optional.ofNullable(firstToLast), chosen.contrast());
        return this;
    }

    /**
     * Multiplies the values of f32 inputs, and adds to them.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public Calibration changed(float factor, float shift) {
        return changed(Contrast.of(factor, shift));
    }

    /** The same, by the channel. */
    public Calibration changed(Contrast contrast) {
        chosen = new Chosen(chosen.range(), contrast);
        return this;
    }

    /**
     * Measures the noise, too, on the samples times 0.25 to 4, and with 0.25 taken off or added; where the data has a
     * test part with classes, also how many of it are answered right.
     */
    public Calibration comparing(boolean wanted) {
        comparing = wanted;
        return this;
    }

    /**
     * What was found; nothing is written yet.
     *
     * @param model the model's name
     * @param ranges in the order of the graph
     * @param comparison the ranges' noise by the change of the samples, {@code x 0.5} or {@code +0.25}; empty unless it
     *     was asked for
     * @param answers by the same changes how the test part is answered; empty where there is none with classes
     * @param target the file that the model names, if ranges can be written to it
     * @param numbers all parameters with the ranges among them, as a safetensors file
     * @param warnings what there is to say of the model
     */
    public record Result(String model, List<CalibratedRange> ranges, Map<String, List<CalibratedRange>> comparison,
            Map<String, RightByRanges> answers, Optional<Path> target, byte[] numbers, List<Diagnostic> warnings) {
        public Result {
            ranges = List.copyOf(ranges);
            warnings = List.copyOf(warnings);
        }

        /**
         * Writes the parameters to the file that the model names.
         *
         * @return that file
         * @throws IllegalArgumentException if that is no safetensors file
         * @throws CompilationFailedException if it cannot be written
         */
        public Path write() {
            return write(target.orElseThrow(() -> new IllegalArgumentException("ranges are written to safetensors"
                    + " files, and the model names none: say which to write")));
        }

        /** The same to another file. */
        public Path write(Path file) {
            WholeFile.write(Map.of(file, numbers));
            return file;
        }
    }

    /**
     * Finds the ranges, and sees that the model compiles with them.
     *
     * @throws CompilationFailedException if the model, its parameters or the samples are wrong
     * @throws IllegalArgumentException if the model has nothing to calibrate
     */
    public Result run() {
        ExampleSource source = ExampleSource.require(data);
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(model, diagnostics);
        Graph graph = analyzed.graph();
        Map<String, StoredRanges> any = Calibrator.any(graph);
        if (any.isEmpty()) {
            throw new IllegalArgumentException(
                    "the model has nothing to calibrate: no quantizer in it is `static(bits, calibrated)`");
        }
        if (comparing && graph.inputs().stream()
                .noneMatch(id -> graph.definitions().get(id).type().element() instanceof ElementType.F32)) {
            throw new IllegalArgumentException("f32 inputs are changed to compare; the model has none");
        }
        AnalyzedModel.ParametersFile named = analyzed.parameters().orElseThrow(() -> new IllegalArgumentException(
                "the model names no parameters file to put ranges into"));
        try (TensorSource file = open(named, diagnostics)) {
            Calibrator calibrator = Calibrator.of(graph, DecodedWeights.of(bound(analyzed, file, any)));
            List<List<Tensor>> read = source.inputs(analyzed, model, chosen, samples, resize);
            List<CalibratedRange> ranges = calibrator.ranges(read, rule, percentile);
            Map<String, Range> found = new LinkedHashMap<>();
            ranges.forEach(range -> found.put(range.path(), range.range()));
            RangedSource result = new RangedSource(file, StoredRanges.of(found));
            // What could not be compiled is not to be written.
            Graph ranged = ModelReader.bind(analyzed.withNumbers(result), model, new Diagnostics());
            return new Result(graph.name(), ranges, comparing ? compared(calibrator, read, ranges) : Map.of(),
                    comparing ? answers(source, analyzed, FloatParameters.of(graph, ranged)) : Map.of(),
                    target(named, diagnostics), bytes(result), diagnostics.list());
        }
    }

    private TensorSource open(AnalyzedModel.ParametersFile named, Diagnostics diagnostics) {
        Path path = ParameterPath.resolve(OutsideFile.folderOf(model), named.name(), named.span(), diagnostics::add)
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

    /** The model with its numbers, any ranges in the place of those to be found. */
    private Graph bound(AnalyzedModel analyzed, TensorSource source, Map<String, StoredRanges> any) {
        Graph bound = ModelReader.bind(analyzed.withNumbers(new RangedSource(source, any)), model, new Diagnostics());
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

    private Optional<Path> target(AnalyzedModel.ParametersFile named, Diagnostics diagnostics) {
        return named.name().toLowerCase(Locale.ROOT).endsWith(".safetensors")
                ? ParameterPath.target(OutsideFile.folderOf(model), named.name(), named.span(), diagnostics::add)
                : Optional.empty();
    }

    private static byte[] bytes(TensorSource source) {
        try {
            return SafetensorsWriter.bytes(source);
        } catch (IOException e) {
            throw unfit(Path.of(source.name()), "the file cannot be read: " + e.getMessage(), "run it again");
        }
    }

    private Map<String, RightByRanges> answers(ExampleSource source, AnalyzedModel analyzed,
            Map<String, Tensor.Floats> tensors) {
        Graph graph = analyzed.graph();
        Optional<Dataset> test = source.test(InputRequest.of(graph, DatasetRequest.Part.TEST).resizing(resize));
        if (test.isEmpty() || !test.get().labelled() || graph.inputs().size() > 1) {
            return Map.of();
        }
        Dataset examples = test.get();
        CompiledModel real = compiled(analyzed, FloatTwin.of(graph), tensors);
        CompiledModel fixed = compiled(analyzed, graph, tensors);
        CompiledModel dynamic = compiled(analyzed, MeasuredRanges.of(graph), tensors);
        if (NumberErrors.fit(fixed, examples)) {
            return Map.of();
        }
        Map<String, RightByRanges> result = new LinkedHashMap<>();
        changes().forEach((name, change) -> {
            Dataset changed = examples.changed(change.factor, change.shift);
            result.put(name, new RightByRanges(right(real, changed), right(fixed, changed), right(dynamic, changed)));
        });
        return result;
    }

    private static Accuracy right(CompiledModel compiled, Dataset examples) {
        return Answers.of(compiled, LabelledExamples.of(compiled.signature(), examples)).top(1);
    }

    /** A graph of the same parameters, or of some of them. */
    private CompiledModel compiled(AnalyzedModel analyzed, Graph graph, Map<String, Tensor.Floats> tensors) {
        Map<String, Tensor.Floats> own = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                own.put(path, tensors.get(path));
            }
        }
        return Compilation.of(ModelReader.bind(analyzed.withGraph(graph, "").withNumbers(new TrainedSource(own)), model,
                new Diagnostics()), List.of()).model();
    }

    /** What is done to f32 inputs. */
    private record Change(float factor, float shift) {
    }

    private static Map<String, Change> changes() {
        Map<String, Change> changes = new LinkedHashMap<>();
        FACTORS.forEach(factor -> changes.put("x " + factor, new Change(factor, 0)));
        SHIFTS.forEach(shift -> changes.put(String.format(Locale.ROOT, "%+.2f", shift), new Change(1, shift)));
        return changes;
    }

    private static Map<String, List<CalibratedRange>> compared(Calibrator calibrator, List<List<Tensor>> samples,
            List<CalibratedRange> ranges) {
        Map<String, List<CalibratedRange>> result = new LinkedHashMap<>();
        changes().forEach((name, change) -> result.put(name,
                calibrator.measured(changed(samples, change.factor, change.shift), ranges)));
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
}
