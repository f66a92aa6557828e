package dev.tern.compiler.syntax;

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

    StatementRecovery(TokenScan scan, SyntaxReport report) {
        this.boundaries = new Boundaries(scan);
        this.errors = new SyntaxErrors(scan, boundaries, report);
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
        if (boundaries.startsDeclaration(input.LT(1)) && isIndented(parser)) {
            errors.nestedDeclaration(input.LT(1), parser.getContext().getParent().getStart());
            skipDeclaration(input);
            syncBody(parser);
            return;
        }
        if (boundaries.startsDeclaration(input.LT(1))) {
            throw new InputMismatchException(parser);
        }
        if (!boundaries.mayStartStatement(input.LT(1))) {
            Token previous = input.LT(-1);
            if (input.LA(1) == TernParser.ASSIGN && boundaries.startsStatement(previous)) {
                errors.swallowed(previous);
                input.seek(previous.getTokenIndex());
                return;
            }
            errors.betweenStatements(input.LT(1));
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

    /** Only the rules that can go on speak; those below them pass the error up. */
    @Override
    public void reportError(Parser parser, RecognitionException error) {
        switch (parser.getContext()) {
            case TernParser.StatementContext statement -> errors.report(statement, error);
            case TernParser.BodyContext body -> errors.report(body, error);
            case TernParser.DeclarationContext declaration -> errors.report(declaration, error);
            default -> {
                // Reported further up.
            }
        }
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
            case TernParser.BodyContext body -> {
                // An unclosed body ends where the parser stands, one that never began at the next declaration.
                if (body.LBRACE() == null) {
                    skipToDeclaration(input);
                }
            }
            default -> throw error;
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

    /** Whether the next token stands further right than the declaration that is being read began. */
    private static boolean isIndented(Parser parser) {
        return parser.getInputStream().LT(1).getCharPositionInLine() > parser.getContext().getParent().getStart()
                .getCharPositionInLine();
    }

    /** Skips a declaration with its body. */
    private static void skipDeclaration(TokenStream input) {
        while (input.LA(1) != Token.EOF && input.LA(1) != TernParser.LBRACE) {
            input.consume();
        }
        int braces = 0;
        do {
            braces += input.LA(1) == TernParser.LBRACE ? 1 : input.LA(1) == TernParser.RBRACE ? -1 : 0;
            if (input.LA(1) != Token.EOF) {
                input.consume();
            }
        } while (braces > 0 && input.LA(1) != Token.EOF);
    }

    private void skipToDeclaration(TokenStream input) {
        while (input.LA(1) != Token.EOF && !boundaries.mayStartDeclaration(input.LT(1))) {
            input.consume();
        }
    }
}
