package dev.tern.compiler;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Severity;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.CheckLowerable;
import dev.tern.compiler.syntax.SyntaxReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Says what is wrong with a file: all that compiling it to class files would say, and more. */
public final class ModelCheck {
    private ModelCheck() {
    }

    /**
     * Checks text, names, shapes and schemes, and if the parameters' file is there, the parameters, the sums that are
     * to fit 32 bits, and the budget. An absent file and what has no lowering are warnings: the file comes with
     * training, and the text means something all the same.
     *
     * @param diagnostics gets all that is found
     * @return the model; empty if there is an error, or if the file holds blocks only
     * @throws CompilationFailedException with the diagnostics, if there is no text to look at or what was found leaves
     *         nothing to go on with
     */
    public static Optional<AnalyzedModel> check(Path file, Diagnostics diagnostics) {
        return check(ModelReader.find(file, diagnostics), file, diagnostics);
    }

    /**
     * The same for a text that is not, or not yet, what its file holds.
     *
     * @param file where the text is to lie: what it names is looked for there
     */
    public static Optional<AnalyzedModel> check(SourceFile text, Path file, Diagnostics diagnostics) {
        return check(Analyzer.analyze(SyntaxReader.read(text, diagnostics), diagnostics), file, diagnostics);
    }

    private static Optional<AnalyzedModel> check(Optional<AnalyzedModel> model, Path file, Diagnostics diagnostics) {
        model.ifPresent(analyzed -> {
            boolean lowered = isLowered(analyzed, diagnostics);
            new ClassName("", analyzed.graph().name()).classProblem().ifPresent(problem -> diagnostics.add(Diagnostic
                    .warning(DiagnosticCode.CLASS_NAME, "`" + analyzed.graph().name() + "` " + problem,
                            analyzed.position(), "")
                    .help("to compile to a class file, name the class with --class NAME")));
            checkNumbers(analyzed, file, lowered, diagnostics);
        });
        return diagnostics.hasErrors() ? Optional.empty() : model;
    }

    /** Whether the model can be compiled; warns of what cannot. */
    private static boolean isLowered(AnalyzedModel model, Diagnostics diagnostics) {
        Diagnostics found = new Diagnostics();
        new CheckLowerable().apply(model.graph(), found);
        for (Diagnostic error : found.list()) {
            diagnostics.add(new Diagnostic(error.code(), Severity.WARNING, error.message(), error.primary(),
                    error.secondary(), error.help()));
        }
        return !found.hasErrors();
    }

    private static void checkNumbers(AnalyzedModel model, Path file, boolean lowered, Diagnostics diagnostics) {
        Optional<AnalyzedModel.ParametersFile> missing = model.parameters()
                .filter(parameters -> !Files.exists(file.resolveSibling(parameters.name())));
        if (missing.isPresent()) {
            diagnostics.add(Diagnostic.warning(DiagnosticCode.PARAMETERS_UNREADABLE,
                    "the parameters are not checked: there is no file `" + missing.get().name() + "` yet",
                    missing.get().span(), ""));
            LabelFiles.read(model, OutsideFile.folderOf(file), diagnostics);
            ModelReader.steps(model, model.graph(), diagnostics);
            return;
        }
        Graph bound = ModelReader.bindSteps(model, file, diagnostics);
        if (lowered && !diagnostics.hasErrors()) {
            Compilation.check(model, bound, file, diagnostics);
        }
    }
}
