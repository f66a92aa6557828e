package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.output.ResultText;
import dev.tern.compiler.Compilation;
import dev.tern.importers.dataset.Contrast;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Stream;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Compiles a model and shows what it answers to one input, or to several. */
@Command(name = "run", description = {"Compiles a model and runs it, once or for each of several examples.", "",
    "Files are read by their extension: .png, .jpg (scaled to 0..1 for f32, as stored for u8; grey for one channel,"
            + " RGB for three), .npy, .csv, .bin (raw little-endian elements of the input's type); .npz has arrays by"
            + " the names of inputs, or x. Arrays [n, ...], tables of several examples, with or without a column of"
            + " labels, and folders of pictures are run example by example; a model of a stream takes them as frames,"
            + " one after the other, and answers each.",
    ""}, //
        footer = {"", "Examples:", "  tern run models/digits --input models/digits/samples/seven.png",
            "  tern run denoiser.tern --input x=point.csv --input t=5 --json"})
final class RunCommand extends ModelCommand {
    @Option(names = "--input", paramLabel = "[NAME=]VALUE", required = true, description = {
        "A file, numbers (1.5,2,-3), or the number of a step input. NAME= may be left out where only one input is left"
                + " to give."})
    private List<String> inputs;

    @Option(names = "--resize", description = "Make a picture of another size fit.")
    private boolean resize;

    @Mixin
    private ContrastOptions contrast;

    @Override
    public Integer call() {
        Path file = file();
        Compilation compilation = Compilation.of(file);
        warn(compilation.warnings());
        CompiledModel model = compilation.model();
        if (model.signature().streamed()) {
            pushAll(file, compilation, model.newStream());
            return ExitCode.DONE;
        }
        List<Object[]> examples = given(model.signature());
        Session session = model.newSession();
        if (examples.size() > 1) {
            runAll(file, compilation, session, examples);
            return ExitCode.DONE;
        }
        Object[] outputs = session.newOutputs(1);
        session.run(examples.getFirst(), outputs);
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

    /** The inputs of each example. */
    private List<Object[]> given(Signature signature) {
        List<Object[]> examples = InputArguments.batch(signature, inputs, resize);
        Contrast wanted = contrast.contrast(commandLine());
        // What is given once is one array for all examples.
        Set<Object> changed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object[] example : examples) {
            for (int i = 0; i < example.length; i++) {
                if (example[i] instanceof float[] values && changed.add(values)) {
                    List<Integer> shape = signature.inputs().get(i).shape();
                    require(() -> wanted.of(shape.isEmpty() ? 1 : shape.getLast()))
                            .change(values, 0, values.length);
                }
            }
        }
        return examples;
    }

    /** An answer for each frame. */
    private void pushAll(Path file, Compilation compilation, Stream stream) {
        Signature whole = stream.signature();
        Signature frames = new Signature(whole.model(), whole.documentation(), List.of(stream.frame()), stream
                .results(),
                whole.layers(), whole.weightBytes(), whole.arenaBytes(), whole.variant(), whole.variantReason());
        List<Object> results = new ArrayList<>();
        int number = 0;
        for (Object[] frame : given(frames)) {
            Object[] outputs = stream.results().stream()
                    .map(port -> Array.newInstance(port.element().componentType(), port.elements())).toArray();
            stream.push(frame[0], outputs);
            if (json()) {
                results.add(ResultText.toJson(frames, outputs));
            } else {
                console().out().println("frame " + number++);
                ResultText.print(console(), frames, outputs);
            }
        }
        print(file, compilation, "frames", results);
    }

    private void runAll(Path file, Compilation compilation, Session session, List<Object[]> examples) {
        Signature signature = compilation.model().signature();
        List<Object> results = new ArrayList<>();
        for (int example = 0; example < examples.size(); example++) {
            Object[] outputs = session.newOutputs(1);
            session.run(examples.get(example), outputs);
            if (json()) {
                results.add(ResultText.toJson(signature, outputs));
            } else {
                console().out().println("example " + example);
                ResultText.print(console(), signature, outputs);
            }
        }
        print(file, compilation, "examples", results);
    }

    private void print(Path file, Compilation compilation, String name, List<Object> results) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", compilation.graph().name());
            result.put("file", file.toString());
            result.put(name, results);
            print(result, compilation.warnings());
        }
    }
}
