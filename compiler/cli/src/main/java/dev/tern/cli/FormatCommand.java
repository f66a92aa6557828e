package dev.tern.cli;

import dev.tern.cli.output.DiagnosticText;
import dev.tern.cli.output.JsonText;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.task.TextLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lays Tern files out in the canonical way. */
@Command(name = "fmt", description = {
    "Lays models out in the one canonical way, in place. Comments stay where they are."
            + " A file with a syntax error is reported and left alone.", ""}, //
        footer = {"", "Examples:", "  tern fmt models/digits models/tinymlp", "  tern fmt --check models/digits",
            "  tern fmt - < draft.tern"})
final class FormatCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    @ParentCommand
    private TernCommand tern;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = {
        "Files, or folders that hold one .tern file each; - reads standard input and writes standard output."})
    private List<String> models;

    @Option(names = "--check", description = "Write nothing; end with 1 if a file is laid out in another way.")
    private boolean check;

    @Option(names = "--json", description = "Print one JSON object on standard output and nothing else there.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    private record Formatted(Path file, TextLayout layout) {
    }

    @Override
    public Integer call() {
        if (models.contains(STANDARD_INPUT)) {
            return formatStandardInput();
        }
        Diagnostics diagnostics = new Diagnostics();
        List<Formatted> files = new ArrayList<>();
        for (String model : models) {
            Path file = ModelFile.find(Path.of(model));
            try {
                TextLayout layout = TextLayout.of(file);
                layout.warnings().forEach(diagnostics::add);
                files.add(new Formatted(file, layout));
            } catch (CompilationFailedException e) {
                e.diagnostics().forEach(diagnostics::add);
            }
        }
        diagnostics.throwIfErrors();
        List<Formatted> changed = files.stream().filter(file -> file.layout.changed()).toList();
        if (!check) {
            Map<Path, byte[]> written = new LinkedHashMap<>();
            changed.forEach(file -> written.put(file.file, file.layout.text().getBytes(StandardCharsets.UTF_8)));
            WholeFile.write(written);
        }
        report(files, changed, diagnostics);
        return check && !changed.isEmpty() ? ExitCode.WRONG_MODEL : ExitCode.DONE;
    }

    private void report(List<Formatted> files, List<Formatted> changed, Diagnostics diagnostics) {
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("files", files.stream().map(file -> file.file.toString()).toList());
            object.put("changed", changed.stream().map(file -> file.file.toString()).toList());
            object.put("diagnostics", DiagnosticText.toJson(diagnostics.list()));
            JsonText.print(tern.console().out(), object);
        } else if (check) {
            changed.forEach(file -> tern.console().err().println(file.file
                    + ": not in canonical layout; run tern fmt"));
        } else {
            changed.forEach(file -> tern.console().out().println(file.file + ": laid out anew"));
        }
    }

    private Integer formatStandardInput() {
        if (models.size() > 1 || check || json) {
            throw new ParameterException(spec.commandLine(), "- stands alone: standard input to standard output");
        }
        byte[] bytes;
        try {
            bytes = TextLayout.of("standard input", System.in.readAllBytes()).text().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tern.console().out().write(bytes, 0, bytes.length);
        return ExitCode.DONE;
    }
}
