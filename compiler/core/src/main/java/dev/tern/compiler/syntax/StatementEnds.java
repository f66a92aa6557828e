package dev.tern.compiler.syntax;

import static dev.tern.compiler.syntax.SyntaxErrors.error;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.grammar.TernParser;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Messages for tokens after a complete statement that can neither continue it nor begin the next. */
final class StatementEnds {
    static final String ARROW = "`|>` chains ops; `->` is for results";
    static final String COMMENT = "a comment starts with `//`";
    static final String WHOLE_SIZE = "a size is written without blanks: `3x3`";

    private final TokenScan scan;
    private final Boundaries boundaries;

    StatementEnds(TokenScan scan, Boundaries boundaries) {
        this.scan = scan;
        this.boundaries = boundaries;
    }

    /** @param previous the last token of the statement */
    Diagnostic afterStatement(Token previous, Token found) {
        if (found.getType() == TernParser.PIPE) {
            return error("`|>` has nothing before it", scan.span(found), "expected a statement")
                    .help("a pipeline is bound to a name: `name = value |> op`");
        }
        if (found.getType() == TernParser.COLON && TokenKinds.isName(previous)) {
            return error("a binding is written with `=`", scan.span(found), "expected `=`");
        }
        if (previous.getType() == TernParser.COMMA) {
            return error("expected another entry after `,`, found " + Words.of(found), scan.span(found), "")
                    .help("entries of `default` and `budget` are written `name: value`, labels as strings");
        }
        return unknownUnit(previous, found).or(() -> missingComma(previous, found))
                .orElseGet(() -> other(previous, found));
    }

    /** A word after a number that was meant for a unit of bytes, or a unit after a number that has a point. */
    Optional<Diagnostic> unknownUnit(Token previous, Token found) {
        if (previous.getType() != TernParser.INTEGER && previous.getType() != TernParser.DECIMAL
                || !TokenKinds.isName(found)) {
            return Optional.empty();
        }
        if (previous.getType() == TernParser.DECIMAL && found.getType() == TernParser.BYTE_UNIT) {
            return Optional.of(error("a number of bytes is a whole number", scan.span(previous, found), "")
                    .help("take the next smaller unit: B, KiB, MiB"));
        }
        Diagnostic unknown = error("unknown unit " + Words.of(found), scan.span(found), "");
        return Words.byteUnit(found.getText())
                .map(unit -> unknown.help("did you mean `" + unit + "`? The " + Words.UNITS))
                .or(() -> Optional.of(unknown.help(Words.UNITS)).filter(_ -> Words.otherUnit(found.getText())
                        || isBudget(previous)));
    }

    /** Whether a number is one of a budget, {@code ram: 64}; nothing else begins so that has a number there. */
    private boolean isBudget(Token number) {
        Token colon = boundaries.before(number);
        if (colon == null || colon.getType() != TernParser.COLON || boundaries.before(colon) == null) {
            return false;
        }
        Token limit = boundaries.before(colon);
        return limit.getText().matches("ram|flash") || boundaries.before(limit) != null
                && boundaries.before(limit).getType() == TernParser.BUDGET;
    }

    /** Whether a size was written with blanks: {@code 3 x 3}. */
    static boolean isSplitSize(Token previous, Token found) {
        return previous.getType() == TernParser.INTEGER && found.getText().matches("x\\d*");
    }

    private Optional<Diagnostic> missingComma(Token previous, Token found) {
        boolean setting = TokenKinds.isName(found) && boundaries.after(found, 1).getType() == TernParser.COLON;
        boolean label = previous.getType() == TernParser.STRING && found.getType() == TernParser.STRING;
        return setting || label
                ? Optional.of(error("expected `,` before " + Words.of(found), scan.after(previous), "expected `,`"))
                : Optional.empty();
    }

    private Diagnostic other(Token previous, Token found) {
        Diagnostic diagnostic = error("expected the next statement or `}`, found " + Words.of(found),
                scan.span(found), "");
        if (TokenKinds.isReserved(found)) {
            return diagnostic.help(TokenKinds.whatReservedWordsDo(found));
        }
        return switch (found.getType()) {
            case TernParser.ARROW -> diagnostic.help(ARROW);
            case TernParser.SLASH -> diagnostic.help(COMMENT);
            case TernParser.LBRACKET -> diagnostic.help("elements are taken with `slice(start, end, axis: ...)`");
            case TernParser.COMMA -> previous.getType() == TernParser.STRING
                    ? diagnostic.help("several labels stand after `:`: `labels scores: \"zero\", \"one\"`")
                    : diagnostic;
            case TernParser.NAME -> sideBySide(previous, found);
            default -> diagnostic;
        };
    }

    private Diagnostic sideBySide(Token previous, Token found) {
        Diagnostic diagnostic = error(Words.of(previous) + " and " + Words.of(found) + " stand side by side",
                scan.span(found), "expected an operator or the next statement");
        if (isSplitSize(previous, found)) {
            return diagnostic.help(WHOLE_SIZE);
        }
        return found.getText().equals("else")
                ? diagnostic.help("there is no `else`: where the condition does not hold, the value passes unchanged")
                : diagnostic.help("`|>` applies an op to a value: `x |> " + Words.shorten(found.getText()) + "`");
    }
}
