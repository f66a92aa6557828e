package dev.tern.compiler.syntax;

import static dev.tern.compiler.syntax.SyntaxErrors.error;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Messages for errors inside of a statement, from the tokens around the place where it cannot go on. */
final class StatementErrors {
    private static final List<String> STATEMENT_WORDS = List.of("parameters", "default", "budget", "labels");

    private final TokenScan scan;
    private final Boundaries boundaries;

    StatementErrors(TokenScan scan, Boundaries boundaries) {
        this.scan = scan;
        this.boundaries = boundaries;
    }

    /**
     * The message for a statement that cannot be read.
     *
     * @param start the statement's first token
     * @param found the token that does not fit
     */
    Diagnostic describe(Token start, Token found) {
        if (start == found) {
            return error("expected a statement, found " + Words.of(found), scan.span(found), "").help(
                    "a statement is `name = expression`, or begins with `parameters`, `default`, `budget` or `labels`");
        }
        Token previous = boundaries.before(found);
        if (boundaries.followsOnLine(start)) {
            return afterStatement(boundaries.before(start), start);
        }
        if (previous == start) {
            return secondToken(start, found);
        }
        if (found.getType() == TernParser.ASSIGN) {
            return strayAssign(start, previous, found);
        }
        Optional<Diagnostic> unit = unknownUnit(previous, found);
        if (unit.isPresent()) {
            return unit.get();
        }
        if (startsStatementWord(start, previous)) {
            return keywordStatement(start, previous, found);
        }
        Deque<Token> open = openBrackets(start, found);
        return expectsExpression(previous)
                ? noExpression(previous, found, open)
                : noContinuation(previous, found, open);
    }

    /** The message for a token after a complete statement that can neither continue it nor begin the next. */
    Diagnostic afterStatement(Token previous, Token found) {
        if (found.getType() == TernParser.PIPE) {
            return error("`|>` has nothing before it", scan.span(found), "expected a statement")
                    .help("a pipeline is bound to a name: `name = value |> op`");
        }
        if (found.getType() == TernParser.COLON && previous != null && Boundaries.isName(previous)) {
            return error("a binding is written with `=`", scan.span(found), "expected `=`");
        }
        Optional<Diagnostic> unit = unknownUnit(previous, found);
        if (unit.isPresent()) {
            return unit.get();
        }
        Diagnostic diagnostic = error("expected the next statement or `}`, found " + Words.of(found),
                scan.span(found), "");
        if (previous.getType() == TernParser.COMMA) {
            return error("expected another entry after `,`, found " + Words.of(found), scan.span(found), "")
                    .help("entries of `default` and `budget` are written `name: value`, labels as strings");
        }
        return switch (found.getType()) {
            case TernParser.ARROW -> diagnostic.help("`|>` chains ops; `->` is for results");
            case TernParser.COMMA -> previous.getType() == TernParser.STRING
                    ? diagnostic.help("several labels stand after `:`: `labels scores: \"zero\", \"one\"`")
                    : diagnostic;
            case TernParser.NAME -> error(
                    Words.of(previous) + " and " + Words.of(found) + " stand side by side", scan.span(found),
                    "expected an operator or the next statement")
                    .help("`|>` applies an op to a value: `x |> " + Words.shorten(found.getText()) + "`");
            default -> isReserved(found) ? diagnostic.help(reserved(found)) : diagnostic;
        };
    }

    /** The message for a statement whose value is missing, so that the next statement's name was taken for it. */
    Diagnostic swallowed(Token previous, Token name) {
        return noExpression(previous, name, new ArrayDeque<>());
    }

    /** The first token can begin a statement, the second cannot follow it. */
    private Diagnostic secondToken(Token start, Token found) {
        Optional<String> meant = start.getType() == TernParser.NAME
                && (Boundaries.isName(found) || found.getType() == TernParser.STRING)
                        ? Words.misspelt(start.getText(), STATEMENT_WORDS)
                        : Optional.empty();
        if (meant.isPresent()) {
            return error("unknown statement " + Words.of(start), scan.span(start), "")
                    .help("did you mean `" + meant.get() + "`?");
        }
        return switch (start.getType()) {
            case TernParser.PARAMETERS -> error("expected the name of a file, found " + Words.of(found), place(found),
                    "expected a string").help("the statement is written `parameters \"model.safetensors\"`");
            case TernParser.DEFAULT -> error("expected a scheme, found " + Words.of(found), place(found), "")
                    .help("the statement is written `default weights: ternary(twn), activations: dynamic(4)`");
            case TernParser.BUDGET -> error("expected a limit, found " + Words.of(found), place(found), "")
                    .help("the statement is written `budget flash: 40 KiB, ram: 24 KiB`");
            case TernParser.LABELS -> labels(found);
            default -> notBound(start, found);
        };
    }

    private Diagnostic notBound(Token name, Token found) {
        Diagnostic diagnostic = error("expected `=` after " + Words.of(name) + ", found " + Words.of(found),
                place(found), "expected `=`");
        return switch (found.getType()) {
            case TernParser.LPAREN, TernParser.PIPE -> diagnostic
                    .help("a result is bound to a name: `y = " + Words.shorten(name.getText())
                            + (found.getType() == TernParser.PIPE ? " |> ...`" : "(...)`"));
            case TernParser.EQUAL -> diagnostic.help("`==` compares; a binding is written with one `=`");
            default -> diagnostic;
        };
    }

    private static boolean startsStatementWord(Token start, Token previous) {
        return switch (start.getType()) {
            case TernParser.LABELS -> true;
            case TernParser.DEFAULT, TernParser.BUDGET ->
                previous.getType() == TernParser.COMMA || Boundaries.isName(previous);
            default -> false;
        };
    }

    /** An error after the first words of {@code default}, {@code budget} or {@code labels}. */
    private Diagnostic keywordStatement(Token start, Token previous, Token found) {
        if (start.getType() == TernParser.LABELS) {
            return labels(found);
        }
        String example = start.getType() == TernParser.DEFAULT ? "weights: binary" : "flash: 40 KiB";
        if (previous.getType() == TernParser.COMMA) {
            return error("expected a name and `:`, found " + Words.of(found), place(found), "").help("for instance `"
                    + example + "`");
        }
        return error("expected `:` after " + Words.of(previous) + ", found " + Words.of(found), place(found),
                "expected `:`").help("for instance `" + start.getText() + " " + example + "`");
    }

    private Diagnostic labels(Token found) {
        return error("expected the labels of an output, found " + Words.of(found), place(found), "").help(
                "labels are written `labels scores: \"zero\", \"one\"`, or `labels scores \"labels.txt\"` with a line for each");
    }

    /** An {@code =} in the middle of a statement: for {@code :} in an argument, or after a value that is missing. */
    private Diagnostic strayAssign(Token start, Token previous, Token found) {
        Deque<Token> open = openBrackets(start, found);
        if (Boundaries.isName(previous) && boundaries.startsStatement(previous)) {
            Token before = boundaries.before(previous);
            return expectsExpression(before)
                    ? noExpression(before, previous, open)
                    : noContinuation(before, previous, open);
        }
        if (Boundaries.isName(previous)) {
            return error("expected `:` after " + Words.of(previous) + ", found `=`", scan.span(found), "expected `:`")
                    .help("`=` binds the name of a statement; what stands in a list is named with `:`, as in `"
                            + Words.shorten(previous.getText()) + ": ...`");
        }
        return error("`=` does not fit here", scan.span(found), "")
                .help("`==` compares two values, `:` names an argument, `=` binds a name");
    }

    private Diagnostic noExpression(Token previous, Token found, Deque<Token> open) {
        boolean closes = isCloser(found) || boundaries.startsStatement(found) || found.getType() == Token.EOF;
        String wanted = switch (previous.getType()) {
            case TernParser.PIPE -> "an op or block to apply";
            case TernParser.IF -> "a condition";
            case TernParser.AS -> "a name";
            case TernParser.LPAREN, TernParser.LBRACKET -> "a value or " + closing(previous);
            default -> "a value";
        };
        if (isReserved(found)) {
            return error("expected " + wanted + " after " + Words.of(previous) + ", found the reserved word "
                    + Words.of(found), scan.span(found), "").help(reserved(found));
        }
        Diagnostic diagnostic = error("expected " + wanted + " after " + Words.of(previous) + ", found "
                + Words.of(found), closes ? scan.after(previous) : scan.span(found), "expected " + wanted);
        if (found.getType() == TernParser.LBRACE) {
            return diagnostic.help("a list is written with brackets: `[1, 2]`");
        }
        boolean unclosed = !open.isEmpty() && closes && !matches(open.peek(), found) && open.peek() != previous;
        return unclosed
                ? diagnostic.alsoAt(scan.span(open.peek()), Words.of(open.peek()) + " is still open")
                : diagnostic;
    }

    private Diagnostic noContinuation(Token previous, Token found, Deque<Token> open) {
        if (open.isEmpty()) {
            return afterStatement(previous, found);
        }
        Token bracket = open.peek();
        boolean ends = isCloser(found) || boundaries.startsStatement(found) || boundaries.startsDeclaration(found)
                || found.getType() == Token.EOF;
        if (ends) {
            return error(Words.of(bracket) + " is not closed", scan.after(previous),
                    "expected " + closing(bracket) + " before " + Words.of(found))
                    .alsoAt(scan.span(bracket), "opened here");
        }
        Diagnostic diagnostic = error("expected `,` or " + closing(bracket) + " after " + Words.of(previous)
                + ", found " + Words.of(found), place(found), "");
        if (found.getType() == TernParser.COLON && Boundaries.isName(previous)) {
            return diagnostic.help("`name: value` is an argument of a call");
        }
        if (isReserved(found)) {
            return diagnostic.help(reserved(found));
        }
        return found.getType() == TernParser.ARROW
                ? diagnostic.help("`|>` chains ops; `->` is for results")
                : diagnostic;
    }

    private Optional<Diagnostic> unknownUnit(Token previous, Token found) {
        if (previous == null || previous.getType() != TernParser.INTEGER && previous.getType() != TernParser.DECIMAL
                || !Boundaries.isName(found)) {
            return Optional.empty();
        }
        if (previous.getType() == TernParser.DECIMAL && found.getType() == TernParser.BYTE_UNIT) {
            return Optional.of(error("a number of bytes is a whole number", scan.span(previous, found), "")
                    .help("take the next smaller unit: B, KiB, MiB"));
        }
        return Words.byteUnit(found.getText())
                .map(unit -> error("unknown unit " + Words.of(found), scan.span(found), "").help(
                        "did you mean `" + unit + "`? The units of bytes are B, KiB, MiB, kB (1000) and MB (1000000)"));
    }

    /** The place of a token; after the one before it where the token stands on a later line, far from the cause. */
    private SourceSpan place(Token found) {
        return boundaries.isFirstOnLine(found) || found.getType() == Token.EOF
                ? scan.after(boundaries.before(found))
                : scan.span(found);
    }

    private Deque<Token> openBrackets(Token start, Token end) {
        Deque<Token> open = new ArrayDeque<>();
        for (Token token : scan.tokens().subList(start.getTokenIndex(), end.getTokenIndex())) {
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

    private static boolean expectsExpression(Token token) {
        return switch (token.getType()) {
            case TernParser.PIPE, TernParser.IF, TernParser.AS, TernParser.LPAREN, TernParser.LBRACKET,
                    TernParser.COMMA,
                    TernParser.COLON, TernParser.ASSIGN, TernParser.PLUS, TernParser.MINUS, TernParser.STAR,
                    TernParser.RANGE, TernParser.EQUAL, TernParser.NOT_EQUAL, TernParser.LESS, TernParser.LESS_EQUAL,
                    TernParser.GREATER, TernParser.GREATER_EQUAL, TernParser.NOT, TernParser.AND, TernParser.OR ->
                true;
            default -> false;
        };
    }

    private static boolean isCloser(Token token) {
        return token.getType() == TernParser.RPAREN || token.getType() == TernParser.RBRACKET
                || token.getType() == TernParser.RBRACE;
    }

    private static boolean matches(Token open, Token close) {
        return close.getType() == (open.getType() == TernParser.LPAREN ? TernParser.RPAREN : TernParser.RBRACKET);
    }

    private static String closing(Token open) {
        return switch (open.getType()) {
            case TernParser.LPAREN -> "`)`";
            case TernParser.LBRACKET -> "`]`";
            default -> "`}`";
        };
    }

    static boolean isReserved(Token token) {
        return switch (token.getType()) {
            case TernParser.IF, TernParser.AS, TernParser.AND, TernParser.OR, TernParser.NOT, TernParser.TRUE,
                    TernParser.FALSE ->
                true;
            default -> false;
        };
    }

    private static String reserved(Token token) {
        return switch (token.getType()) {
            case TernParser.IF -> "`if` follows a step of a pipeline: `x |> conv(8, 3x3) if stride != 1`";
            case TernParser.AS -> "`as` follows a step of a pipeline and names it: `x |> conv(8, 3x3) as pw`";
            default -> "`if`, `as`, `and`, `or`, `not`, `true` and `false` cannot be names";
        };
    }
}
