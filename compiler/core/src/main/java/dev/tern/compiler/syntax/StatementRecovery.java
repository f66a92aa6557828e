package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.grammar.TernParser;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;

/**
 * Goes on after an error where the next statement begins, and reports one error for each stretch that it skips.
 * ANTLR's own strategy inserts and deletes single tokens, which invents errors that nobody made.
 */
final class StatementRecovery extends DefaultErrorStrategy {
    private final Boundaries boundaries;
    private final SyntaxErrors errors;

    StatementRecovery(TokenScan scan, Diagnostics diagnostics) {
        this.boundaries = new Boundaries(scan.tokens());
        this.errors = new SyntaxErrors(scan, boundaries, diagnostics);
    }

    /** Between statements and between declarations, skips what begins neither; elsewhere lets the rules fail. */
    @Override
    public void sync(Parser parser) {
        switch (parser.getContext()) {
            case TernParser.BodyContext body when body.LBRACE() != null -> syncBody(parser);
            case TernParser.FileContext file -> syncFile(parser);
            default -> {
                // The rule itself says what it expected.
            }
        }
    }

    private void syncBody(Parser parser) {
        TokenStream input = parser.getInputStream();
        if (boundaries.startsDeclaration(input.LT(1))) {
            throw new InputMismatchException(parser);
        }
        if (!boundaries.mayStartStatement(input.LT(1))) {
            errors.betweenStatements(parser.getContext().getStart(), input.LT(1));
            skipToStatement(input);
            syncBody(parser);
        }
    }

    private void syncFile(Parser parser) {
        TokenStream input = parser.getInputStream();
        int type = input.LA(1);
        if (type == TernParser.MODEL || type == TernParser.BLOCK || type == Token.EOF) {
            return;
        }
        if (!errors.mendKeyword(input.LT(1), input.LT(2))) {
            errors.betweenDeclarations(input.LT(1));
            skipToDeclaration(input);
        }
    }

    /** A header whose arrow alone is missing is read on as if it were there; everything else fails the statement. */
    @Override
    public Token recoverInline(Parser parser) {
        InputMismatchException mismatch = new InputMismatchException(parser);
        boolean arrowMissing = parser.getContext() instanceof TernParser.DeclarationContext
                && mismatch.getExpectedTokens().contains(TernParser.ARROW) && parser.getInputStream()
                        .LA(1) == TernParser.LPAREN;
        if (arrowMissing) {
            errors.report(parser.getContext(), mismatch);
            return getMissingSymbol(parser);
        }
        throw mismatch;
    }

    @Override
    public void reportError(Parser parser, RecognitionException error) {
        errors.report(parser.getContext(), error);
    }

    @Override
    public void recover(Parser parser, RecognitionException error) {
        TokenStream input = parser.getInputStream();
        switch (parser.getContext()) {
            case TernParser.StatementContext statement -> {
                seekToSwallowedBinding(input, statement);
                if (input.index() == statement.getStart().getTokenIndex()) {
                    input.consume();
                }
                skipToStatement(input);
            }
            case TernParser.DeclarationContext declaration -> {
                if (input.index() == declaration.getStart().getTokenIndex()) {
                    input.consume();
                }
                skipToDeclaration(input);
            }
            default -> {
                // An unclosed body ends where the parser stands.
            }
        }
    }

    /**
     * In {@code x =} followed by a line {@code y = 3}, the y was read as the value of x, and the error found at the
     * second {@code =}: goes back, so that only x is lost.
     */
    private void seekToSwallowedBinding(TokenStream input, ParserRuleContext statement) {
        Token name = input.LT(-1);
        if (name != null && name.getTokenIndex() > statement.getStart().getTokenIndex()
                && boundaries.startsStatement(name)) {
            input.seek(name.getTokenIndex());
        }
    }

    private void skipToStatement(TokenStream input) {
        int braces = 0;
        while (input.LA(1) != Token.EOF && !boundaries.startsDeclaration(input.LT(1))) {
            if (input.LA(1) == TernParser.LBRACE) {
                braces++;
            } else if (input.LA(1) == TernParser.RBRACE) {
                if (braces == 0) {
                    return;
                }
                braces--;
            } else if (boundaries.startsStatement(input.LT(1))) {
                return;
            }
            input.consume();
        }
    }

    private void skipToDeclaration(TokenStream input) {
        while (input.LA(1) != Token.EOF && !boundaries.startsDeclaration(input.LT(1))) {
            input.consume();
        }
    }
}
