package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernParser;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.WritableToken;

/** Says what is wrong where the parser found no way on: where that is, what was expected, and what may be the cause. */
final class SyntaxErrors {
    private static final List<String> DECLARATION_WORDS = List.of("model", "block");

    private final TokenScan scan;
    private final Boundaries boundaries;
    private final SyntaxReport report;
    private final StatementErrors statements;
    private final StatementEnds ends;
    private final HeaderErrors headers;

    SyntaxErrors(TokenScan scan, Boundaries boundaries, SyntaxReport report) {
        this.scan = scan;
        this.boundaries = boundaries;
        this.report = report;
        this.statements = new StatementErrors(scan, boundaries);
        this.ends = new StatementEnds(scan, boundaries);
        this.headers = new HeaderErrors(scan, boundaries);
    }

    /**
     * Reports an error that a statement, a body or a declaration caught, unless it follows from one reported before.
     */
    void report(ParserRuleContext rule, RecognitionException error) {
        Token found = error.getOffendingToken();
        Token start = rule.getStart();
        Token from = boundaries.followsOnLine(start) ? boundaries.before(start) : start;
        boolean known = scan.isDamaged(from, found);
        if (rule instanceof TernParser.StatementContext && from != start) {
            scan.damage(from);
        }
        if (!known) {
            report.add(switch (rule) {
                case TernParser.BodyContext body -> unclosedBody(body, found);
                case TernParser.DeclarationContext declaration -> headers.describe(declaration, found);
                default -> statements.describe(start, found);
            });
        }
    }

    /** Reports a declaration in the body of another. */
    void nestedDeclaration(Token keyword, Token outer) {
        report.add(error(Words.of(keyword) + " inside of a " + outer.getText(), scan.span(keyword), "")
                .alsoAt(scan.span(outer), "inside of this").help("blocks and models stand beside each other"));
    }

    /** Reports a token that stands where a statement should begin. */
    void betweenStatements(Token found) {
        Token previous = boundaries.before(found);
        boolean known = scan.isDamaged(previous, found);
        if (boundaries.followsOnLine(found)) {
            scan.damage(previous);
        }
        if (known) {
            return;
        }
        report.add(switch (found.getType()) {
            case TernParser.RPAREN, TernParser.RBRACKET ->
                error(Words.of(found) + " closes nothing", scan.span(found), "nothing is open here");
            default -> ends.afterStatement(previous, found);
        });
    }

    /** Reports that the value of a statement is missing, in whose place the name of the next statement was read. */
    void swallowed(Token name) {
        Token previous = boundaries.before(name);
        if (!scan.isDamaged(previous, previous)) {
            scan.damage(previous);
            report.add(statements.swallowed(previous, name));
        }
    }

    /** Reports a token that stands outside of every model and block. */
    void betweenDeclarations(Token found) {
        if (scan.isDamaged(found, found)) {
            return;
        }
        boolean binding = TokenKinds.isName(found) && boundaries.after(found, 1).getType() == TernParser.ASSIGN;
        boolean closer = found.getType() == TernParser.RBRACE;
        if (binding || closer) {
            report.add(error(
                    closer ? "`}` closes nothing" : Words.of(found) + " stands outside of every model and block",
                    scan.span(found), closer ? "nothing is open here" : "expected `model` or `block`")
                    .help("is there a `}` too many above?"));
        } else {
            Diagnostic unexpected = error("expected `model` or `block`, found " + Words.of(found), scan.span(found),
                    "");
            report.add(found.getType() == TernParser.SLASH
                    ? unexpected.help(StatementEnds.COMMENT)
                    : unexpected.help("a file holds declarations: "
                            + "`model Name(input: f32[28, 28, 1]) -> (output: f32[10]) { ... }`"));
        }
    }

    /** Reports a misspelt {@code model} or {@code block} before a name, and takes it for what was meant. */
    boolean mendKeyword(Token word, Token name) {
        if (word.getType() != TernParser.NAME || !TokenKinds.isName(name)) {
            return false;
        }
        Optional<String> meant = NearestNames.similar(word.getText(), DECLARATION_WORDS).stream().findFirst();
        if (meant.isEmpty()) {
            return false;
        }
        report.add(error("expected `model` or `block`, found " + Words.of(word), scan.span(word), "")
                .help("did you mean `" + meant.get() + "`?"));
        ((WritableToken) word).setType(meant.get().equals("model") ? TernParser.MODEL : TernParser.BLOCK);
        return true;
    }

    private Diagnostic unclosedBody(TernParser.BodyContext body, Token found) {
        Token brace = body.getStart();
        if (brace.getType() != TernParser.LBRACE) {
            return headers.noBody(found);
        }
        return error("`{` is not closed", scan.after(boundaries.before(found)),
                "expected `}` before " + Words.of(found)).alsoAt(scan.span(brace), "opened here");
    }

    static Diagnostic error(String message, SourceSpan span, String label) {
        return Diagnostic.error(DiagnosticCode.SYNTAX_ERROR, message, span, label);
    }
}
