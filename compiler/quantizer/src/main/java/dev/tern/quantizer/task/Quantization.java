package dev.tern.quantizer.task;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.ModelFormat;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.syntax.SourceReader;
import dev.tern.importers.dataset.Contrast;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.calibration.RangeRule;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.posttraining.Rounding;
import dev.tern.quantizer.FloatParameters;
import dev.tern.quantizer.scheme.ModelQuantizer;
import dev.tern.quantizer.scheme.QuantizationRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a low-bit model of one that was trained in floats, without labels and without training, from what it computes
 * on samples. Schemes are written as in the language.
 *
 * <pre>{@code
 * Quantization.Result result = Quantization.of(model).data(data).weights("ternary(twn)").activations("dynamic(4)")
 *         .firstLast("int(8)").run();
 * System.out.println(result.made().flash() + " bytes of weights");
 * result.write(folder);                    // a .tern file with its .safetensors file
 * }</pre>
 */
public final class Quantization {
    /** What layers may get under a budget if nothing else is said. */
    public static final List<String> CHOICES = List.of("ternary(twn)", "int(3)", "int(4)", "int(8)");

    private final Path model;
    private ExampleSource data;
    private Optional<String> name = Optional.empty();
    private Optional<String> weights = Optional.empty();
    private Optional<String> activations = Optional.empty();
    private Optional<String> firstLast = Optional.empty();
    private Map<String, String> layers = Map.of();
    private Optional<Long> budget = Optional.empty();
    private boolean packed;
    private List<String> choices = CHOICES;
    private boolean equalize;
    private Rounding rounding = Rounding.FITTED;
    private int samples = 256;
    private boolean resize;
    private Chosen chosen = Chosen.ALL;

    private Quantization(Path model) {
        this.model = model;
    }

    /** That of a Tern text or of a model of another tool. */
    public static Quantization of(Path model) {
        return new Quantization(model);
    }

    /**
     * Takes samples from a file: an {@code .npz} archive with an array [n, ...] for each input, or any data set for the
     * only input.
     */
    public Quantization data(Path path) {
        data = new ExampleSource.Stored(path);
        return this;
    }

    /** Takes examples at hand, of as many elements as the model's only input has. */
    public Quantization data(Dataset examples) {
        data = new ExampleSource.AtHand(examples);
        return this;
    }

    /** Calls the files so, without ending; without this, or for null, as the model's own are called. */
    public Quantization name(String files) {
        name = Optional.ofNullable(files);
        return this;
    }

    /** The scheme of weights, {@code ternary(twn)}; without this, or for null, as the model has it. */
    public Quantization weights(String scheme) {
        weights = Optional.ofNullable(scheme);
        return this;
    }

    /** The scheme of what layers with weights read; without this, or for null, as the model has it. */
    public Quantization activations(String scheme) {
        activations = Optional.ofNullable(scheme);
        return this;
    }

    /** The weights' scheme of the first and the last layer; with {@code int(8)} they read {@code dynamic(8)}. */
    public Quantization firstLast(String scheme) {
        firstLast = Optional.ofNullable(scheme);
        return this;
    }

    /**
     * Schemes of the weights of some layers by their paths, {@code *} in one standing for any text; these come before
     * all others, under a budget, too.
     */
    public Quantization layers(Map<String, String> schemes) {
        layers = new LinkedHashMap<>(schemes);
        return this;
    }

    /**
     * Gives each layer the scheme with which the model's outputs change least while its weights take no more, compiled
     * to plain loops. Takes the place of {@link #weights} and {@link #firstLast}.
     *
     * @param bytes at least 0
     */
    public Quantization budget(long bytes) {
        budget = Optional.of(bytes);
        return this;
    }

    /**
     * Counts the budget by packed numbers instead: as many bits as a weight's scheme has, 4 bytes for other numbers.
     */
    public Quantization packed(boolean wanted) {
        packed = wanted;
        return this;
    }

    /** Schemes that layers may get under a budget; without this {@link #CHOICES}. */
    public Quantization choices(List<String> schemes) {
        choices = List.copyOf(schemes);
        return this;
    }

    /** Scales channels between layers first, so that they are of like size; the float model stays the same. */
    public Quantization equalizing(boolean wanted) {
        equalize = wanted;
        return this;
    }

    /** How codes are found; without this {@link Rounding#FITTED}. */
    public Quantization rounding(Rounding how) {
        rounding = how;
        return this;
    }

    /**
     * Takes of more samples so many, evenly spread; without this 256.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Quantization samples(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("there is at least 1 sample to be taken, not " + most);
        }
        samples = most;
        return this;
    }

    /** Makes pictures of another size fit. */
    public Quantization resizing(boolean fit) {
        resize = fit;
        return this;
    }

    /** Takes these examples alone: {@code 0..249}, counted from 0, both included; null for all. */
    public Quantization examples(String firstToLast) {
        chosen = new Chosen(Optional.ofNullable(firstToLast), chosen.contrast());
        return this;
    }

    /**
     * Multiplies the values of f32 inputs, and adds to them.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public Quantization changed(float factor, float shift) {
        return changed(Contrast.of(factor, shift));
    }

    /** The same, by the channel. */
    public Quantization changed(Contrast contrast) {
        chosen = new Chosen(chosen.range(), contrast);
        return this;
    }

    /**
     * The low-bit model; nothing is written yet.
     *
     * @param made its text and numbers, and how well they do
     * @param name of its files, without ending
     * @param samples on how many it was made
     * @param warnings what there is to say of the float model
     */
    public record Result(ModelQuantizer.Result made, String name, int samples, List<Diagnostic> warnings) {
        public Result {
            warnings = List.copyOf(warnings);
        }

        /**
         * Writes {@code NAME.tern} and {@code NAME.safetensors}.
         *
         * @return the files
         * @throws CompilationFailedException if they cannot be written
         */
        public List<Path> write(Path folder) {
            Map<Path, byte[]> files = new LinkedHashMap<>();
            files.put(folder.resolve(name + ".tern"), made.text().text().getBytes(StandardCharsets.UTF_8));
            try {
                files.put(folder.resolve(name + ".safetensors"), SafetensorsWriter.bytes(made.quantized()
                        .parameters()));
            } catch (IOException e) {
                throw new UncheckedIOException("numbers in memory", e);
            }
            WholeFile.write(files);
            return List.copyOf(files.keySet());
        }
    }

    /** A model's text, what it says, and what its files are called. */
    private record Opened(SourceFile text, AnalyzedModel model, String name) {
    }

    /**
     * Quantizes the model.
     *
     * @throws CompilationFailedException if the model or the samples are wrong, a scheme does not fit, or nothing keeps
     *         the budget
     * @throws IllegalArgumentException if schemes of weights are given beside a budget
     */
    public Result run() {
        ExampleSource source = ExampleSource.require(data);
        if (budget.isPresent() && (weights.isPresent() || firstLast.isPresent())) {
            throw new IllegalArgumentException("under a budget the weights' schemes are chosen: give none");
        }
        Diagnostics diagnostics = new Diagnostics();
        Opened opened = open(diagnostics);
        String files = name.orElse(opened.name);
        Map<String, Tensor.Floats> parameters = FloatParameters.of(opened.model.graph(),
                ModelReader.bind(opened.model, model, diagnostics));
        List<List<Tensor>> read = source.inputs(opened.model, model, chosen, samples, resize);
        QuantizationRequest request = new QuantizationRequest(weights, activations, firstLast, layers, budget, packed,
                choices, equalize, rounding, Optional.of(RangeRule.MSE));
        return new Result(ModelQuantizer.quantize(opened.text, opened.model, parameters, read, request,
                files + ".safetensors"), files, read.size(), diagnostics.list());
    }

    private Opened open(Diagnostics diagnostics) {
        if (ModelFormat.of(model).isPresent()) {
            ImportedModel imported = ImportFormat.read(model, ImportOptions.DEFAULT.layersApart(), diagnostics);
            return new Opened(imported.text(), ImportFormat.analyze(imported, diagnostics)
                    .orElseThrow(() -> new CompilationFailedException(diagnostics.list())), imported.name());
        }
        AnalyzedModel analyzed = ModelReader.analyze(model, diagnostics);
        SourceFile text = SourceReader.read(model, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        return new Opened(text, analyzed, model.getFileName().toString().replaceFirst("\\.tern$", ""));
    }
}
