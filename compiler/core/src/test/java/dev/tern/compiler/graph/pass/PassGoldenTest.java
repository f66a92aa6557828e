package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.testing.PassCases;
import java.io.IOException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that show what each pass does in the standard list, and what it leaves. */
class PassGoldenTest {
    private static final PassCases<Graph> CASES = new PassCases<>(GraphPasses.class, GraphPasses.standard(),
            Function.identity(), GraphInterpreter::run);

    static Stream<PassCases.Case> cases() {
        return CASES.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesWhatItsFileShows(PassCases.Case one) throws IOException {
        CASES.check(one);
    }
}
