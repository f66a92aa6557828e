package dev.tern.cli.training;

import dev.tern.cli.output.Console;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.task.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A line for each epoch on standard error and, where somebody looks at it, a bar that moves within the epoch. */
public final class ProgressLines implements Training.Listener {
    private static final int WIDTH = 30;
    private static final long NANOS_BETWEEN = 200_000_000L;

    private final Console console;
    private long shown;
    private List<Diagnostic> warnings = List.of();

    public ProgressLines(Console console) {
        this.console = console;
    }

    @Override
    public void warnings(List<Diagnostic> found) {
        warnings = found;
        console.err().print(DiagnosticRenderer.render(found));
    }

    /** What there is to say of the model, once training has begun. */
    public List<Diagnostic> warnings() {
        return warnings;
    }

    @Override
    public void replaces(Path parameters) {
        console.err().println("training starts at random and replaces " + parameters + " at its end; to go on from it,"
                + " stop and say --start " + parameters);
    }

    @Override
    public void leavesOut(int copies, int trainedOn) {
        console.err().printf(Locale.ROOT, "%,d examples to learn from; %,d that are among those to test by are left"
                + " out%n", trainedOn, copies);
    }

    @Override
    public void renumbers(String classes) {
        console.err().println(classes);
    }

    @Override
    public void batch(int epoch, int done, int all, double loss) {
        long now = System.nanoTime();
        if (!console.terminal() || now - shown < NANOS_BETWEEN) {
            return;
        }
        shown = now;
        int filled = WIDTH * done / all;
        console.err().printf(Locale.ROOT, "\r\033[Kepoch %d [%s%s] loss %.4f", epoch, "#".repeat(filled),
                ".".repeat(WIDTH - filled), loss);
        console.err().flush();
    }

    @Override
    public void epoch(EpochReport report) {
        console.err().println((console.terminal() ? "\r\033[K" : "") + report);
    }
}
