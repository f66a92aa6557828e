package dev.tern.languageserver;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.Kind;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.Statement;
import dev.tern.grammar.TernLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;

/** What is shown of the word under the pointer. */
final class Hovers {
    private final OpenDocument document;
    private final OpenDocument.Understood understood;

    Hovers(OpenDocument document) {
        this.document = document;
        this.understood = document.understood();
    }

    Optional<Hover> at(int offset) {
        Optional<Token> word = document.tokens().at(offset).filter(WrittenTokens::isName);
        return word.flatMap(token -> text(token).map(text -> new Hover(new MarkupContent(MarkupKind.MARKDOWN, text),
                document.places().range(token.getStartIndex(), token.getStopIndex() + 1))));
    }

    private Optional<String> text(Token word) {
        List<Token> tokens = document.tokens().visible();
        int index = tokens.indexOf(word);
        boolean piped = index > 0 && tokens.get(index - 1).getType() == TernLexer.PIPE;
        int follows = index >= 0 && index + 1 < tokens.size() ? tokens.get(index + 1).getType() : Token.EOF;
        boolean applied = piped || follows == TernLexer.LPAREN;
        CursorPlace place = new CursorPlace(tokens, word.getStartIndex(), Outline.signatures(understood.tree()));
        Optional<String> argument = place.isInBody() && follows == TernLexer.COLON
                ? place.signature().flatMap(s -> s.find(word.getText())).map(Hovers::argument)
                : Optional.empty();
        Optional<String> value = applied ? Optional.empty() : value(word);
        return argument.or(() -> value).or(() -> choice(place, word.getText())).or(() -> op(word))
                .or(() -> block(word.getText())).or(() -> value(word));
    }

    private static String argument(OpParameter<?> parameter) {
        return HelpTexts.argument(parameter)
                + String.join("", parameter.kind().words().stream().map(Hovers::option).toList());
    }

    private static String option(OpSignature word) {
        return "\n- `" + (word.parameters().isEmpty() ? word.name() : word.describe()) + "`";
    }

    /** One of the words that an argument may be: a scheme, a rule. */
    private static Optional<String> choice(CursorPlace place, String word) {
        return place.kinds().stream().map(Kind::words).flatMap(List::stream)
                .filter(one -> one.name().equals(word)).findFirst()
                .map(one -> HelpTexts.code(one.parameters().isEmpty() ? one.name() : one.describe())
                        + HelpTexts.arguments(one));
    }

    private Optional<String> op(Token word) {
        Set<OpenDocument.Applied> here = understood.ops().getOrDefault(word.getStartIndex(), Set.of());
        return Catalogue.find(word.getText())
                .map(op -> (here.isEmpty() ? "" : HelpTexts.applied(here) + "\n\n") + HelpTexts.op(op));
    }

    private Optional<String> block(String name) {
        return understood.tree().declarations().stream()
                .filter(declaration -> declaration.name().text().equals(name)).findFirst()
                .map(declaration -> HelpTexts.code(Outline.head(declaration)) + "\n" + declaration.documentation());
    }

    private Optional<String> value(Token word) {
        return enclosing(word.getStartIndex()).flatMap(declaration -> named(declaration)
                .filter(name -> name.text().equals(word.getText())).findFirst().map(name -> {
                    Set<ExpressionValue> values = understood.values().getOrDefault(name.span().start(), Set.of());
                    String type = values.isEmpty() ? "" : ": " + HelpTexts.values(values);
                    return HelpTexts.code(name.text() + type) + documentation(declaration, name).map(text -> "\n"
                            + text)
                            .orElse("");
                }));
    }

    private Optional<Declaration> enclosing(int offset) {
        return understood.tree().declarations().stream().filter(one -> holds(one.span(), offset)).findFirst();
    }

    private static boolean holds(SourceSpan span, int offset) {
        return span.start() <= offset && offset < span.end();
    }

    /** Every name that a declaration gives: inputs, arguments, statements. */
    private static Stream<Identifier> named(Declaration declaration) {
        List<Identifier> names = new ArrayList<>();
        declaration.parameters().forEach(parameter -> names.add(parameter.name()));
        bindings(declaration).forEach(binding -> names.add(binding.name()));
        return names.stream();
    }

    private static Stream<Statement.Binding> bindings(Declaration declaration) {
        return declaration.statements().stream().filter(Statement.Binding.class::isInstance)
                .map(Statement.Binding.class::cast);
    }

    private static Optional<String> documentation(Declaration declaration, Identifier name) {
        return bindings(declaration).filter(binding -> binding.name() == name).map(Statement.Binding::documentation)
                .filter(text -> !text.isEmpty()).findFirst();
    }
}
