package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.output.ResultText;
import dev.tern.compiler.Compilation;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compiles a model and shows what it answers to one input. */
@Command(name = "run", description = {"Compiles a model and runs it once.", "",
    "Files are read by their extension: .png (scaled to 0..1 for f32, as stored for u8; grey for one channel, RGB"
            + " for three), .npy, .csv, .bin (raw little-endian elements of the input's type).",
    ""}, //
        footer = {"", "Examples:", "  tern run models/digits --input models/digits/samples/seven.png",
            "  tern run denoiser.tern --input x=point.csv --input t=5 --json"})
final class RunCommand extends ModelCommand {
    @Option(names = "--input", paramLabel = "[NAME=]VALUE", required = true, description = {
        "A file, or the number of a step input. NAME= may be left out where only one input is left to give."})
    private List<String> inputs;

    @Option(names = "--resize", description = "Make a picture of another size fit.")
    private boolean resize;

    @Override
    public Integer call() {
        Path file = file();
        Compilation compilation = Compilation.of(file);
        warn(compilation.warnings());
        CompiledModel model = compilation.model();
        Object[] arrays = InputArguments.read(model.signature(), inputs, resize);
        Session session = model.newSession();
        Object[] outputs = session.newOutputs(1);
        session.run(arrays, outputs);
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", model.signature().model());
            result.put("file", file.toString());
            result.put("outputs", ResultText.toJson(model.signature(), outputs));
            print(result, compilation.warnings());
        } else {
            ResultText.print(console(), model.signature(), outputs);
        }
        return ExitCode.DONE;
    }
}
