package dev.tern.quantizer.scheme;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.quantizer.calibration.CalibratedRange;
import dev.tern.quantizer.calibration.Calibrator;
import dev.tern.quantizer.calibration.Range;
import dev.tern.quantizer.calibration.StoredRanges;
import dev.tern.quantizer.posttraining.Equalization;
import dev.tern.quantizer.posttraining.KnownParameters;
import dev.tern.quantizer.posttraining.PostTraining;
import dev.tern.quantizer.posttraining.QuantizedModel;
import dev.tern.quantizer.scheme.SchemeText.Choice;
import dev.tern.quantizer.scheme.SchemeText.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes a low-bit model of a float one: schemes for its text, and numbers that go with them. */
public final class ModelQuantizer {
    /** Samples by which the choices at a place are told apart. */
    private static final int SENSITIVITY_SAMPLES = 64;
    private static final double PERCENTILE = 99.99;
    private static final double PERCENT = 100;

    private final SourceFile source;
    private final SchemeText text;
    private final String parametersFile;
    private final Map<String, Tensor.Floats> parameters;
    private final List<List<Tensor>> samples;
    private final QuantizationRequest request;

    /**
     * A quantized model.
     *
     * @param text its Tern text
     * @param model analyzed, without its numbers
     * @param quantized its numbers, and how well they do
     * @param flash bytes that its weights take compiled to plain loops
     */
    public record Result(SourceFile text, AnalyzedModel model, QuantizedModel quantized, long flash) {
        private long bytes(boolean packed) {
            return packed ? quantized.parameters().packedBytes() : flash;
        }
    }

    private ModelQuantizer(SourceFile source, AnalyzedModel model, Map<String, Tensor.Floats> parameters,
            List<List<Tensor>> samples, QuantizationRequest request, String parametersFile) {
        this.source = source;
        this.text = new SchemeText(source, model);
        this.parametersFile = parametersFile;
        this.samples = samples;
        this.request = request;
        requireLayers();
        this.parameters = request.equalize()
                ? Equalization.apply(model.graph(), parameters, samples)
                : parameters;
    }

    /**
     * Quantizes a model.
     *
     * @param source its text
     * @param model what that says
     * @param parameters its numbers by path, see {@link dev.tern.quantizer.FloatParameters}
     * @param samples each the model's inputs in the order of its signature; at least one
     * @param parametersFile the name that the text is to give the file of the numbers
     * @throws CompilationFailedException if a scheme does not fit, or nothing keeps the budget
     */
    public static Result quantize(SourceFile source, AnalyzedModel model, Map<String, Tensor.Floats> parameters,
            List<List<Tensor>> samples, QuantizationRequest request, String parametersFile) {
        ModelQuantizer quantizer = new ModelQuantizer(source, model, parameters, samples, request, parametersFile);
        return request.budget().map(quantizer::within).orElseGet(quantizer::uniform);
    }

    private void requireLayers() {
        List<String> paths = text.places().stream().flatMap(place -> place.paths().stream()).toList();
        for (String wanted : request.layers().keySet()) {
            if (paths.stream().noneMatch(new PathPattern(wanted))) {
                throw new IllegalArgumentException("no layer with weights is called '" + wanted + "': there are "
                        + String.join(", ", paths));
            }
        }
    }

    /** The scheme that is asked for at a place by its name: the last of several. */
    private Optional<String> named(Place place) {
        return request.layers().entrySet().stream()
                .filter(entry -> place.paths().stream().anyMatch(new PathPattern(entry.getKey())))
                .map(Map.Entry::getValue).reduce((_, last) -> last);
    }

    private Result uniform() {
        Map<Place, Choice> choices = new LinkedHashMap<>();
        text.places().forEach(place -> choices.put(place, choice(place, weights(place), List.of())));
        return quantized(choices, samples, Optional.empty());
    }

    private Optional<String> weights(Place place) {
        return named(place).or(() -> place.end() ? request.firstLast().or(request::weights) : request.weights());
    }

    private Choice choice(Place place, Optional<String> weights, List<String> reasons) {
        boolean bytes = place.end() && request.firstLast().filter(scheme -> scheme.startsWith("int(8")).isPresent();
        return new Choice(weights, bytes ? Optional.of("dynamic(8)") : request.activations(), reasons);
    }

    /** The model with choices at some places, the others as they are. */
    private Result quantized(Map<Place, Choice> choices, List<List<Tensor>> some, Optional<Long> flash) {
        SourceFile written = text.with(choices, parametersFile, flash);
        AnalyzedModel model = analyzed(written);
        Map<String, Tensor.Floats> numbers = new LinkedHashMap<>(parameters);
        ranges(model.graph(), some).forEach((path, ranges) -> numbers.put(path, ranges.tensor()));
        QuantizedModel found = PostTraining.quantize(model.graph(), numbers, some, request.rounding());
        return new Result(written, model, found, flash(model, found));
    }

    private static AnalyzedModel analyzed(SourceFile written) {
        Diagnostics diagnostics = new Diagnostics();
        return Analyzer.analyze(SyntaxReader.read(written, diagnostics), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }

    private Map<String, StoredRanges> ranges(Graph graph, List<List<Tensor>> some) {
        Map<String, StoredRanges> asked = Calibrator.any(graph);
        if (asked.isEmpty()) {
            return Map.of();
        }
        Map<String, Tensor.Floats> any = new LinkedHashMap<>(parameters);
        asked.forEach((path, ranges) -> any.put(path, ranges.tensor()));
        Map<String, Range> ranges = new LinkedHashMap<>();
        for (CalibratedRange range : Calibrator.of(graph, KnownParameters.bind(graph, any))
                .ranges(some, request.rangeRule(), PERCENTILE)) {
            ranges.put(range.path(), range.range());
        }
        return StoredRanges.of(ranges);
    }

    private static long flash(AnalyzedModel model, QuantizedModel found) {
        Graph bound = ModelReader.bind(model.withNumbers(found.parameters()), Path.of(""), new Diagnostics());
        return Compilation.of(bound.withBudget(Graph.Budget.NONE), model.layers(), HostTarget.portable(
                "its weights are counted"))
                .program().constantBytes();
    }

    /** The best choices that keep a budget. */
    private Result within(long budget) {
        List<Place> places = text.places();
        List<List<Tried>> tried = places.stream().map(this::tried).toList();
        // Bytes of all places together with the first choice everywhere; each other choice changes them by its own.
        long base = quantized(firstChoices(places), some(), Optional.empty()).bytes(request.packed());
        long ownOfFirst = tried.stream().mapToLong(each -> each.getFirst().bytes).sum();
        long limit = budget - base + ownOfFirst;
        while (true) {
            Optional<int[]> found = BudgetedChoice.best(tried.stream().map(options -> options.stream()
                    .map(option -> new BudgetedChoice.Option(option.bytes, option.error)).toList()).toList(), limit);
            if (found.isEmpty()) {
                long least = tried.stream().mapToLong(options -> options.stream().mapToLong(Tried::bytes).min()
                        .orElseThrow()).sum() + base - ownOfFirst;
                throw unreachable(budget, least);
            }
            Map<Place, Choice> choices = new LinkedHashMap<>();
            for (int i = 0; i < places.size(); i++) {
                choices.put(places.get(i), chosen(places.get(i), tried.get(i), found.get()[i]));
            }
            Result result = quantized(choices, samples,
                    request.packed() ? Optional.empty() : Optional.of(budget));
            long bytes = result.bytes(request.packed());
            if (bytes <= budget) {
                return result;
            }
            // Kernels share and align some of their numbers, so that the parts do not quite add up.
            limit -= bytes - budget;
        }
    }

    private CompilationFailedException unreachable(long budget, long least) {
        return new CompilationFailedException(Diagnostic
                .error(DiagnosticCode.BUDGET_EXCEEDED, "no choice of schemes keeps the budget of " + budget + " bytes",
                        source.span(), "the least is about " + least + " bytes")
                .help("allow schemes of fewer bits with --choice" + (request.packed()
                        ? ""
                        : ", or count weights as they are packed, with --packed: plain loops hold most in bytes")));
    }

    /** What may be chosen at a place. */
    private List<String> choices(Place place) {
        return named(place).map(List::of).orElse(request.choices());
    }

    private Map<Place, Choice> firstChoices(List<Place> places) {
        Map<Place, Choice> choices = new LinkedHashMap<>();
        places.forEach(place -> choices.put(place, choice(place, Optional.of(choices(place).getFirst()), List.of())));
        return choices;
    }

    private List<List<Tensor>> some() {
        int count = Math.min(samples.size(), SENSITIVITY_SAMPLES);
        return IntStream.range(0, count).mapToObj(i -> samples.get((int) ((long) i * samples.size() / count)))
                .toList();
    }

    /** A scheme at one place alone. @param bytes of the model when all else is as it was @param error of its outputs */
    private record Tried(String scheme, long bytes, double error) {
    }

    private List<Tried> tried(Place place) {
        List<Tried> tried = new ArrayList<>();
        for (String scheme : choices(place)) {
            Result alone = quantized(Map.of(place, choice(place, Optional.of(scheme), List.of())), some(),
                    Optional.empty());
            tried.add(new Tried(scheme, alone.bytes(request.packed()), alone.quantized.outputError()));
        }
        return tried;
    }

    private Choice chosen(Place place, List<Tried> tried, int index) {
        Tried own = tried.get(index);
        List<String> reasons = new ArrayList<>();
        StringBuilder reason = new StringBuilder(String.join(", ", place.paths())).append(": ").append(own.scheme);
        reason.append(String.format(Locale.ROOT, " alone moves the outputs by %s", percent(own.error)));
        reasons.add(reason.toString());
        List<String> others = new ArrayList<>();
        for (Tried other : tried) {
            if (other != own) {
                others.add(String.format(Locale.ROOT, "%s %s for %,d bytes %s", other.scheme, percent(other.error),
                        Math.abs(other.bytes - own.bytes), other.bytes < own.bytes ? "less" : "more"));
            }
        }
        if (!others.isEmpty()) {
            reasons.add("    " + String.join("; ", others));
        }
        return choice(place, Optional.of(own.scheme), reasons);
    }

    /** Of the outputs' variance. */
    private static String percent(double error) {
        return String.format(Locale.ROOT, "%.2g %%", PERCENT * error);
    }
}
