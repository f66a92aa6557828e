package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.Token;

/**
 * Where statements and declarations begin, judged from a few tokens and from line breaks. Line breaks mean nothing
 * in a text that is right; in one that is wrong they are the best witness of what the writer took for a statement.
 */
final class Boundaries {
    private final TokenScan scan;
    private final List<Token> tokens;

    Boundaries(TokenScan scan) {
        this.scan = scan;
        this.tokens = scan.tokens();
    }

    /** Whether the token begins {@code model Name(} or {@code block Name(}. */
    boolean startsDeclaration(Token token) {
        boolean keyword = token.getType() == TernParser.MODEL || token.getType() == TernParser.BLOCK;
        return keyword && TokenKinds.isName(after(token, 1)) && after(token, 2).getType() == TernParser.LPAREN;
    }

    /** Whether the token begins a declaration, or is the first on its line and begins one with an error in it. */
    boolean mayStartDeclaration(Token token) {
        boolean keyword = token.getType() == TernParser.MODEL || token.getType() == TernParser.BLOCK;
        return startsDeclaration(token) || keyword && isFirstOnLine(token)
                && after(token, 1).getType() != TernParser.ASSIGN;
    }

    /** Whether the token is the first on its line and begins what looks like a statement. */
    boolean startsStatement(Token token) {
        boolean map = token.getType() == TernParser.MAP && after(token, 1).getType() == TernParser.STRING;
        if (map || !isFirstOnLine(token) || continuesList(before(token))) {
            return false;
        }
        int next = after(token, 1).getType();
        boolean binding = next == TernParser.ASSIGN;
        boolean declared = TokenKinds.isName(after(token, 1)) && after(token, 2).getType() == TernParser.ASSIGN
                && after(token, 1).getLine() == token.getLine();
        boolean words = next == TernParser.STRING || declared
                || TokenKinds.isName(after(token, 1)) && after(token, 2).getType() == TernParser.COLON;
        boolean labels = token.getType() == TernParser.LABELS && TokenKinds.isName(after(token, 1))
                && after(token, 2).getType() == TernParser.STRING;
        return TokenKinds.isName(token) && (binding || words || labels);
    }

    /** Whether the token stands on the line of the token before it, which is no brace. */
    boolean followsOnLine(Token token) {
        Token previous = before(token);
        return previous != null && previous.getLine() == token.getLine() && previous.getType() != TernParser.LBRACE
                && previous.getType() != TernParser.RBRACE;
    }

    /** Whether a statement or the end of the body may stand here. */
    boolean mayStartStatement(Token token) {
        return TokenKinds.isName(token) || token.getType() == TernParser.RBRACE || token.getType() == Token.EOF;
    }

    boolean isFirstOnLine(Token token) {
        Token previous = before(token);
        return previous == null || previous.getLine() < token.getLine();
    }

    /**
     * The place of a token that is wrong; just after the one before it where it stands on a later line, far from the
     * cause.
     */
    SourceSpan place(Token found) {
        return isFirstOnLine(found) || found.getType() == Token.EOF ? scan.after(before(found)) : scan.span(found);
    }

    /** The brackets that are open where a token stands, the innermost first. */
    Deque<Token> openBrackets(Token start, Token end) {
        Deque<Token> open = new ArrayDeque<>();
        for (Token token : tokens.subList(start.getTokenIndex(), end.getTokenIndex())) {
            switch (token.getType()) {
                case TernParser.LPAREN, TernParser.LBRACKET, TernParser.LBRACE -> open.push(token);
                case TernParser.RPAREN, TernParser.RBRACKET, TernParser.RBRACE -> open.poll();
                default -> {
                    // Neither opens nor closes.
                }
            }
        }
        return open;
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
