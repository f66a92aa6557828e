package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A model that tests build, imported and compiled. */
record ImportedTflite(ImportedModel model) {
    /** Imports a file that is all right. */
    static ImportedTflite of(byte[] file) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<ImportedModel> imported = read(file, diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return new ImportedTflite(imported.orElseThrow());
    }

    /** Whatever comes of a file. */
    static Optional<ImportedModel> read(byte[] file, Diagnostics diagnostics) {
        try {
            Path folder = Files.createTempDirectory("tflite");
            Path path = Files.write(folder.resolve("net.tflite"), file);
            try {
                return new TfliteFormat().read(path, "net.tflite", ImportOptions.DEFAULT, diagnostics);
            } finally {
                Files.delete(path);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model's text from its declaration on. */
    String body() {
        String text = model.text().text();
        return text.substring(text.indexOf("model "));
    }

    Compilation compiled() {
        return Compilation.of(model);
    }

    float[] run(float... x) {
        return compiled().model().newSession().run(x);
    }

    float[] run(byte... x) {
        return compiled().model().newSession().run(x);
    }
}
