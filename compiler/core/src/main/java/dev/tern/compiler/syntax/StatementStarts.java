package dev.tern.compiler.syntax;

import static dev.tern.compiler.syntax.SyntaxErrors.error;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.grammar.TernParser;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Messages for statements that go wrong in their first words. */
final class StatementStarts {
    private static final List<String> WORDS = List.of("parameters", "default", "budget", "labels");

    private final TokenScan scan;
    private final Boundaries boundaries;

    StatementStarts(TokenScan scan, Boundaries boundaries) {
        this.scan = scan;
        this.boundaries = boundaries;
    }

    /** The message where the first token can begin a statement and the second cannot follow it. */
    Diagnostic secondToken(Token start, Token found) {
        Optional<String> meant = start.getType() == TernParser.NAME
                && (TokenKinds.isName(found) || found.getType() == TernParser.STRING)
                        ? NearestNames.similar(start.getText(), WORDS).stream().findFirst()
                        : Optional.empty();
        if (meant.isPresent()) {
            return error("unknown statement " + Words.of(start), scan.span(start), "")
                    .help("did you mean `" + meant.get() + "`?");
        }
        return switch (start.getType()) {
            case TernParser.PARAMETERS -> error("expected the name of a file, found " + Words.of(found), boundaries
                    .place(found),
                    "expected a string").help("the statement is written `parameters \"model.safetensors\"`");
            case TernParser.DEFAULT -> error("expected a scheme, found " + Words.of(found), boundaries.place(found), "")
                    .help("the statement is written `default weights: ternary(twn), activations: dynamic(4)`");
            case TernParser.BUDGET -> error("expected a limit, found " + Words.of(found), boundaries.place(found), "")
                    .help("the statement is written `budget flash: 40 KiB, ram: 24 KiB`");
            case TernParser.LABELS -> labels(found);
            default -> notBound(start, found);
        };
    }

    private Diagnostic notBound(Token name, Token found) {
        Diagnostic diagnostic = error("expected `=` after " + Words.of(name) + ", found " + Words.of(found),
                boundaries.place(found), "expected `=`");
        return switch (found.getType()) {
            case TernParser.LPAREN, TernParser.PIPE -> diagnostic
                    .help("a result is bound to a name: `y = " + Words.shorten(name.getText())
                            + (found.getType() == TernParser.PIPE ? " |> ...`" : "(...)`"));
            case TernParser.COLON -> diagnostic.help("a binding is written `" + Words.shorten(name.getText())
                    + " = ...`");
            case TernParser.EQUAL -> diagnostic.help("`==` compares; a binding is written with one `=`");
            default -> switch (name.getText()) {
                case "return" -> diagnostic.help("a model gives what is bound to the names of its outputs: `y = ...`");
                case "for", "while" -> diagnostic.help("`repeat(n, f)` applies a function n times");
                case "def", "class", "import", "from" -> diagnostic
                        .help("parts to be used more than once are blocks, beside the model: "
                                + "`block Name(x: f32[c]) -> (y: f32[c]) { ... }`");
                default -> word(diagnostic, found);
            };
        };
    }

    private Diagnostic word(Diagnostic diagnostic, Token found) {
        return TokenKinds.isName(found) && boundaries.after(found, 1).getType() == TernParser.ASSIGN
                ? diagnostic.help("a binding is written `" + Words.shorten(found.getText())
                        + " = ...`, with no word before the name")
                : diagnostic;
    }

    /** Whether an error after the token is one of a statement's first words. */
    static boolean isWord(Token start, Token previous) {
        return switch (start.getType()) {
            case TernParser.LABELS -> true;
            case TernParser.DEFAULT, TernParser.BUDGET ->
                previous.getType() == TernParser.COMMA || TokenKinds.isName(previous);
            default -> false;
        };
    }

    /** An error after the first words of {@code default}, {@code budget} or {@code labels}. */
    Diagnostic afterWord(Token start, Token previous, Token found) {
        if (start.getType() == TernParser.LABELS) {
            return labels(found);
        }
        String example = start.getType() == TernParser.DEFAULT ? "weights: binary" : "flash: 40 KiB";
        if (previous.getType() == TernParser.COMMA) {
            return error("expected a name and `:`, found " + Words.of(found), boundaries.place(found), "").help(
                    "for instance `"
                            + example + "`");
        }
        return error("expected `:` after " + Words.of(previous) + ", found " + Words.of(found), boundaries.place(found),
                "expected `:`").help("for instance `" + start.getText() + " " + example + "`");
    }

    private Diagnostic labels(Token found) {
        return error("expected the labels of an output, found " + Words.of(found), boundaries.place(found), "").help(
                "labels are written `labels scores: \"zero\", \"one\"`, or `labels scores \"labels.txt\"` "
                        + "with a line for each");
    }
}
