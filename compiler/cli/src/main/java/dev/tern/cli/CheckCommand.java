package dev.tern.cli;

import dev.tern.compiler.ModelCheck;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Says what is wrong with a model. */
@Command(name = "check", description = {"Says what is wrong with a model: its text, names, shapes, schemes,"
        + " parameters and budget.", "",
    "Ends with 0 where nothing is wrong. What the compiler does not lower, and a parameters file that is not there"
            + " yet, are warnings.",
    ""}, //
        footer = {"", "Example:", "  tern check models/digits"})
final class CheckCommand extends ModelCommand {
    @Override
    public Integer call() {
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        Optional<AnalyzedModel> model = ModelCheck.check(file, diagnostics);
        if (diagnostics.hasErrors()) {
            throw new CompilationFailedException(diagnostics.list());
        }
        warn(diagnostics.list());
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("file", file.toString());
            result.put("model", model.map(found -> found.graph().name()).orElse(null));
            print(result, diagnostics.list());
        } else {
            int warnings = diagnostics.list().size();
            console().out().println(file + ": " + model.map(found -> "model " + found.graph().name()).orElse("blocks")
                    + ", " + (warnings == 0 ? "nothing wrong" : warnings + (warnings == 1 ? " warning" : " warnings")));
        }
        return ExitCode.DONE;
    }
}
