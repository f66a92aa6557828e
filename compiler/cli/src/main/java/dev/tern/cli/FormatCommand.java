package dev.tern.cli;

import dev.tern.cli.output.DiagnosticText;
import dev.tern.cli.output.JsonText;
import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.syntax.Formatter;
import dev.tern.compiler.syntax.SourceReader;
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

    /** @param result the text in canonical layout */
    private record Formatted(Path file, boolean changed, String result) {
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
            SourceReader.read(file, diagnostics).ifPresent(source -> files.add(format(file, source, diagnostics)));
        }
        diagnostics.throwIfErrors();
        List<Formatted> changed = files.stream().filter(Formatted::changed).toList();
        if (!check) {
            Map<Path, byte[]> written = new LinkedHashMap<>();
            changed.forEach(file -> written.put(file.file, file.result.getBytes(StandardCharsets.UTF_8)));
            WholeFile.write(written);
        }
        report(files, changed, diagnostics);
        return check && !changed.isEmpty() ? ExitCode.WRONG_MODEL : ExitCode.DONE;
    }

    private static Formatted format(Path file, SourceFile source, Diagnostics diagnostics) {
        String result = Formatter.format(source, Catalogue::startsLayer, diagnostics);
        return new Formatted(file, !result.equals(source.text()), result);
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
        Diagnostics diagnostics = new Diagnostics();
        String result;
        try {
            result = SourceReader.decode("standard input", System.in.readAllBytes(), diagnostics)
                    .map(source -> Formatter.format(source, Catalogue::startsLayer, diagnostics)).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (diagnostics.hasErrors()) {
            throw new CompilationFailedException(diagnostics.list());
        }
        byte[] bytes = result.getBytes(StandardCharsets.UTF_8);
        tern.console().out().write(bytes, 0, bytes.length);
        return ExitCode.DONE;
    }
}
