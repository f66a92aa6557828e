package dev.tern.compiler.generate;

import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.diagnostics.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a model becomes in an application's build.
 *
 * @param facade the class that the application uses
 * @param source the facade's text
 * @param classes class files and the resources beside them, by their paths with slashes
 * @param files the compiled class in all its forms, as they are where the runtime is not taken along
 * @param reads the files that the result depends on, whether they exist or not
 * @param warnings what there is to say of the model
 */
public record GeneratedModel(ClassName facade, String source, Map<String, byte[]> classes, ModelFiles files,
        List<Path> reads, List<Diagnostic> warnings) {
    public GeneratedModel {
        classes = Map.copyOf(classes);
        reads = List.copyOf(reads);
        warnings = List.copyOf(warnings);
    }

    /** Where the facade's text goes, with slashes: {@code com/acme/Digits.java}. */
    public String sourcePath() {
        return facade.path() + ".java";
    }
}
