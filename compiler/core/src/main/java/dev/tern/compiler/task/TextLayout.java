package dev.tern.compiler.task;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.syntax.Formatter;
import dev.tern.compiler.syntax.SourceReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Tern text in the one canonical layout; comments stay where they are.
 *
 * <pre>{@code
 * TextLayout layout = TextLayout.of(model);
 * if (layout.changed()) {
 *     layout.write(model);
 * }
 * System.out.print(layout.text());
 * }</pre>
 *
 * @param text the whole text
 * @param changed whether it was laid out in another way
 * @param warnings what there is to say of it
 */
public record TextLayout(String text, boolean changed, List<Diagnostic> warnings) {
    public TextLayout {
        warnings = List.copyOf(warnings);
    }

    /**
     * That of a file.
     *
     * @throws CompilationFailedException if it cannot be read, or has a syntax error
     */
    public static TextLayout of(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        return of(SourceReader.read(file, diagnostics), diagnostics);
    }

    /**
     * That of a text at hand.
     *
     * @param name of the text, for messages
     * @param utf8 its bytes
     * @throws CompilationFailedException if it is not UTF-8, or has a syntax error
     */
    public static TextLayout of(String name, byte[] utf8) {
        Diagnostics diagnostics = new Diagnostics();
        return of(SourceReader.decode(name, utf8, diagnostics), diagnostics);
    }

    private static TextLayout of(Optional<SourceFile> source, Diagnostics diagnostics) {
        String text = source.map(found -> Formatter.format(found, Catalogue::startsLayer, diagnostics)).orElse("");
        diagnostics.throwIfErrors();
        return new TextLayout(text, source.filter(found -> !found.text().equals(text)).isPresent(),
                diagnostics.list());
    }

    /** Writes the text whole or not at all. @throws CompilationFailedException if that is not possible */
    public void write(Path file) {
        WholeFile.write(Map.of(file, text.getBytes(StandardCharsets.UTF_8)));
    }
}
