package dev.tern.cli;

import dev.tern.cli.output.FitTable;
import dev.tern.quantizer.posttraining.Rounding;
import dev.tern.quantizer.scheme.ModelQuantizer;
import dev.tern.quantizer.task.Quantization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Makes a low-bit model of a float one without training. */
@Command(name = "quantize", description = {
    "Quantizes a model that was trained in floats, a .tern file or one of another"
            + " tool, by what it computes on samples without labels, and writes a .tern file with the codes beside"
            + " it.", "",
    "Layer by layer weights are rounded so that the layer's outputs change least, one weight making up for the error of"
            + " another, with the scales that fit best; biases and batch normalization are corrected.", ""}, //
        sortOptions = false, //
        footer = {"", "Examples:",
            "  tern quantize net.onnx --data samples.npy --weights 'ternary(twn)' --activations 'dynamic(4)'"
                    + " --first-last 'int(8)' -o net4",
            "  tern quantize net.onnx --data samples.npy --activations 'dynamic(8)' --budget 24KiB -o net24"})
final class QuantizeCommand extends ModelCommand {
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12}) ?(|B|KiB|MiB)", Pattern.CASE_INSENSITIVE);
    private static final int KIB = 1024;

    @Option(names = "--data", paramLabel = "PATH", required = true, description = {
        "A .npy file whose first axis counts the samples, an .npz archive with such an array for each input by its"
                + " name, or any data that eval takes. Steps that the data does not have are gone through."})
    private Path data;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", required = true, description = "The folder to write to.")
    private Path output;

    @Option(names = "--name", paramLabel = "NAME", description = {
        "What the files are called, without ending (default: as the model's)."})
    private String name;

    @Option(names = "--weights", paramLabel = "SCHEME", description = {
        "The scheme of weights: 'ternary(twn)', 'int(4)' (default: as the model has it)."})
    private String weights;

    @Option(names = "--activations", paramLabel = "SCHEME", description = {
        "The scheme of what layers with weights read: 'dynamic(4)', 'static(8, calibrated)' (default: as the model has"
                + " it)."})
    private String activations;

    @Option(names = "--first-last", paramLabel = "SCHEME", description = {
        "The weights' scheme of the first and the last layer; with 'int(8)' they read 'dynamic(8)'."})
    private String firstLast;

    @Option(names = "--layer", paramLabel = "PATH=SCHEME", description = {
        "The weights' scheme of one layer, or of those whose paths are like it, * standing for any text:"
                + " 'head.*=int(8)'; as often as needed, before all others and under a budget, too."})
    private Map<String, String> layers = new LinkedHashMap<>();

    @Option(names = "--budget", paramLabel = "BYTES", description = {
        "24KiB, say: give each layer the scheme, of those of --choice, with which the whole model's outputs change"
                + " least while its weights, compiled to plain loops, take no more. The text then has that budget."})
    private String budget;

    @Option(names = "--packed", description = {
        "Hold the budget by packed numbers instead: for each weight as many bits as its scheme has, and 4 bytes for"
                + " each scale, bias and other number."})
    private boolean packed;

    @Option(names = "--choice", paramLabel = "SCHEME", description = {
        "A scheme of weights that layers may get under a budget; as often as there are choices (default: ternary(twn),"
                + " int(3), int(4), int(8))."})
    private List<String> choices = Quantization.CHOICES;

    @Option(names = "--equalize", description = {
        "First scale channels between layers, so that they are of like size; the float model stays the same."})
    private boolean equalize;

    @Option(names = "--rounding", paramLabel = "WAY", defaultValue = "fitted", description = {
        "How codes are found, for comparison: formula, the scheme's; scaled, to the nearest by the best scale;"
                + " compensated, later weights making up for errors of earlier ones; adapted, single codes changed"
                + " while that helps; matched, the formula of weights that do what the float layer does with what"
                + " quantized layers leave; fitted, all of these (default: ${DEFAULT-VALUE}). Biases and batch"
                + " normalization are corrected all the same."})
    private String rounding;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "256", description = {
        "Of more samples so many are taken, evenly spread (default: ${DEFAULT-VALUE})."})
    private int samples;

    @Option(names = "--resize", description = "Make pictures of another size fit.")
    private boolean resize;

    @Option(names = "--examples", paramLabel = "A..B", description = {
        "Take these alone, counted from 0, both included: 0..249."})
    private String examples;

    @Mixin
    private ContrastOptions contrast;

    @Override
    public Integer call() {
        if (budget != null && (weights != null || firstLast != null)) {
            throw new ParameterException(commandLine(),
                    "with --budget the weights' schemes are chosen: leave --weights and --first-last away");
        }
        Quantization quantization = Quantization.of(file()).data(data).name(name).weights(weights)
                .activations(activations).firstLast(firstLast).layers(layers).packed(packed).choices(choices)
                .equalizing(equalize).rounding(rounding()).resizing(resize).examples(examples);
        if (budget != null) {
            quantization.budget(bytes(budget));
        }
        Quantization.Result result = require(() -> quantization.samples(samples).changed(contrast.contrast(
                commandLine())).run());
        warn(result.warnings());
        show(result, result.write(output));
        return ExitCode.DONE;
    }

    private Rounding rounding() {
        return Arrays.stream(Rounding.values()).filter(way -> way.word().equals(rounding)).findFirst()
                .orElseThrow(() -> new ParameterException(commandLine(), "there is no rounding '" + rounding + "': "
                        + Arrays.stream(Rounding.values()).map(Rounding::word).collect(Collectors.joining(", "))));
    }

    private long bytes(String written) {
        Matcher matcher = BYTES.matcher(written.strip());
        if (!matcher.matches()) {
            throw new ParameterException(commandLine(), "--budget " + written + ": write 24KiB, say, or 24576");
        }
        long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "kib" -> KIB;
            case "mib" -> (long) KIB * KIB;
            default -> 1;
        };
        return Long.parseLong(matcher.group(1)) * unit;
    }

    private void show(Quantization.Result quantized, List<Path> files) {
        ModelQuantizer.Result result = quantized.made();
        if (json()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("model", result.model().graph().name());
            object.put("files", files.stream().map(Path::toString).toList());
            object.put("samples", quantized.samples());
            object.put("flash", result.flash());
            object.put("packed", result.quantized().parameters().packedBytes());
            object.put("outputError", result.quantized().outputError());
            object.put("agreement", result.quantized().agreement().isPresent()
                    ? result.quantized().agreement().getAsDouble()
                    : null);
            object.put("layers", FitTable.json(result.quantized().layers()));
            print(object, quantized.warnings());
            return;
        }
        FitTable.lines(result.quantized().layers()).forEach(console().out()::println);
        console().out().printf(Locale.ROOT, "outputs differ by %.3g %% of their variance on %,d samples%n",
                100 * result.quantized().outputError(), quantized.samples());
        result.quantized().agreement().ifPresent(share -> console().out().printf(Locale.ROOT,
                "the greatest output is the float model's on %.1f %% of them%n", 100 * share));
        console().out().printf(Locale.ROOT, "weights take %,d bytes compiled to plain loops, and packed %,d%n",
                result.flash(), result.quantized().parameters().packedBytes());
        files.forEach(written -> console().out().println("wrote " + written));
    }
}
