package dev.tern.languageserver;

import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.syntax.TextStream;
import dev.tern.grammar.TernLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** The words and signs of a text, comments among them, whether it is right or only half written. */
final class WrittenTokens {
    private final List<Token> tokens = new ArrayList<>();

    /** Of a text that is too long to be a model there are none. */
    WrittenTokens(SourceFile source) {
        if (source.text().length() > SyntaxReader.MAX_TEXT) {
            return;
        }
        TernLexer lexer = new TernLexer(new TextStream(source.name(), source.text()));
        lexer.removeErrorListeners();
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            tokens.add(token);
        }
    }

    /** Those that a parser sees. */
    List<Token> visible() {
        return tokens.stream().filter(token -> token.getChannel() == Token.DEFAULT_CHANNEL).toList();
    }

    /** The token that the offset is in, or else at the end of. */
    Optional<Token> at(int offset) {
        Optional<Token> before = Optional.empty();
        for (Token token : tokens) {
            if (token.getStartIndex() > offset) {
                break;
            }
            if (offset <= token.getStopIndex()) {
                return isName(token) || before.isEmpty() || !isName(before.get()) ? Optional.of(token) : before;
            }
            before = token.getStopIndex() + 1 == offset ? Optional.of(token) : Optional.empty();
        }
        return before;
    }

    /** Whether the token is a word that can be a name, or what a model or block begins with. */
    static boolean isName(Token token) {
        return switch (token.getType()) {
            case TernLexer.NAME, TernLexer.MODEL, TernLexer.BLOCK, TernLexer.PARAMETERS, TernLexer.LAYOUT,
                    TernLexer.MAP, TernLexer.TO, TernLexer.DEFAULT, TernLexer.BUDGET, TernLexer.LABELS,
                    TernLexer.OVER, TernLexer.BYTE_UNIT ->
                true;
            default -> false;
        };
    }

    /** Whether nothing is to be completed in it: a comment or a string. */
    static boolean isProse(Token token) {
        return token.getChannel() != Token.DEFAULT_CHANNEL || token.getType() == TernLexer.STRING
                || token.getType() == TernLexer.OPEN_STRING;
    }
}
