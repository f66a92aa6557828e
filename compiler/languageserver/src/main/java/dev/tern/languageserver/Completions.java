package dev.tern.languageserver;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.grammar.TernLexer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** What may be written at a place, the likeliest first. */
final class Completions {
    /** Words that begin a statement. */
    private static final List<Integer> STATEMENTS = List.of(TernLexer.PARAMETERS, TernLexer.DEFAULT, TernLexer.BUDGET,
            TernLexer.LABELS);

    private final OpenDocument document;
    private final CursorPlace place;
    /** The stretch of text that a completion replaces: the word that is being written. */
    private final int start;
    private final int end;
    private final Map<String, CompletionItem> items = new LinkedHashMap<>();

    Completions(OpenDocument document, int offset) {
        this.document = document;
        Optional<Token> word = document.tokens().at(offset).filter(WrittenTokens::isName);
        start = word.map(Token::getStartIndex).orElse(offset);
        end = word.map(token -> token.getStopIndex() + 1).orElse(offset);
        place = new CursorPlace(document.tokens().visible(), start, blocks());
    }

    private Map<String, OpSignature> blocks() {
        return Outline.signatures(document.understood().tree());
    }

    /** @param offset where the cursor is */
    static List<CompletionItem> at(OpenDocument document, int offset) {
        boolean prose = document.tokens().at(offset).filter(WrittenTokens::isProse)
                .filter(token -> offset > token.getStartIndex()).isPresent();
        if (prose) {
            return List.of();
        }
        Completions completions = new Completions(document, offset);
        completions.fill();
        return List.copyOf(completions.items.values());
    }

    private void fill() {
        int before = place.previous().map(Token::getType).orElse(Token.EOF);
        if (place.isOutside()) {
            keywords(List.of(TernLexer.MODEL, TernLexer.BLOCK));
        } else if (before == TernLexer.PIPE) {
            functions();
            names();
        } else if (place.isInBody()) {
            choices();
            if (before == TernLexer.COMMA || before == TernLexer.LPAREN || place.isBody()) {
                arguments();
            }
            if (place.isBody() && place.argument().isEmpty() && beginsLine()) {
                keywords(STATEMENTS);
            } else if (place.argument().isEmpty() || items.isEmpty()) {
                names();
                functions();
            }
        }
    }

    private boolean beginsLine() {
        String text = document.source().text();
        int from = start;
        while (from > 0 && text.charAt(from - 1) != '\n' && text.charAt(from - 1) != '\r') {
            from--;
        }
        return text.substring(from, start).isBlank();
    }

    private void keywords(List<Integer> types) {
        Vocabulary vocabulary = TernLexer.VOCABULARY;
        types.forEach(type -> add(vocabulary.getLiteralName(type).replace("'", ""), CompletionItemKind.Keyword, "",
                ""));
    }

    /** Words that the argument may be: schemes, rules. */
    private void choices() {
        place.kinds().stream().flatMap(kind -> kind.words().stream())
                .forEach(word -> add(word.name(), CompletionItemKind.EnumMember,
                        word.parameters().isEmpty() ? "" : word.describe(), HelpTexts.arguments(word)));
    }

    /** Names of arguments that have not been given. */
    private void arguments() {
        place.signature().filter(_ -> place.argument().isEmpty()).ifPresent(signature -> {
            for (OpParameter<?> parameter : signature.parameters()) {
                if (!place.given().contains(parameter.name())) {
                    CompletionItem item = add(parameter.name(), CompletionItemKind.Property,
                            parameter.kind().expects(), parameter.documentation());
                    item.setTextEdit(Either.forLeft(new TextEdit(document.places().range(start, end),
                            parameter.name() + ": ")));
                }
            }
        });
    }

    private void names() {
        place.names().forEach(name -> add(name, CompletionItemKind.Variable, "", ""));
    }

    private void functions() {
        for (OpDefinition op : Catalogue.ops()) {
            add(op.name(), CompletionItemKind.Function, op.signature().describe(), op.documentation());
        }
        for (Declaration declaration : document.understood().tree().declarations()) {
            if (declaration instanceof Declaration.BlockDeclaration block) {
                add(block.name().text(), CompletionItemKind.Class, Outline.head(block), block.documentation());
            }
        }
    }

    private CompletionItem add(String label, CompletionItemKind kind, String detail, String documentation) {
        return items.computeIfAbsent(label, _ -> {
            CompletionItem item = new CompletionItem(label);
            item.setKind(kind);
            if (!detail.isEmpty()) {
                item.setDetail(detail);
            }
            if (!documentation.isEmpty()) {
                item.setDocumentation(new MarkupContent(MarkupKind.MARKDOWN, documentation.strip()));
            }
            // The order in which they were thought of, which no editor is to sort anew.
            item.setSortText(String.format("%04d", items.size()));
            item.setTextEdit(Either.forLeft(new TextEdit(document.places().range(start, end), label)));
            return item;
        });
    }
}
