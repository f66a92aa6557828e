package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.grammar.TernParser;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ANTLRErrorStrategy;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Reads Tern text into a syntax tree. */
public final class SyntaxReader {
    /** Longest text read, in {@code char}s: some twenty thousand lines, where a model is a page. */
    public static final int MAX_TEXT = 1 << 20;

    private SyntaxReader() {
    }

    /**
     * Reads a text. Every error is reported with its place; what could be read is in the tree, so that the rest of
     * the text can be checked too. Statements with an error in them are left out.
     *
     * @param diagnostics receives codes T0002 to T0007
     * @return the tree, with no declarations if the text is too long or nested too deep to be looked at
     */
    public static SyntaxTree read(SourceFile source, Diagnostics diagnostics) {
        return readTokensAndTree(source, diagnostics).tree();
    }

    /**
     * A text that was read.
     *
     * @param sound whether nothing is wrong with it
     * @param tokens the tree's tokens, with the comments between them; null if the text is not sound
     */
    record Reading(SyntaxTree tree, boolean sound, TokenScan tokens) {
    }

    static Reading readTokensAndTree(SourceFile source, Diagnostics diagnostics) {
        SyntaxTree empty = new SyntaxTree(source, List.of());
        if (source.text().length() > MAX_TEXT) {
            diagnostics.add(tooLarge(source.name(), source.text().length()));
            return new Reading(empty, false, null);
        }
        SyntaxReport report = new SyntaxReport();
        Optional<TokenScan> scan = TokenScan.of(source, report);
        SyntaxTree tree = scan.map(tokens -> new TreeBuilder(tokens, report).file(parse(tokens, report)))
                .orElse(empty);
        report.handTo(diagnostics);
        return new Reading(tree, report.count() == 0, scan.orElse(null));
    }

    /** The diagnostic for a text of more than {@link #MAX_TEXT}. */
    static Diagnostic tooLarge(String name, long length) {
        return Diagnostic
                .error(DiagnosticCode.FILE_TOO_LARGE, "a Tern file is too large", new FilePosition(name, -1, ""),
                        String.format("%,d characters, the limit is %,d", length, MAX_TEXT))
                .help("is this a Tern file? Trained numbers belong in a parameters file");
    }

    /**
     * Almost every text is right and needs no look at the full context: the first parse is the fast one and gives up
     * at the first doubt, the second is exact and reports.
     */
    private static TernParser.FileContext parse(TokenScan scan, SyntaxReport report) {
        try {
            return parser(scan, PredictionMode.SLL, new BailErrorStrategy()).file();
        } catch (ParseCancellationException doubtful) {
            return parser(scan, PredictionMode.LL, new StatementRecovery(scan, report)).file();
        }
    }

    private static TernParser parser(TokenScan scan, PredictionMode mode, ANTLRErrorStrategy strategy) {
        List<Token> tokens = scan.tokens();
        TernParser parser = new TernParser(new CommonTokenStream(new ListTokenSource(tokens)));
        parser.removeErrorListeners();
        parser.getInterpreter().setPredictionMode(mode);
        parser.setErrorHandler(strategy);
        return parser;
    }
}
