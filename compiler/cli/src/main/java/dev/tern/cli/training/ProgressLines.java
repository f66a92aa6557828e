package dev.tern.cli.training;

import dev.tern.cli.output.Console;
import dev.tern.quantizer.Checkpoint;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.Trainer;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A line for each epoch on standard error and, where somebody looks at it, a bar that moves within the epoch. */
public final class ProgressLines implements Trainer.Progress {
    private static final int WIDTH = 30;
    private static final long NANOS_BETWEEN = 200_000_000L;

    private final Console console;
    private final Consumer<Supplier<Checkpoint>> keep;
    private long shown;

    /** @param keep is given the state after each epoch */
    public ProgressLines(Console console, Consumer<Supplier<Checkpoint>> keep) {
        this.console = console;
        this.keep = keep;
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
    public void epoch(EpochReport report, Supplier<Checkpoint> state) {
        console.err().println((console.terminal() ? "\r\033[K" : "") + report);
        keep.accept(state);
    }
}
