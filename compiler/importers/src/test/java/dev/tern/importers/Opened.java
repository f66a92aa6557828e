package dev.tern.importers;

import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens parameter files the way the compiler does. */
public final class Opened {
    private Opened() {
    }

    /** Writes bytes to a file of that name and opens it, all tensors read; what was said, or {@code ""} for nothing. */
    public static String diagnose(Path folder, String name, byte[] content) throws IOException {
        return diagnose(Files.write(folder.resolve(name), content));
    }

    /** Opens a file and reads all its tensors; what was said, or {@code ""} for nothing. */
    public static String diagnose(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        Optional<TensorSource> source = format(file).open(file, file.getFileName().toString(), diagnostics);
        if (source.isPresent() == diagnostics.hasErrors()) {
            throw new AssertionError("a source and errors, or neither: " + diagnostics.list());
        }
        if (source.isPresent()) {
            try (TensorSource tensors = source.get()) {
                for (TensorEntry entry : tensors.entries()) {
                    read(tensors, entry);
                }
            }
        }
        return DiagnosticRenderer.render(diagnostics.list());
    }

    /** The tensors of a file that is all right. */
    public static TensorSource open(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<TensorSource> source = format(file).open(file, file.getFileName().toString(), diagnostics);
        return source.orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.list())));
    }

    private static ParameterFormat format(Path file) {
        return ParameterFormat.of(file).orElseThrow();
    }

    private static Object read(TensorSource source, TensorEntry entry) throws IOException {
        if (entry.type().floating()) {
            return source.floats(entry);
        }
        return entry.type().bytes() ? source.bytes(entry) : null;
    }
}
