package dev.tern.compiler;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.runtime.CompiledModel;
import java.nio.file.Path;

/** The compiler's front door. {@link Compilation} is for those who want to see the rooms behind it. */
public final class Tern {
    private Tern() {
    }

    /**
     * Compiles a Tern file into this JVM.
     *
     * <pre>{@code
     * CompiledModel model = Tern.compile(file);
     * float[] scores = model.newSession().run(pixels);
     * }</pre>
     *
     * @throws CompilationFailedException with all diagnostics, rendered as its message, if the model or its parameters
     *         are wrong
     */
    public static CompiledModel compile(Path file) {
        return ModelCompiler.STANDARD.compile(file);
    }

    /** A compiler to be given settings: target, budgets, a listener for warnings. */
    public static ModelCompiler compiler() {
        return ModelCompiler.STANDARD;
    }
}
