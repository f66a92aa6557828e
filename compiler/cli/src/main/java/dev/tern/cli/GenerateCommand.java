package dev.tern.cli;

import dev.tern.cli.output.Console;
import dev.tern.cli.output.DiagnosticText;
import dev.tern.cli.output.JsonText;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Severity;
import dev.tern.compiler.generate.GeneratedModel;
import dev.tern.compiler.generate.ModelGenerator;
import dev.tern.compiler.generate.ModelSource;
import dev.tern.compiler.output.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Compiles a folder of models for the build of an application. */
@Command(name = "generate", description = {"Compiles all models in a folder and below it for the build of an"
        + " application: class files with their weights into one folder, and the source of a class to use each by into"
        + " another. A model in com/acme becomes a class in the package com.acme; for --target edge it"
        + " is used as it is, without a source. Either all is written or nothing.",
    ""}, //
        footer = {"", "Example:",
            "  tern generate src/main/tern --classes build/classes --sources build/generated/tern"})
final class GenerateCommand implements Callable<Integer> {
    @ParentCommand
    private TernCommand tern;

    @Parameters(paramLabel = "FOLDER", description = "The folder of models.")
    private Path folder;

    @Option(names = "--classes", paramLabel = "FOLDER", required = true, //
            description = "Where class files and weights go.")
    private Path classes;

    @Option(names = "--sources", paramLabel = "FOLDER", required = true, description = "Where Java sources go.")
    private Path sources;

    @Mixin
    private ClassTargets targets;

    @Option(names = "--json", description = "Print one JSON object on standard output and nothing else there.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() {
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<GeneratedModel> models = generate(diagnostics);
        boolean wrong = diagnostics.stream().anyMatch(found -> found.severity() == Severity.ERROR);
        if (wrong) {
            throw new CompilationFailedException(diagnostics);
        }
        Map<Path, byte[]> files = new LinkedHashMap<>();
        models.forEach(model -> files.putAll(files(model)));
        files.entrySet().removeIf(file -> holds(file.getKey(), file.getValue()));
        WholeFile.write(files);
        Console console = tern.console();
        console.err().print(DiagnosticRenderer.render(diagnostics));
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("models", models.stream().map(this::toJson).toList());
            result.put("diagnostics", DiagnosticText.toJson(diagnostics));
            JsonText.print(console.out(), result);
        } else {
            models.forEach(model -> console.out()
                    .println(model.reads().getFirst() + "  class " + model.facade().path().replace('/', '.')));
        }
        return ExitCode.DONE;
    }

    /** All models that compile; what is wrong with the others is found in the same run. */
    private List<GeneratedModel> generate(List<Diagnostic> diagnostics) {
        ModelGenerator generator = new ModelGenerator(targets.all(), targets.standalone());
        List<GeneratedModel> models = new ArrayList<>();
        Map<String, Path> names = new HashMap<>();
        for (ModelSource source : ModelSource.under(folder)) {
            try {
                GeneratedModel model = generator.generate(source);
                diagnostics.addAll(model.warnings());
                models.add(model);
                Path first = names.putIfAbsent(model.facade().path(), source.file());
                if (first != null) {
                    diagnostics.add(Diagnostic
                            .error(DiagnosticCode.CLASS_NAME,
                                    "this model and " + first + " would both become the class "
                                            + model.facade().path().replace('/', '.'),
                                    new FilePosition(source.file().toString(), -1, ""), "")
                            .help("rename one of the models, or move it to another folder"));
                }
            } catch (CompilationFailedException failed) {
                diagnostics.addAll(failed.diagnostics());
            }
        }
        return models;
    }

    private Map<Path, byte[]> files(GeneratedModel model) {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        model.classes().forEach((path, bytes) -> files.put(classes.resolve(path), bytes));
        model.source().ifPresent(text -> files.put(sources.resolve(model.sourcePath()),
                text.getBytes(StandardCharsets.UTF_8)));
        return files;
    }

    /** A file that is as it should be is left alone, so that a build does not compile it again. */
    private static boolean holds(Path file, byte[] bytes) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == bytes.length
                    && Arrays.equals(Files.readAllBytes(file), bytes);
        } catch (IOException e) {
            return false;
        }
    }

    private Map<String, Object> toJson(GeneratedModel model) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("model", model.reads().getFirst().toString());
        object.put("class", model.facade().path().replace('/', '.'));
        object.put("reads", model.reads().stream().map(Path::toString).toList());
        object.put("writes", files(model).keySet().stream().map(Path::toString).sorted().toList());
        return object;
    }
}
