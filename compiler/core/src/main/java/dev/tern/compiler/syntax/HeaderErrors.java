package dev.tern.compiler.syntax;

import static dev.tern.compiler.syntax.SyntaxErrors.error;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.grammar.TernParser;
import org.antlr.v4.runtime.Token;

/** Messages for errors between {@code model} or {@code block} and the body. */
final class HeaderErrors {
    private final TokenScan scan;
    private final Boundaries boundaries;

    HeaderErrors(TokenScan scan, Boundaries boundaries) {
        this.scan = scan;
        this.boundaries = boundaries;
    }

    Diagnostic describe(TernParser.DeclarationContext declaration, Token found) {
        Token previous = boundaries.before(found);
        Token keyword = declaration.getStart();
        if (previous == keyword) {
            return error("expected the name of the " + keyword.getText() + ", found " + Words.of(found), boundaries
                    .place(found),
                    "expected a name");
        }
        if (TokenKinds.isReserved(found)) {
            return error("expected a name, found the reserved word " + Words.of(found), scan.span(found), "")
                    .help("`if`, `as`, `and`, `or`, `not`, `true` and `false` cannot be names");
        }
        if (declaration.RPAREN().isEmpty()) {
            return inList(declaration.LPAREN().isEmpty() ? null : declaration.LPAREN(0).getSymbol(), previous, found,
                    "inputs");
        }
        if (declaration.ARROW() == null && found.getType() == TernParser.ASSIGN) {
            return error("expected `->`, found `=`", scan.span(found), "expected `->`")
                    .help("outputs follow the inputs after `->`");
        }
        if (declaration.ARROW() == null) {
            return error("the outputs are missing", boundaries.place(found), "expected `->`")
                    .help("outputs follow the inputs: `" + keyword.getText()
                            + " Name(x: f32[4]) -> (y: f32[2]) { ... }`");
        }
        return inList(declaration.LPAREN().size() < 2 ? null : declaration.LPAREN(1).getSymbol(), previous, found,
                "outputs");
    }

    Diagnostic noBody(Token found) {
        return error("expected `{` and the statements, found " + Words.of(found), boundaries.place(found),
                "expected `{`");
    }

    private Diagnostic inList(Token bracket, Token previous, Token found, String what) {
        if (bracket == null) {
            return error("expected `(` and the " + what + ", found " + Words.of(found), boundaries.place(found),
                    "expected `(`")
                    .help("they are written in parentheses, with their types: `(x: f32[28, 28, 1])`");
        }
        boolean ends = found.getType() == TernParser.ARROW || found.getType() == TernParser.LBRACE
                || found.getType() == TernParser.RBRACE || found.getType() == Token.EOF
                || boundaries.startsDeclaration(found);
        if (ends) {
            return error("`(` is not closed", scan.after(previous), "expected `)` before " + Words.of(found))
                    .alsoAt(scan.span(bracket), "opened here");
        }
        boolean typeAlone = found.getType() == TernParser.LBRACKET && TokenKinds.isName(previous)
                && !isAfterColon(previous);
        if (typeAlone) {
            return error("expected a name and `:` before the type", scan.span(previous), "")
                    .help("the " + what + " have names: `(y: " + Words.shorten(previous.getText()) + "[...])`");
        }
        if (TokenKinds.isName(previous) && !isAfterColon(previous)) {
            return error("expected `:` and a type after " + Words.of(previous) + ", found " + Words.of(found),
                    boundaries.place(found), "expected `:`")
                    .help("for instance `" + Words.shorten(previous.getText()) + ": f32[28, 28, 1]`");
        }
        return switch (previous.getType()) {
            case TernParser.LPAREN, TernParser.COMMA ->
                error("expected a name, found " + Words.of(found), boundaries.place(found), "")
                        .help("the " + what + " have names and types: `(x: f32[28, 28, 1])`");
            case TernParser.COLON -> error("expected a type, found " + Words.of(found), boundaries.place(found), "")
                    .help("a type is written `f32[28, 28, 1]`, `u8[h, w, c]`, `step[100]` or `int`");
            default -> afterType(previous, found, boundaries.openBrackets(bracket, found).peek());
        };
    }

    private Diagnostic afterType(Token previous, Token found, Token open) {
        if (TokenKinds.isCloser(found)) {
            return error(Words.of(open) + " is not closed", scan.after(previous),
                    "expected " + TokenKinds.closing(open) + " before " + Words.of(found))
                    .alsoAt(scan.span(open), "opened here");
        }
        Diagnostic diagnostic = error("expected `,` or " + TokenKinds.closing(open) + " after " + Words.of(previous)
                + ", found " + Words.of(found), boundaries.place(found), "");
        return found.getType() == TernParser.LPAREN
                ? diagnostic.help("dimensions stand in brackets: `f32[28, 28, 1]`")
                : diagnostic;
    }

    private boolean isAfterColon(Token name) {
        Token before = boundaries.before(name);
        return before != null && before.getType() != TernParser.LPAREN && before.getType() != TernParser.COMMA;
    }
}
