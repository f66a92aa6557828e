package dev.tern.languageserver;

import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.resolve.BlockDefinition;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Formatter;
import dev.tern.compiler.syntax.Statement;
import dev.tern.compiler.syntax.SyntaxTree;
import dev.tern.compiler.syntax.TypeSyntax;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.SymbolKind;

/** The models and blocks of a text with what they name. */
final class Outline {
    private final OpenDocument document;

    Outline(OpenDocument document) {
        this.document = document;
    }

    List<DocumentSymbol> symbols() {
        return document.understood().tree().declarations().stream().map(this::symbol).toList();
    }

    private DocumentSymbol symbol(Declaration declaration) {
        SymbolKind kind = switch (declaration) {
            case Declaration.Model _ -> SymbolKind.Class;
            case Declaration.BlockDeclaration _ -> SymbolKind.Function;
        };
        List<DocumentSymbol> children = new ArrayList<>();
        declaration.parameters().forEach(parameter -> children.add(symbol(parameter.name().text(),
                SymbolKind.Variable, parameter.span(), parameter.name().span(), type(parameter.type()))));
        for (Statement statement : declaration.statements()) {
            if (statement instanceof Statement.Binding binding) {
                children.add(symbol(binding.name().text(), SymbolKind.Variable, binding.span(), binding.name().span(),
                        type(binding)));
            }
        }
        DocumentSymbol symbol = symbol(declaration.name().text(), kind, declaration.span(), declaration.name().span(),
                head(declaration));
        symbol.setChildren(children);
        return symbol;
    }

    private String type(Statement.Binding binding) {
        return HelpTexts.values(document.understood().values().getOrDefault(binding.name().span().start(),
                Set.of()));
    }

    private DocumentSymbol symbol(String name, SymbolKind kind, SourceSpan whole, SourceSpan own, String detail) {
        return new DocumentSymbol(name, kind, document.places().range(whole), document.places().range(own), detail);
    }

    /** {@code block Separable(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels])}. */
    static String head(Declaration declaration) {
        String word = switch (declaration) {
            case Declaration.Model _ -> "model ";
            case Declaration.BlockDeclaration _ -> "block ";
        };
        return word + declaration.name().text() + declaration.parameters().stream()
                .map(parameter -> parameter.name().text() + ": " + type(parameter.type())
                        + (parameter.frames().isPresent() ? " over " + parameter.frames().getAsLong() : "")
                        + (parameter.defaultValue() == null
                                ? ""
                                : " = " + Formatter.print(parameter.defaultValue())))
                .collect(Collectors.joining(", ", "(", ") -> "))
                + declaration.results().stream().map(result -> result.name().text() + ": " + type(result.type()))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String type(TypeSyntax type) {
        return switch (type) {
            case TypeSyntax.TensorSyntax tensor -> tensor.element().text() + tensor.dimensions().stream()
                    .map(Formatter::print).collect(Collectors.joining(", ", "[", "]"));
            case TypeSyntax.ScalarSyntax scalar -> scalar.name().text();
        };
    }

    /** The compile-time arguments of blocks, by the blocks' names. */
    static Map<String, OpSignature> signatures(SyntaxTree tree) {
        Map<String, OpSignature> signatures = new LinkedHashMap<>();
        for (Declaration declaration : tree.declarations()) {
            if (declaration instanceof Declaration.BlockDeclaration block) {
                signatures.put(block.name().text(), BlockDefinition.of(block).signature());
            }
        }
        return signatures;
    }
}
