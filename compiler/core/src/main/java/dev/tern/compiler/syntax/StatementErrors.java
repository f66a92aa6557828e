package dev.tern.compiler.syntax;

import static dev.tern.compiler.syntax.SyntaxErrors.error;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.grammar.TernParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Messages for errors inside of a statement, from the tokens around the place where it cannot go on. */
final class StatementErrors {
    private final TokenScan scan;
    private final Boundaries boundaries;
    private final StatementStarts starts;
    private final StatementEnds ends;

    StatementErrors(TokenScan scan, Boundaries boundaries) {
        this.scan = scan;
        this.boundaries = boundaries;
        this.starts = new StatementStarts(scan, boundaries);
        this.ends = new StatementEnds(scan, boundaries);
    }

    /**
     * The message for a statement that cannot be read.
     *
     * @param start the statement's first token
     * @param found the token that does not fit
     */
    Diagnostic describe(Token start, Token found) {
        Diagnostic described = describeAny(start, found);
        Token before = boundaries.before(start);
        boolean layout = start.getType() == TernParser.LAYOUT || start.getType() == TernParser.MAP;
        boolean parameters = start.getType() == TernParser.PARAMETERS && boundaries.before(found) != start;
        return parameters && start != found || layout && before != null && before.getType() == TernParser.STRING
                ? described.help("behind the name of a parameters file may stand `layout: pytorch`, and behind that "
                        + "`map \"features.0\" to \"stem\"`")
                : described;
    }

    private Diagnostic describeAny(Token start, Token found) {
        if (start == found) {
            return error("expected a statement, found " + Words.of(found), scan.span(found), "").help(
                    "a statement is `name = expression`, or begins with `parameters`, `default`, `budget` or `labels`");
        }
        Token previous = boundaries.before(found);
        if (boundaries.followsOnLine(start)) {
            return ends.afterStatement(boundaries.before(start), start);
        }
        if (previous == start) {
            return starts.secondToken(start, found);
        }
        if (found.getType() == TernParser.ASSIGN) {
            return strayAssign(start, previous, found);
        }
        Optional<Diagnostic> unit = ends.unknownUnit(previous, found);
        if (unit.isPresent()) {
            return unit.get();
        }
        if (StatementStarts.isWord(start, previous)) {
            return starts.afterWord(start, previous, found);
        }
        Deque<Token> open = boundaries.openBrackets(start, found);
        return TokenKinds.expectsExpression(previous)
                ? noExpression(previous, found, open)
                : noContinuation(previous, found, open);
    }

    /** The message for a statement whose value is missing, so that the next statement's name was taken for it. */
    Diagnostic swallowed(Token previous, Token name) {
        return noExpression(previous, name, new ArrayDeque<>());
    }

    /** An {@code =} in the middle of a statement: for {@code :} in an argument, or after a value that is missing. */
    private Diagnostic strayAssign(Token start, Token previous, Token found) {
        Deque<Token> open = boundaries.openBrackets(start, found);
        if (TokenKinds.isName(previous) && boundaries.startsStatement(previous)) {
            Token before = boundaries.before(previous);
            return TokenKinds.expectsExpression(before)
                    ? noExpression(before, previous, open)
                    : noContinuation(before, previous, open);
        }
        if (TokenKinds.isName(previous)) {
            return error("expected `:` after " + Words.of(previous) + ", found `=`", scan.span(found), "expected `:`")
                    .help("`=` binds the name of a statement; what stands in a list is named with `:`, as in `"
                            + Words.shorten(previous.getText()) + ": ...`");
        }
        if (TokenKinds.expectsExpression(previous)) {
            return noExpression(previous, found, open);
        }
        return error("`=` does not fit here", scan.span(found), "")
                .help("`==` compares two values, `:` names an argument, `=` binds a name");
    }

    private Diagnostic noExpression(Token previous, Token found, Deque<Token> open) {
        boolean closes = TokenKinds.isCloser(found) || boundaries.startsStatement(found) || found
                .getType() == Token.EOF;
        String wanted = switch (previous.getType()) {
            case TernParser.PIPE -> "an op or block to apply";
            case TernParser.IF -> "a condition";
            case TernParser.AS -> "a name";
            case TernParser.LPAREN, TernParser.LBRACKET -> "a value or " + TokenKinds.closing(previous);
            default -> "a value";
        };
        if (TokenKinds.isReserved(found)) {
            return error("expected " + wanted + " after " + Words.of(previous) + ", found the reserved word "
                    + Words.of(found), scan.span(found), "").help(TokenKinds.whatReservedWordsDo(found));
        }
        Diagnostic diagnostic = error("expected " + wanted + " after " + Words.of(previous) + ", found "
                + Words.of(found), closes ? scan.after(previous) : scan.span(found), "expected " + wanted);
        if (previous.getType() == TernParser.SLASH && found.getType() == TernParser.STAR) {
            return diagnostic.help(StatementEnds.COMMENT);
        }
        if (found.getType() == TernParser.LBRACE) {
            return diagnostic.help("a list is written with brackets: `[1, 2]`");
        }
        boolean unclosed = !open.isEmpty() && closes && !TokenKinds.matches(open.peek(), found) && open
                .peek() != previous;
        return unclosed
                ? diagnostic.alsoAt(scan.span(open.peek()), Words.of(open.peek()) + " is still open")
                : diagnostic;
    }

    private Diagnostic noContinuation(Token previous, Token found, Deque<Token> open) {
        if (open.isEmpty()) {
            return ends.afterStatement(previous, found);
        }
        Token bracket = open.peek();
        boolean ends = TokenKinds.isCloser(found) || boundaries.startsStatement(found) || boundaries.startsDeclaration(
                found)
                || found.getType() == Token.EOF;
        if (ends) {
            return error(Words.of(bracket) + " is not closed", scan.after(previous),
                    "expected " + TokenKinds.closing(bracket) + " before " + Words.of(found))
                    .alsoAt(scan.span(bracket), "opened here");
        }
        Token callee = boundaries.before(bracket);
        boolean group = bracket.getType() == TernParser.LPAREN && !TokenKinds.isName(callee);
        Diagnostic diagnostic = error("expected " + (group ? "" : "`,` or ") + TokenKinds.closing(bracket) + " after "
                + Words.of(previous) + ", found " + Words.of(found), boundaries.place(found), "");
        if (group && found.getType() == TernParser.COMMA) {
            return diagnostic.help("there are no tuples: a size is written `3x3`, a list `[3, 3]`");
        }
        if (StatementEnds.isSplitSize(previous, found)) {
            return diagnostic.help(StatementEnds.WHOLE_SIZE);
        }
        if (found.getType() == TernParser.COLON && TokenKinds.isName(previous)) {
            return diagnostic.help("`name: value` is an argument of a call");
        }
        if (TokenKinds.isReserved(found)) {
            return diagnostic.help(TokenKinds.whatReservedWordsDo(found));
        }
        return found.getType() == TernParser.ARROW ? diagnostic.help(StatementEnds.ARROW) : diagnostic;
    }
}
