package dev.tern.grammar;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.misc.Interval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No text of the corpus has two readings: the parser looks for a second one to the end and finds none. */
class AmbiguityTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));
    private static final List<String> FOLDERS = List.of("grammar/src/test/resources/corpus/accepted",
            "compiler/core/src/test/resources/examples", "compiler/core/src/test/resources/formatter");

    static List<Path> accepted() throws IOException {
        List<Path> texts = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".tern")).sorted().forEach(texts::add);
            }
        }
        return texts;
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Path file) throws IOException {
        TernLexer lexer = new TernLexer(CharStreams.fromPath(file));
        TernParser parser = new TernParser(new CommonTokenStream(lexer));
        for (Recognizer<?, ?> recognizer : List.of(lexer, parser)) {
            recognizer.removeErrorListeners();
            recognizer.addErrorListener(new Strict(file));
        }
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.file();
    }

    private static final class Strict extends BaseErrorListener {
        private final Path file;

        Strict(Path file) {
            this.file = file;
        }

        @Override
        public void syntaxError(Recognizer<?, ?> recognizer, Object symbol, int line, int column, String message,
                RecognitionException error) {
            fail(file + ":" + line + ":" + column + ": " + message);
        }

        @Override
        public void reportAmbiguity(Parser parser, DFA dfa, int start, int stop, boolean exact, BitSet alternatives,
                ATNConfigSet configurations) {
            String rule = parser.getRuleNames()[dfa.atnStartState.ruleIndex];
            fail(file + ": rule " + rule + " reads `" + parser.getTokenStream().getText(
                    Interval.of(start, stop)) + "` as each of its alternatives " + alternatives);
        }
    }
}
