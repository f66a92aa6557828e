package dev.tern.cli;

import dev.tern.cli.measure.Accuracy;
import dev.tern.cli.measure.LabelledExamples;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.dataset.LabelledImages;
import dev.tern.runtime.CompiledModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how often a compiled model is right. */
@Command(name = "eval", description = {"Measures the accuracy of the compiled class on the test images of a data set"
        + " in MNIST's layout (t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, with or without .gz).", "",
    "Where NAME.float.safetensors lies beside the model's NAME.safetensors, the same network without"
            + " quantization is measured beside it.",
    ""}, //
        footer = {"", "Example:", "  tern eval models/digits --data ../shared/data/mnist"})
final class EvalCommand extends ModelCommand {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The folder with the data set.")
    private Path data;

    @Override
    public Integer call() {
        Path file = file();
        Compilation compilation = Compilation.of(file);
        warn(compilation.warnings());
        LabelledImages images = LabelledImages.readMnist(data, LabelledImages.Part.TEST);
        Accuracy accuracy = measure(compilation.model(), images);
        Optional<Accuracy> beside = floatModel(file).map(model -> measure(model, images));
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", compilation.graph().name());
            result.put("data", data.toString());
            result.put("examples", accuracy.examples());
            result.put("correct", accuracy.correct());
            result.put("accuracy", accuracy.share());
            result.put("floatAccuracy", beside.map(Accuracy::share).orElse(null));
            print(result, compilation.warnings());
        } else {
            console().out().println(compilation.graph().name() + " on " + images.count() + " test images of " + data);
            row("compiled class", accuracy);
            beside.ifPresentOrElse(found -> row("float model", found),
                    () -> console().out().println("  float model     no parameters for it beside the model's"));
        }
        return ExitCode.DONE;
    }

    private void row(String name, Accuracy accuracy) {
        console().out().printf(Locale.ROOT, "  %-16s%.2f%%  (%,d of %,d)%n", name, 100 * accuracy.share(),
                accuracy.correct(), accuracy.examples());
    }

    private static Accuracy measure(CompiledModel model, LabelledImages images) {
        return Accuracy.measure(model, LabelledExamples.of(model.signature(), images));
    }

    /** The same network, trained without quantization, if its parameters lie beside the model's. */
    private static Optional<CompiledModel> floatModel(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        return model.parameters().map(parameters -> floatName(parameters.name()))
                .filter(name -> Files.exists(file.resolveSibling(name))).map(name -> {
                    AnalyzedModel twin = model.withGraph(FloatTwin.of(model.graph()), name);
                    return Compilation.of(ModelReader.bind(twin, file, diagnostics), List.of()).model();
                });
    }

    /** {@code digits.float.safetensors} for {@code digits.safetensors}. */
    static String floatName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name + ".float" : name.substring(0, dot) + ".float" + name.substring(dot);
    }
}
