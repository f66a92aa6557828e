package dev.tern.compiler.generate;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.runtime.Signature;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model becomes in an application's build.
 *
 * @param facade the class that the application uses
 * @param source the facade's text; empty where the application uses the class that computes itself
 * @param classes class files and the resources beside them, by their paths with slashes
 * @param code the classes that compute: one, or plain loops first and then vector code
 * @param signature of the form that always runs
 * @param forms all forms and their weights, as they are where the runtime is not taken along; empty for small JVMs,
 *        whose class holds its weights
 * @param reads the files that the result depends on, whether they exist or not
 * @param warnings what there is to say of the model
 */
public record GeneratedModel(ClassName facade, Optional<String> source, Map<String, byte[]> classes,
        List<ClassFile> code, Signature signature, Optional<ModelFiles> forms, List<Path> reads,
        List<Diagnostic> warnings) {
    public GeneratedModel {
        classes = Map.copyOf(classes);
        code = List.copyOf(code);
        reads = List.copyOf(reads);
        warnings = List.copyOf(warnings);
    }

    /** Where the facade's text goes, with slashes: {@code com/acme/Digits.java}. */
    public String sourcePath() {
        return facade.path() + ".java";
    }
}
