package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model that tests build, imported and compiled; numbers go in and out in the file's order. */
record ImportedOnnx(ImportedModel model, Session session) {
    /** Imports a model that is all right. */
    static ImportedOnnx of(OnnxModels model) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<ImportedModel> imported = read(model.build(), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return new ImportedOnnx(imported.orElseThrow(), Compilation.of(imported.get()).model().newSession());
    }

    /** Whatever comes of a file. */
    static Optional<ImportedModel> read(byte[] file, Diagnostics diagnostics) {
        try {
            Path folder = Files.createTempDirectory("onnx");
            Path path = Files.write(folder.resolve("net.onnx"), file);
            try {
                return new OnnxFormat().read(path, "net.onnx", ImportOptions.DEFAULT, diagnostics);
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

    /** The first output for the first input. */
    float[] run(float... x) {
        return run(List.of(x));
    }

    /** The first output for all inputs. */
    float[] run(List<float[]> inputs) {
        Object[] placed = new Object[inputs.size()];
        for (int i = 0; i < placed.length; i++) {
            int[] from = model.inputs().get(i).places();
            float[] x = new float[from.length];
            for (int j = 0; j < x.length; j++) {
                x[j] = inputs.get(i)[from[j]];
            }
            placed[i] = x;
        }
        Object[] outputs = session.newOutputs(1);
        session.run(placed, outputs);
        float[] found = (float[]) outputs[0];
        int[] to = model.outputs().getFirst().places();
        float[] result = new float[found.length];
        for (int i = 0; i < found.length; i++) {
            result[to[i]] = found[i];
        }
        return result;
    }
}
