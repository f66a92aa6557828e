package dev.tern.compiler.testing.work;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.analysis.parameters.RandomParameters;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Counts what compiling a model takes. */
public final class CompilerWork {
    private final Consumer<Path> compiler;

    public CompilerWork() {
        try {
            compiler = consumer(new CountingLoader().loadClass(Everything.class.getName())
                    .getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Consumer<Path> consumer(Object object) {
        return (Consumer<Path>) object;
    }

    /** Method entries and jumps backwards while the model of a file is compiled, by method. */
    public Map<String, Long> of(Path file) {
        Work.clear();
        compiler.accept(file);
        return Work.counted();
    }

    /** Compiles a model for plain loops and for vectors, prints what each pass left, and makes the files. */
    public static final class Everything implements Consumer<Path> {
        public Everything() {
        }

        @Override
        public void accept(Path file) {
            Diagnostics diagnostics = new Diagnostics();
            AnalyzedModel model = ModelReader.analyze(file, diagnostics);
            Graph bound = ParameterBinder.bind(model.graph(), new RandomParameters(model.graph(), 1), diagnostics)
                    .orElseThrow();
            Compilation compilation;
            try {
                compilation = Compilation.of(bound, model.layers(), HostTarget.portable("a test"));
            } catch (CompilationFailedException e) {
                // All passes have run by then.
                if (e.diagnostics().stream().anyMatch(d -> d.code() != DiagnosticCode.BUDGET_EXCEEDED)) {
                    throw e;
                }
                return;
            }
            compilation.stages().forEach(stage -> stage.text().length());
            compilation.files(compilation.className("", Optional.empty()), List.of(Target.vector(256)));
        }
    }
}
