package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.WritableToken;

/**
 * The tokens of a text, comments among them, checked for what a parser would stumble over: characters that are
 * not Tern's, strings without an end, numbers grown together with names, and nesting.
 *
 * @param source the text
 * @param tokens all tokens that the parser may see, and comments on the hidden channel; ends with EOF
 * @param damaged offsets of what was reported and left out or mended: an error of the parser near one of them says
 *        nothing new
 */
record TokenScan(SourceFile source, List<Token> tokens, TreeSet<Integer> damaged) {
    /** Brackets and operators that may be open at once; what reads the tree may then recurse. */
    static final int MAX_DEPTH = 256;
    /** Names become names in class files, several to one. */
    static final int MAX_NAME = 255;

    /** Words, numbers and signs in one text; ANTLR's trees take about a kilobyte for each. */
    static final int MAX_TOKENS = 250_000;

    /** Empty if the text is not worth parsing; that is reported. */
    static Optional<TokenScan> of(SourceFile source, SyntaxReport report) {
        int nul = source.text().indexOf('\0');
        if (nul >= 0) {
            report.add(Diagnostic
                    .error(DiagnosticCode.BAD_CHARACTER, "this is not a text", new SourceSpan(source, nul, nul + 1),
                            "a NUL byte")
                    .help("a Tern file is UTF-8 text"));
            return Optional.empty();
        }
        TernLexer lexer = new TernLexer(new TextStream(source.name(), source.text()));
        lexer.removeErrorListeners();
        TokenScan scan = new TokenScan(source, new ArrayList<>(), new TreeSet<>());
        DepthLimit depth = new DepthLimit();
        BadCharacters bad = new BadCharacters(source, report);
        Token previous = null;
        Token token;
        do {
            token = lexer.nextToken();
            if (token.getType() == TernLexer.UNKNOWN) {
                scan.damaged.add(token.getStartIndex());
                int end = bad.add(token.getStartIndex());
                lexer.getInputStream().seek(end);
                if (bad.isString()) {
                    previous = scan.string(token, end);
                }
                if (bad.tooMany()) {
                    return Optional.empty();
                }
                continue;
            }
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                if (!depth.accepts(token)) {
                    report.add(Diagnostic
                            .error(DiagnosticCode.NESTED_TOO_DEEP, "nested too deep", scan.span(token),
                                    "more than " + MAX_DEPTH + " brackets and operators are open here")
                            .help("give a name to a part of it: `part = ...`"));
                    return Optional.empty();
                }
                scan.check(previous, token, report);
                previous = token;
            }
            if (scan.tokens.size() > MAX_TOKENS) {
                report.add(Diagnostic.error(DiagnosticCode.FILE_TOO_LARGE, "a Tern file is too large",
                        scan.span(token), String.format("more than %,d words and signs", MAX_TOKENS)));
                return Optional.empty();
            }
            ((WritableToken) token).setTokenIndex(scan.tokens.size());
            scan.tokens.add(token);
        } while (token.getType() != Token.EOF);
        bad.finish();
        return Optional.of(scan);
    }

    /** Text in quotes of other languages is read as a string, so that what follows is read as well. */
    private Token string(Token opening, int end) {
        WritableToken string = new CommonToken(opening);
        string.setType(TernLexer.STRING);
        ((CommonToken) string).setStopIndex(end - 1);
        string.setTokenIndex(tokens.size());
        tokens.add(string);
        return string;
    }

    SourceSpan span(Token token) {
        return span(token, token);
    }

    SourceSpan span(Token first, Token last) {
        return new SourceSpan(source, first.getStartIndex(), Math.max(first.getStartIndex(), last.getStopIndex() + 1));
    }

    /** The place just after a token, empty. */
    SourceSpan after(Token token) {
        int end = token.getStopIndex() + 1;
        return new SourceSpan(source, end, end);
    }

    /** The first token that starts at an offset or after it. */
    Token tokenAt(int offset) {
        int low = 0;
        int high = tokens.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tokens.get(middle).getStartIndex() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return tokens.get(low);
    }

    /** The token after this one, comments left out. */
    Optional<Token> next(Token token) {
        return tokens.subList(token.getTokenIndex() + 1, tokens.size()).stream()
                .filter(other -> other.getChannel() == Token.DEFAULT_CHANNEL).findFirst();
    }

    /** Whether only blanks stand before the token on its line. */
    boolean isFirstOnLine(Token token) {
        int lineStart = token.getStartIndex() - token.getCharPositionInLine();
        return source.text().substring(lineStart, token.getStartIndex()).isBlank();
    }

    /** Whether something between the two tokens, ends included, was reported before the parser came to it. */
    boolean isDamaged(Token first, Token last) {
        Integer next = damaged.ceiling(first.getStartIndex());
        return next != null && next <= Math.max(last.getStartIndex(), last.getStopIndex());
    }

    /** Notes that what ends at the token was misread, which was reported. */
    void damage(Token token) {
        damaged.add(token.getStopIndex());
    }

    private void check(Token previous, Token token, SyntaxReport report) {
        if (token.getType() == TernLexer.OPEN_STRING) {
            damaged.add(token.getStartIndex());
            report.add(
                    Diagnostic.error(DiagnosticCode.SYNTAX_ERROR, "a string without an end", span(token), "starts here")
                            .help("a string ends with `\"` on the line it starts on; "
                                    + "a line break in it is written `\\n`"));
        }
        if (token.getType() == TernLexer.NAME && token.getText().length() > MAX_NAME) {
            damaged.add(token.getStartIndex());
            report.add(Diagnostic.error(DiagnosticCode.NAME_TOO_LONG, "a name is too long", span(token),
                    token.getText().length() + " letters, the limit is " + MAX_NAME));
        }
        boolean glued = previous != null && isNumber(previous) && token.getType() == TernLexer.NAME
                && previous.getStopIndex() + 1 == token.getStartIndex();
        if (glued) {
            damaged.add(token.getStartIndex());
            report.add(gluedNumber(previous, token));
        }
    }

    private Diagnostic gluedNumber(Token number, Token name) {
        String together = number.getText() + name.getText();
        Diagnostic diagnostic = Diagnostic.error(DiagnosticCode.SYNTAX_ERROR,
                "`" + Words.shorten(together) + "` is neither a number nor a name", span(number, name),
                "a number runs into a name");
        Optional<String> unit = Words.byteUnit(name.getText());
        if (unit.isPresent()) {
            return diagnostic.help(
                    "units of bytes are B, KiB, MiB, kB and MB: `" + number.getText() + " " + unit.get() + "`");
        }
        return name.getText().startsWith("x")
                ? diagnostic.help("a size is written `" + number.getText() + "x" + number.getText()
                        + "`, a product with a name `" + number.getText() + " * " + name.getText() + "`")
                : diagnostic.help("a product is written `" + number.getText() + " * " + name.getText() + "`");
    }

    private static boolean isNumber(Token token) {
        return switch (token.getType()) {
            case TernLexer.INTEGER, TernLexer.DECIMAL, TernLexer.SIZE -> true;
            default -> false;
        };
    }
}
