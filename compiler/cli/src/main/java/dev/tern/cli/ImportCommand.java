package dev.tern.cli;

import dev.tern.cli.measure.ImportCheck;
import dev.tern.cli.output.DiagnosticText;
import dev.tern.cli.output.ImportSummary;
import dev.tern.cli.output.JsonText;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.importers.task.ModelImport;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes a model of another tool down as Tern. */
@Command(name = "import", description = {
    "Reads a trained model of another tool (ONNX, QONNX, TFLite) and writes it as a .tern"
            + " file with a .safetensors file beside it. Layers that the model has quantized keep their exact codes.",
    "",
    "The other commands take such a file as it is; importing it is for reading and changing it.", ""}, //
        sortOptions = false, footer = {"", "Examples:", "  tern import mnist.onnx -o models/mnist",
            "  tern import mnist.onnx -o mnist --weights 'ternary(twn)' --activations 'dynamic(4)'"
                    + " --first-last 'int(8)'"})
final class ImportCommand implements Callable<Integer> {
    /** How often a product of integers is rounded. */
    private enum Rounding {
        DOUBLE, SINGLE
    }

    @ParentCommand
    private TernCommand tern;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The model to read.")
    private Path file;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", description = {
        "The folder to write to; without it, nothing is written."})
    private Path output;

    @Option(names = "--weights", paramLabel = "SCHEME", description = {
        "The scheme of weights that the model has as floats, as in the language: 'ternary(twn)', 'int(4)'."})
    private String weights;

    @Option(names = "--activations", paramLabel = "SCHEME", description = {
        "The scheme of what those layers read: 'dynamic(4)', 'sign'."})
    private String activations;

    @Option(names = "--first-last", paramLabel = "SCHEME", description = {
        "The weights' scheme of the first and the last layer; with 'int(8)' they read 'dynamic(8)'."})
    private String firstLast;

    @Option(names = "--shape", paramLabel = "INPUT=SIZES", description = {
        "The shape of an input whose sizes the model leaves open: x=1,3,224,224."})
    private Map<String, String> shapes = new LinkedHashMap<>();

    @Option(names = "--constant", paramLabel = "INPUT=FILE", description = {
        "Make an input constant: its value from a .npy file."})
    private Map<String, Path> constants = new LinkedHashMap<>();

    @Option(names = "--as-in-file", description = {
        "Keep the axes of inputs and outputs in the file's order, where they would be channels-last otherwise."})
    private boolean asInFile;

    @Option(names = "--rounding", paramLabel = "double|single", description = {
        "How a TFLite model of integers rounds products: 'double' as TFLite does (default), 'single' as it does when it"
                + " is built with TFLITE_SINGLE_ROUNDING."})
    private Rounding rounding = Rounding.DOUBLE;

    @Option(names = "--check", paramLabel = "FILE", description = {
        "An .npz file with inputs and outputs by their names in the model, in its shapes or [n, ...]: say how far the"
                + " outputs are apart. Where ONNX Runtime is on the class path, inputs are enough."})
    private Path check;

    @Option(names = "--json", description = "Print one JSON object on standard output and nothing else there.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() {
        ModelImport read = ModelImport.read(file, options());
        Optional<ImportCheck.Result> compared = Optional.ofNullable(check)
                .map(data -> ImportCheck.run(read.compile(), read.imported(), data, file));
        List<Path> files = output == null ? List.of() : read.write(output);
        tern.console().err().print(DiagnosticRenderer.render(read.warnings()));
        if (json) {
            Map<String, Object> result = ImportSummary.toJson(read.imported(), read.model());
            result.put("files", files.stream().map(Path::toString).toList());
            compared.ifPresent(found -> result.put("check", found.toJson()));
            result.put("diagnostics", DiagnosticText.toJson(read.warnings()));
            JsonText.print(tern.console().out(), result);
        } else {
            ImportSummary.print(tern.console(), read.imported(), read.model());
            compared.ifPresent(found -> found.lines().forEach(tern.console().out()::println));
            files.forEach(written -> tern.console().out().println("wrote " + written));
        }
        return compared.map(ImportCheck.Result::alike).orElse(true) ? ExitCode.DONE : ExitCode.WRONG_MODEL;
    }

    private ImportOptions options() {
        Map<String, List<Integer>> sizes = new LinkedHashMap<>();
        shapes.forEach((name, text) -> sizes.put(name, sizes(name, text)));
        return new ImportOptions(Optional.ofNullable(weights), Optional.ofNullable(activations),
                Optional.ofNullable(firstLast), sizes, constants, asInFile,
                rounding == Rounding.SINGLE);
    }

    private List<Integer> sizes(String name, String text) {
        try {
            List<Integer> sizes = Arrays.stream(text.split(",")).map(String::strip).map(Integer::valueOf).toList();
            if (sizes.stream().allMatch(size -> size > 0)) {
                return sizes;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new ParameterException(spec.commandLine(),
                "--shape " + name + "=" + text + ": sizes are whole numbers over 0 with commas between them");
    }
}
