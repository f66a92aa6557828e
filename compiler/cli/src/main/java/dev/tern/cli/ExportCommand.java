package dev.tern.cli;

import dev.tern.importers.export.ExportOptions;
import dev.tern.importers.task.ModelExport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a model as ONNX. */
@Command(name = "export", description = {
    "Writes a model, quantized as it is, as an ONNX file that other tools run. Inputs and outputs keep their names, and"
            + " their order of axes behind a batch of one.", "",
    "Static quantizers become QuantizeLinear and DequantizeLinear around products, dynamic ones of 8 bits"
            + " DynamicQuantizeLinear, all others elementary operators; weights take the narrowest integers.",
    ""}, //
        footer = {"", "Examples:", "  tern export models/digits -o digits.onnx",
            "  tern export models/tinymlp -o tinymlp.onnx --qonnx"})
final class ExportCommand extends ModelCommand {
    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true, description = "The file to write.")
    private Path output;

    @Option(names = "--opset", paramLabel = "N", description = {
        "The version of the standard operators, 20 to 25 (default: 25). 4-bit integers came with 21, those of two bits"
                + " with 25."})
    private int opset = ExportOptions.NEWEST_OPSET;

    @Option(names = "--qonnx", description = "Write QONNX: quantizers as Quant and BipolarQuant, for FINN and hls4ml.")
    private boolean qonnx;

    @Option(names = "--codes", description = {
        "Multiply codes where quantizers are static, too: sums are exact then, and so the same everywhere."})
    private boolean codes;

    @Option(names = "--narrowest", description = {
        "Keep static activations, too, in the narrowest integers that the operator set has, of 2 and 4 bits. ONNX"
                + " Runtime 1.29 does not run all of that right; without this option they are bytes."})
    private boolean narrowest;

    @Override
    public Integer call() {
        ModelExport made = ModelExport.of(file(), require(() -> new ExportOptions(opset, qonnx, codes, narrowest)));
        warn(made.warnings());
        made.write(output);
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", made.model());
            result.put("file", output.toString());
            result.put("bytes", made.bytes().length);
            print(result, made.warnings());
        } else {
            console().out().printf("wrote %s  %,d bytes%n", output, made.bytes().length);
        }
        return ExitCode.DONE;
    }
}
