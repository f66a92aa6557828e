package dev.tern.compiler.syntax;

import dev.tern.grammar.TernParser;
import java.util.List;
import org.antlr.v4.runtime.Token;

/**
 * Where statements and declarations begin, judged from a few tokens and from line breaks. Line breaks mean nothing
 * in a text that is right; in one that is wrong they are the best witness of what the writer took for a statement.
 */
final class Boundaries {
    private final List<Token> tokens;

    Boundaries(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Whether the token begins {@code model Name(} or {@code block Name(}. */
    boolean startsDeclaration(Token token) {
        boolean keyword = token.getType() == TernParser.MODEL || token.getType() == TernParser.BLOCK;
        return keyword && isName(after(token, 1)) && after(token, 2).getType() == TernParser.LPAREN;
    }

    /** Whether the token begins a declaration, or is the first on its line and begins one with an error in it. */
    boolean mayStartDeclaration(Token token) {
        boolean keyword = token.getType() == TernParser.MODEL || token.getType() == TernParser.BLOCK;
        return startsDeclaration(token) || keyword && isFirstOnLine(token)
                && after(token, 1).getType() != TernParser.ASSIGN;
    }

    /** Whether the token is the first on its line and begins what looks like a statement. */
    boolean startsStatement(Token token) {
        if (!isFirstOnLine(token) || continuesList(before(token))) {
            return false;
        }
        int next = after(token, 1).getType();
        boolean binding = next == TernParser.ASSIGN;
        boolean words = next == TernParser.STRING
                || isName(after(token, 1)) && after(token, 2).getType() == TernParser.COLON;
        boolean labels = token.getType() == TernParser.LABELS && isName(after(token, 1))
                && after(token, 2).getType() == TernParser.STRING;
        return isName(token) && (binding || words || labels);
    }

    /** Whether the token stands on the line of the token before it, which is no brace. */
    boolean followsOnLine(Token token) {
        Token previous = before(token);
        return previous != null && previous.getLine() == token.getLine() && previous.getType() != TernParser.LBRACE
                && previous.getType() != TernParser.RBRACE;
    }

    /** Whether a statement or the end of the body may stand here. */
    boolean mayStartStatement(Token token) {
        return isName(token) || token.getType() == TernParser.RBRACE || token.getType() == Token.EOF;
    }

    /** Whether the token can be a name. */
    static boolean isName(Token token) {
        return switch (token.getType()) {
            case TernParser.NAME, TernParser.MODEL, TernParser.BLOCK, TernParser.PARAMETERS, TernParser.DEFAULT,
                    TernParser.BUDGET, TernParser.LABELS, TernParser.BYTE_UNIT ->
                true;
            default -> false;
        };
    }

    boolean isFirstOnLine(Token token) {
        Token previous = before(token);
        return previous == null || previous.getLine() < token.getLine();
    }

    /** The token that the parser saw before this one, or null. */
    Token before(Token token) {
        for (int i = token.getTokenIndex() - 1; i >= 0; i--) {
            if (tokens.get(i).getChannel() == Token.DEFAULT_CHANNEL) {
                return tokens.get(i);
            }
        }
        return null;
    }

    /** The n-th token after this one that the parser will see; EOF at the end. */
    Token after(Token token, int n) {
        int left = n;
        for (int i = token.getTokenIndex() + 1; i < tokens.size(); i++) {
            if (tokens.get(i).getChannel() == Token.DEFAULT_CHANNEL && --left == 0) {
                return tokens.get(i);
            }
        }
        return tokens.getLast();
    }

    private static boolean continuesList(Token token) {
        return token != null && (token.getType() == TernParser.COMMA || token.getType() == TernParser.LPAREN
                || token.getType() == TernParser.LBRACKET);
    }
}
