package dev.tern.compiler.analysis;

import dev.tern.compiler.analysis.evaluate.EvaluationListener;
import dev.tern.compiler.analysis.evaluate.ModelEvaluator;
import dev.tern.compiler.analysis.resolve.NameResolver;
import dev.tern.compiler.analysis.resolve.Resolution;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.SyntaxTree;
import java.util.Optional;

/** From syntax tree to model graph: names are resolved in the whole file, then its model is evaluated. */
public final class Analyzer {
    private Analyzer() {
    }

    /**
     * Analyses a file. A file that only holds blocks is checked and gives no model.
     *
     * @param diagnostics gets every error found, and warnings; what was parsed of a broken file is analysed too
     * @return the model, or empty if the file has none or has an error
     */
    public static Optional<AnalyzedModel> analyze(SyntaxTree tree, Diagnostics diagnostics) {
        return analyze(tree, diagnostics, EvaluationListener.NONE);
    }

    /** The same, and a listener hears on the way what names and ops turn out to be. */
    public static Optional<AnalyzedModel> analyze(SyntaxTree tree, Diagnostics diagnostics,
            EvaluationListener listener) {
        Resolution resolution = NameResolver.resolve(tree, diagnostics);
        Optional<AnalyzedModel> analyzed = Optional.empty();
        for (Declaration declaration : tree.declarations()) {
            if (declaration instanceof Declaration.Model model) {
                analyzed = new ModelEvaluator(tree.source().name(), model, resolution, diagnostics, listener)
                        .evaluate();
            }
        }
        return diagnostics.hasErrors() ? Optional.empty() : analyzed;
    }
}
