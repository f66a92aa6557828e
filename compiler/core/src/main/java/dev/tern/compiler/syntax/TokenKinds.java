package dev.tern.compiler.syntax;

import dev.tern.grammar.TernParser;
import org.antlr.v4.runtime.Token;

/** What tokens can do. */
final class TokenKinds {
    private TokenKinds() {
    }

    /** Whether the token can be a name. */
    static boolean isName(Token token) {
        return switch (token.getType()) {
            case TernParser.NAME, TernParser.MODEL, TernParser.BLOCK, TernParser.PARAMETERS, TernParser.LAYOUT,
                    TernParser.MAP, TernParser.TO, TernParser.DEFAULT, TernParser.BUDGET, TernParser.LABELS,
                    TernParser.OVER, TernParser.BYTE_UNIT ->
                true;
            default -> false;
        };
    }

    /** Whether a value must follow the token. */
    static boolean expectsExpression(Token token) {
        return switch (token.getType()) {
            case TernParser.PIPE, TernParser.IF, TernParser.AS, TernParser.LPAREN, TernParser.LBRACKET,
                    TernParser.COMMA,
                    TernParser.COLON, TernParser.ASSIGN, TernParser.PLUS, TernParser.MINUS, TernParser.STAR,
                    TernParser.SLASH,
                    TernParser.RANGE, TernParser.EQUAL, TernParser.NOT_EQUAL, TernParser.LESS, TernParser.LESS_EQUAL,
                    TernParser.GREATER, TernParser.GREATER_EQUAL, TernParser.NOT, TernParser.AND, TernParser.OR ->
                true;
            default -> false;
        };
    }

    /** Whether it closes a bracket. */
    static boolean isCloser(Token token) {
        return token.getType() == TernParser.RPAREN || token.getType() == TernParser.RBRACKET
                || token.getType() == TernParser.RBRACE;
    }

    /** Whether two brackets are a pair. */
    static boolean matches(Token open, Token close) {
        return close.getType() == (open.getType() == TernParser.LPAREN ? TernParser.RPAREN : TernParser.RBRACKET);
    }

    /** The bracket that closes an open one, for messages. */
    static String closing(Token open) {
        return switch (open.getType()) {
            case TernParser.LPAREN -> "`)`";
            case TernParser.LBRACKET -> "`]`";
            default -> "`}`";
        };
    }

    /** Whether the token is a word that cannot be a name. */
    static boolean isReserved(Token token) {
        return switch (token.getType()) {
            case TernParser.IF, TernParser.AS, TernParser.AND, TernParser.OR, TernParser.NOT, TernParser.TRUE,
                    TernParser.FALSE ->
                true;
            default -> false;
        };
    }

    /** A line of help for a reserved word in the wrong place. */
    static String whatReservedWordsDo(Token token) {
        return switch (token.getType()) {
            case TernParser.IF -> "`if` follows a step of a pipeline: `x |> conv(8, 3x3) if stride != 1`";
            case TernParser.AS -> "`as` follows a step of a pipeline and names it: `x |> conv(8, 3x3) as pw`";
            default -> "`if`, `as`, `and`, `or`, `not`, `true` and `false` cannot be names";
        };
    }
}
