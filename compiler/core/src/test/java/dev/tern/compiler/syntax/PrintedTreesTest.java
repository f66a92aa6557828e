package dev.tern.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.grammar.TernLexer;
import dev.tern.grammar.TernParser;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Arbitraries;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.misc.Interval;

/** Over random trees: what is printed reads back as the same tree, is printed the same again, and keeps comments. */
class PrintedTreesTest {
    @Provide
    Arbitrary<SyntaxTree> trees() {
        return Arbitraries.randomValue(random -> new RandomTrees(random).tree());
    }

    private static SyntaxTree read(String text) {
        Diagnostics diagnostics = new Diagnostics();
        SyntaxTree tree = SyntaxReader.read(new SourceFile("a.tern", text), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).as(text).isEmpty();
        return tree;
    }

    @Property(tries = 200)
    void printedTreesReadBack(@ForAll("trees") SyntaxTree tree) {
        String text = Formatter.print(tree, Catalogue::startsLayer);
        assertThat(TreeText.of(read(text))).as(text).isEqualTo(TreeText.of(tree));
        assertThat(FormatterTest.format(text)).isEqualTo(text);
    }

    /** No text has two readings. */
    @Property(tries = 40)
    void printedTreesHaveOneReading(@ForAll("trees") SyntaxTree tree) {
        String text = Formatter.print(tree, Catalogue::startsLayer);
        TernParser parser = new TernParser(new CommonTokenStream(new TernLexer(CharStreams.fromString(text))));
        parser.removeErrorListeners();
        parser.addErrorListener(new BaseErrorListener() {
            @Override
            public void reportAmbiguity(Parser recognizer, DFA dfa, int start, int stop, boolean exact,
                    BitSet alternatives, ATNConfigSet configurations) {
                fail("two readings of " + recognizer.getTokenStream().getText(Interval.of(start, stop)));
            }
        });
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.file();
        assertThat(parser.getNumberOfSyntaxErrors()).isZero();
    }

    /** Blanks, line breaks, commas and comments thrown between the tokens of a text. */
    @Property(tries = 200)
    void commentsAnywhereSurvive(@ForAll("trees") SyntaxTree tree, @ForAll Random random) {
        String text = scatter(Formatter.print(tree, Catalogue::startsLayer), random);
        String formatted = FormatterTest.format(text);
        FormatterTest.assertFaithful(text, formatted);
    }

    private static String scatter(String text, Random random) {
        StringBuilder scattered = new StringBuilder();
        List<? extends Token> tokens = new TernLexer(CharStreams.fromString(text)).getAllTokens();
        int comments = 0;
        for (Token token : tokens) {
            if (token.getChannel() != Token.DEFAULT_CHANNEL) {
                scattered.append('\n').append(token.getText()).append('\n');
                continue;
            }
            scattered.append(token.getText());
            switch (random.nextInt(12)) {
                case 0 -> scattered.append(" // c").append(comments++).append('\n');
                case 1 -> scattered.append("\n// own").append(comments++).append("\n\n");
                case 2 -> scattered.append(" /// d").append(comments++).append("\n  // and").append(comments++)
                        .append('\n');
                case 3 -> scattered.append("\r\n\t");
                case 4 -> scattered.append("\n\n\n");
                default -> scattered.append(' ');
            }
        }
        return scattered.toString();
    }
}
