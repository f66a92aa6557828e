package dev.tern.compiler;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.CompiledModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A compiler with its settings: for which target, by what was measured or not, within which budget, and who hears of
 * warnings. It never changes: each setting gives another compiler, so one may be shared by threads and kept.
 *
 * <pre>{@code
 * ModelCompiler compiler = Tern.compiler().target(Target.PORTABLE).ram(64 << 10).onDiagnostic(System.out::println);
 * if (compiler.check(file).isEmpty()) {
 *     CompiledModel model = compiler.compile(file);
 * }
 * }</pre>
 */
public final class ModelCompiler {
    static final ModelCompiler STANDARD = new ModelCompiler(Optional.empty(), true, -1, -1, diagnostic -> {
    });

    private final Optional<Target> target;
    private final boolean tuned;
    private final long flash;
    private final long ram;
    private final Consumer<Diagnostic> listener;

    private ModelCompiler(Optional<Target> target, boolean tuned, long flash, long ram, Consumer<Diagnostic> listener) {
        this.target = target;
        this.tuned = tuned;
        this.flash = flash;
        this.ram = ram;
        this.listener = listener;
    }

    /**
     * Compiles for a target that runs from the first call on. Without this plain loops run first, and what this JVM
     * runs best once that is warm, see {@link HostTarget#find()}.
     *
     * @param wanted one of {@link HostTarget#runnable()}, else the model cannot be run here, only looked at
     */
    public ModelCompiler target(Target wanted) {
        return new ModelCompiler(Optional.of(wanted), tuned, flash, ram, listener);
    }

    /** Leaves a tuning beside the model's file alone: the cost model chooses every schedule. */
    public ModelCompiler untuned() {
        return new ModelCompiler(target, false, flash, ram, listener);
    }

    /**
     * Refuses models whose weights, their codes and tables in the class's file, take more room, whatever budget they
     * state themselves. The class's code is not counted.
     *
     * @param bytes 0 for no limit
     * @throws IllegalArgumentException if it is negative
     */
    public ModelCompiler flash(long bytes) {
        return new ModelCompiler(target, tuned, notNegative("flash", bytes), ram, listener);
    }

    /**
     * Refuses models whose sessions take more room for their values, whatever budget they state themselves.
     *
     * @param bytes 0 for no limit
     * @throws IllegalArgumentException if it is negative
     */
    public ModelCompiler ram(long bytes) {
        return new ModelCompiler(target, tuned, flash, notNegative("ram", bytes), listener);
    }

    private static long notNegative(String name, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a budget of " + bytes + " bytes of " + name);
        }
        return bytes;
    }

    /**
     * Tells of everything that is found, warnings and errors, in the order of the text. Errors are thrown as well.
     *
     * @param heard gets each diagnostic on the thread that compiles
     */
    public ModelCompiler onDiagnostic(Consumer<Diagnostic> heard) {
        return new ModelCompiler(target, tuned, flash, ram, heard);
    }

    /**
     * Compiles a model into this JVM.
     *
     * @param file a Tern text, or a model of another tool for which there is a reader on the class path
     * @throws CompilationFailedException with all diagnostics, rendered as its message, if the model, its parameters or
     *         its budget are wrong
     */
    public CompiledModel compile(Path file) {
        return compilation(file).model();
    }

    /** The same with all that the compiler made on the way, which class files can be written of. */
    public Compilation compilation(Path file) {
        try {
            Compilation compilation = Compilation.of(file, host(), tuned, this::budget);
            compilation.warnings().forEach(listener);
            return compilation;
        } catch (CompilationFailedException e) {
            e.diagnostics().forEach(listener);
            throw e;
        }
    }

    /**
     * Finds all that compiling to class files would say, and writes nothing; a parameter file that is not there yet is
     * a warning. What is found goes to the listener, too.
     *
     * @return what was found, errors among it
     */
    public List<Diagnostic> check(Path file) {
        List<Diagnostic> found;
        Diagnostics diagnostics = new Diagnostics();
        try {
            ModelCheck.check(file, diagnostics);
            found = diagnostics.list();
        } catch (CompilationFailedException e) {
            found = e.diagnostics();
        }
        found.forEach(listener);
        return found;
    }

    private HostTarget host() {
        return target.map(one -> HostTarget.of(one, "asked for")).orElseGet(HostTarget::find);
    }

    private Graph.Budget budget(Graph.Budget written) {
        return flash < 0 && ram < 0
                ? written
                : new Graph.Budget(flash < 0 ? written.flash() : flash, ram < 0 ? written.ram() : ram,
                        Optional.empty());
    }
}
