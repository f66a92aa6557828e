package dev.tern.languageserver;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Label;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.diagnostics.Severity;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.lsp4j.DiagnosticRelatedInformation;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Range;

/** The compiler's diagnostics in the words of the protocol. */
final class Messages {
    private static final String SOURCE = "tern";
    private final OpenDocument document;

    Messages(OpenDocument document) {
        this.document = document;
    }

    List<org.eclipse.lsp4j.Diagnostic> of(List<Diagnostic> diagnostics) {
        return diagnostics.stream().map(this::of).toList();
    }

    private org.eclipse.lsp4j.Diagnostic of(Diagnostic diagnostic) {
        org.eclipse.lsp4j.Diagnostic message = new org.eclipse.lsp4j.Diagnostic(
                range(diagnostic.primary().position()), text(diagnostic), switch (diagnostic.severity()) {
                    case ERROR -> DiagnosticSeverity.Error;
                    case WARNING -> DiagnosticSeverity.Warning;
                }, SOURCE);
        message.setCode(diagnostic.code().id());
        message.setRelatedInformation(diagnostic.secondary().stream().map(this::related).toList());
        return message;
    }

    /** The message, what is said of its place, and help, each on a line. */
    private static String text(Diagnostic diagnostic) {
        List<String> lines = new ArrayList<>();
        lines.add(diagnostic.message());
        if (diagnostic.primary().position() instanceof FilePosition place) {
            lines.add(Stream.of("in " + place.file(), place.part()).filter(part -> !part.isEmpty())
                    .reduce((file, part) -> file + ", " + part).orElseThrow());
        }
        if (!diagnostic.primary().text().isEmpty()) {
            lines.add(diagnostic.primary().text());
        }
        diagnostic.help().forEach(line -> lines.add("help: " + line));
        return String.join("\n", lines);
    }

    private DiagnosticRelatedInformation related(Label label) {
        return new DiagnosticRelatedInformation(new Location(document.uri(), range(label.position())), label.text());
    }

    /** Where a diagnostic is shown: one of another file at the name by which the model names it. */
    private Range range(Position position) {
        return switch (position) {
            case SourceSpan span when span.file().text().equals(document.source().text()) ->
                document.places().range(span);
            case SourceSpan _,FilePosition _ -> parameters();
        };
    }

    private Range parameters() {
        List<Declaration> declarations = document.understood().tree().declarations();
        return declarations.stream().flatMap(declaration -> declaration.statements().stream())
                .flatMap(statement -> statement instanceof Statement.ParametersFrom from
                        ? Stream.of(from.file().span())
                        : Stream.empty())
                .findFirst()
                .or(() -> declarations.stream().filter(Declaration.Model.class::isInstance)
                        .map(model -> model.name().span()).findFirst())
                .map(document.places()::range).orElseGet(() -> document.places().range(0, 0));
    }
}
