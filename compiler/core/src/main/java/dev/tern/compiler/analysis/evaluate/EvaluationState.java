package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.draft.GraphDraft;
import dev.tern.compiler.analysis.resolve.Resolution;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one evaluation of a model shares: the graph in the making, its layers, and the limits. */
final class EvaluationState {
    /** More ops and blocks applied than this are taken for a mistake, whether they add nodes or not. */
    private static final int MAX_APPLICATIONS = 30_000;
    /** Expressions inside blocks inside expressions, nested deeper than this, are refused before the stack ends. */
    private static final int DEEPEST = 200;

    private record Reported(DiagnosticCode code, Position position) {
    }

    private final Resolution resolution;
    private final Diagnostics diagnostics;
    private final EvaluationListener listener;
    private final GraphDraft draft = new GraphDraft();
    private final List<LayerDraft> layers = new ArrayList<>();
    private final Set<Reported> reported = new HashSet<>();
    private int applications;
    private int depth;

    EvaluationState(Resolution resolution, Diagnostics diagnostics, EvaluationListener listener) {
        this.resolution = resolution;
        this.diagnostics = diagnostics;
        this.listener = listener;
        // What was found when names were resolved is not worth saying again.
        diagnostics.list().forEach(d -> reported.add(new Reported(d.code(), d.primary().position())));
    }

    Resolution resolution() {
        return resolution;
    }

    EvaluationListener listener() {
        return listener;
    }

    GraphDraft draft() {
        return draft;
    }

    List<LayerDraft> layers() {
        return layers;
    }

    /** Reports an error once for each place, however often a block is applied. */
    void report(Frame frame, Diagnostic diagnostic) {
        if (reported.add(new Reported(diagnostic.code(), diagnostic.primary().position()))) {
            diagnostics.add(frame.located(diagnostic));
        }
    }

    /** @throws GraphDraft.TooLarge if this is one application too many */
    void countApplication(SourceSpan span) {
        if (++applications > MAX_APPLICATIONS) {
            throw new GraphDraft.TooLarge("it applies more than " + MAX_APPLICATIONS + " ops and blocks", span);
        }
    }

    /** @throws GraphDraft.TooLarge if this is one level too deep; {@link #ascend} follows otherwise */
    void descend(SourceSpan span) {
        if (++depth > DEEPEST) {
            throw new GraphDraft.TooLarge("its blocks and expressions are nested deeper than " + DEEPEST + " levels",
                    span);
        }
    }

    void ascend() {
        depth--;
    }
}
