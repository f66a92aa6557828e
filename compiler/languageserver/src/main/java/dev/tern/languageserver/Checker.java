package dev.tern.languageserver;

import dev.tern.compiler.ModelCheck;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Checks documents on a thread of its own and hands out what is wrong with them. What is wrong with the text is told at
 * once. Parameters, sums and budgets take a compilation, which begins when nobody has typed for a moment.
 */
final class Checker implements AutoCloseable {
    private static final long PAUSE_MILLIS = 300;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "tern-check");
        made.setDaemon(true);
        return made;
    });
    private final Map<String, Future<?>> waiting = new HashMap<>();
    private final Predicate<OpenDocument> current;
    private final BiConsumer<OpenDocument, List<Diagnostic>> publisher;
    private final Consumer<Throwable> faults;

    /**
     * @param current whether a document is still what the editor shows
     * @param publisher gets all that is wrong with a document, possibly nothing
     * @param faults hears of what should not have happened; the next document is checked all the same
     */
    Checker(Predicate<OpenDocument> current, BiConsumer<OpenDocument, List<Diagnostic>> publisher,
            Consumer<Throwable> faults) {
        this.current = current;
        this.publisher = publisher;
        this.faults = faults;
    }

    /** Checks a document that was opened or changed. */
    synchronized void check(OpenDocument document) {
        forget(document.uri());
        waiting.put(document.uri(), thread.submit(guarded(() -> text(document))));
    }

    /** Leaves undone what was to be done for a document. */
    synchronized void forget(String uri) {
        Future<?> before = waiting.remove(uri);
        if (before != null) {
            // What runs already ends by itself; its result is of an old text, and not shown.
            before.cancel(false);
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError fault) {
                faults.accept(fault);
            }
        };
    }

    private void text(OpenDocument document) {
        Diagnostics found = document.understood().diagnostics();
        if (found.hasErrors() || document.file().isEmpty()) {
            publish(document, found.list());
            return;
        }
        synchronized (this) {
            if (current.test(document)) {
                waiting.put(document.uri(), thread.schedule(
                        guarded(() -> publish(document, all(document, document.file().orElseThrow()))), PAUSE_MILLIS,
                        TimeUnit.MILLISECONDS));
            }
        }
    }

    private static List<Diagnostic> all(OpenDocument document, Path file) {
        Diagnostics diagnostics = new Diagnostics();
        try {
            ModelCheck.check(document.source(), file, diagnostics);
            return diagnostics.list();
        } catch (CompilationFailedException e) {
            return e.diagnostics();
        }
    }

    private void publish(OpenDocument document, List<Diagnostic> found) {
        if (current.test(document)) {
            publisher.accept(document, found);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
