package dev.tern.compiler.syntax;

import dev.tern.grammar.TernLexer;
import java.util.Arrays;
import org.antlr.v4.runtime.Token;

/**
 * Counts how deep the tree of an expression will be, from its tokens alone: one for every open bracket, and one for
 * every operator since the last comma, bracket or {@code |>} on each level, since operators nest to the left or right.
 */
final class DepthLimit {
    private int[] operators = new int[16];
    private int level;
    private int depth;

    /** Whether the depth is within {@link TokenScan#MAX_DEPTH} with this token read. */
    boolean accepts(Token token) {
        switch (token.getType()) {
            case TernLexer.LPAREN, TernLexer.LBRACKET, TernLexer.LBRACE -> open();
            case TernLexer.RPAREN, TernLexer.RBRACKET, TernLexer.RBRACE -> close();
            case TernLexer.COMMA, TernLexer.PIPE, TernLexer.COLON, TernLexer.ASSIGN, TernLexer.IF, TernLexer.AS ->
                startPart();
            case TernLexer.PLUS, TernLexer.MINUS, TernLexer.STAR,
                    TernLexer.SLASH, TernLexer.RANGE, TernLexer.EQUAL, TernLexer.NOT_EQUAL,
                    TernLexer.LESS, TernLexer.LESS_EQUAL, TernLexer.GREATER, TernLexer.GREATER_EQUAL, TernLexer.AND,
                    TernLexer.OR, TernLexer.NOT -> {
                operators[level]++;
                depth++;
            }
            default -> {
                // Takes no part in nesting.
            }
        }
        return depth <= TokenScan.MAX_DEPTH;
    }

    private void open() {
        level++;
        if (level == operators.length) {
            operators = Arrays.copyOf(operators, level * 2);
        }
        operators[level] = 0;
        depth++;
    }

    private void close() {
        startPart();
        if (level > 0) {
            level--;
            depth--;
        }
    }

    private void startPart() {
        depth -= operators[level];
        operators[level] = 0;
    }
}
