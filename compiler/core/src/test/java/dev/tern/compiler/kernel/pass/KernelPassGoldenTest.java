package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.PassCases;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models that show what each pass does in the standard list, and what it leaves. Products use popcount wherever they
 * can, so that small models show what large ones become. Models named so are compiled for vectors of 512 bits.
 */
class KernelPassGoldenTest {
    private static final PassCases<KernelProgram> CASES = new PassCases<>(KernelPasses.class,
            KernelPasses.standard(Choice.preferring(Family.POPCOUNT)),
            KernelPassGoldenTest::lowered, KernelInterpreter::run);

    private static KernelProgram lowered(Graph model) {
        Graph graph = GraphPasses.standard().run(model, new Diagnostics(), PassObserver.none());
        return Lower.lower(graph, model.name().endsWith("512") ? Target.vector(512) : Target.PORTABLE);
    }

    static Stream<PassCases.Case> cases() {
        return CASES.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesWhatItsFileShows(PassCases.Case one) throws IOException {
        CASES.check(one);
    }
}
