package dev.tern.compiler;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.bytecode.program.ClassName;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Severity;
import dev.tern.compiler.graph.pass.CheckLowerable;
import dev.tern.compiler.syntax.SyntaxTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Says what is wrong with a file without compiling it. */
public final class ModelCheck {
    private ModelCheck() {
    }

    /**
     * Checks text, names, shapes and schemes, and the parameters if their file is there. An absent file and what has no
     * lowering are warnings: the file comes with training, and the text means something all the same.
     *
     * @param diagnostics gets all that is found
     * @return the model; empty if there is an error, or if the file holds blocks only
     * @throws CompilationFailedException if there is no text to look at
     */
    public static Optional<AnalyzedModel> check(Path file, Diagnostics diagnostics) {
        SyntaxTree tree = ModelReader.parse(file, diagnostics);
        Optional<AnalyzedModel> model = Analyzer.analyze(tree, diagnostics);
        model.ifPresent(analyzed -> {
            warnOfWhatIsNotLowered(analyzed, diagnostics);
            new ClassName("", analyzed.graph().name()).classProblem().ifPresent(problem -> diagnostics.add(Diagnostic
                    .warning(DiagnosticCode.CLASS_NAME, "`" + analyzed.graph().name() + "` " + problem,
                            analyzed.span(), "").help("to compile to a class file, name the class with --class NAME")));
            checkParameters(analyzed, file, diagnostics);
        });
        return diagnostics.hasErrors() ? Optional.empty() : model;
    }

    private static void warnOfWhatIsNotLowered(AnalyzedModel model, Diagnostics diagnostics) {
        Diagnostics found = new Diagnostics();
        new CheckLowerable().apply(model.graph(), found);
        for (Diagnostic error : found.list()) {
            diagnostics.add(new Diagnostic(error.code(), Severity.WARNING, error.message(), error.primary(),
                    error.secondary(), error.help()));
        }
    }

    private static void checkParameters(AnalyzedModel model, Path file, Diagnostics diagnostics) {
        model.parameters().ifPresent(parameters -> {
            if (Files.exists(file.resolveSibling(parameters.name()))) {
                ModelReader.bind(model, file, diagnostics);
            } else {
                diagnostics.add(Diagnostic.warning(DiagnosticCode.PARAMETERS_UNREADABLE,
                        "the parameters are not checked: there is no file `" + parameters.name() + "` yet",
                        parameters.span(), ""));
            }
        });
    }
}
