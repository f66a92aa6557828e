package dev.tern.compiler.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a measurement is used, and what is said when it is not. */
class TunedChoiceTest {
    private static final Machine HERE = new Machine("this processor", "this JVM");
    private static final ProductShape SHAPE = new ProductShape(1, 1, 1, 1, 256, 256, 1, false, 4, false,
            ProductShape.WeightSet.TERNARY);
    private static final List<Candidate> CANDIDATES = CostModel.candidates(SHAPE, Target.PORTABLE);
    private static final ProductSchedule LAST = CANDIDATES.getLast().schedule();
    private static final Path MODEL = Path.of("net.tern");

    private final Diagnostics diagnostics = new Diagnostics();

    private TunedChoice choice(Machine machine, String target, String schedule) {
        Tuning tuning = new Tuning(machine,
                Map.of(target, List.of(new Tuning.Entry("y.dense", SHAPE.toString(), schedule, 7, 8))));
        return TunedChoice.of(tuning, HERE, Target.PORTABLE, MODEL, diagnostics);
    }

    private Diagnostic only() {
        assertThat(diagnostics.list()).hasSize(1);
        assertThat(diagnostics.list().getFirst().code()).isEqualTo(DiagnosticCode.TUNING_UNUSED);
        assertThat(diagnostics.list().getFirst().help().getFirst()).startsWith("`tern tune net.tern");
        return diagnostics.list().getFirst();
    }

    @Test
    void takesWhatWasMeasured() {
        TunedChoice choice = choice(HERE, "portable", LAST.toString());
        assertThat(choice.of("y.dense", SHAPE, CANDIDATES)).isEqualTo(LAST);
        assertThat(choice.measured("y.dense", SHAPE).orElseThrow().measuredNanos()).isEqualTo(7);
        choice.report(MODEL, diagnostics);
        assertThat(diagnostics.list()).isEmpty();
    }

    @Test
    void anotherLayerOrShapeIsLeftToTheModel() {
        TunedChoice choice = choice(HERE, "portable", LAST.toString());
        assertThat(choice.of("z.dense", SHAPE, CANDIDATES)).isEqualTo(CANDIDATES.getFirst().schedule());
        choice.report(MODEL, diagnostics);
        assertThat(only().message()).isEqualTo("the tuning of a layer that has changed since is not used");
        assertThat(only().primary().text()).isEqualTo("not as measured: z.dense");
    }

    @Test
    void aScheduleThatIsNoCandidateIsLeftToTheModel() {
        TunedChoice choice = choice(HERE, "portable", "by magic");
        assertThat(choice.of("y.dense", SHAPE, CANDIDATES)).isEqualTo(CANDIDATES.getFirst().schedule());
        choice.report(MODEL, diagnostics);
        assertThat(only().primary().text()).isEqualTo("not as measured: y.dense (no schedule 'by magic')");
    }

    @Test
    void anotherMachineIsNotThis() {
        TunedChoice choice = choice(new Machine("that processor", "this JVM"), "portable", LAST.toString());
        assertThat(choice.of("y.dense", SHAPE, CANDIDATES)).isEqualTo(CANDIDATES.getFirst().schedule());
        choice.report(MODEL, diagnostics);
        assertThat(only().message()).isEqualTo("the tuning was measured on another processor and is not used");
        assertThat(only().primary().text()).isEqualTo("on that processor, this is this processor");
    }

    @Test
    void anotherJvmIsNotThis() {
        choice(new Machine("this processor", "that JVM"), "portable", LAST.toString());
        assertThat(only().message()).isEqualTo("the tuning was measured on another JVM and is not used");
    }

    @Test
    void anotherTargetIsNotThis() {
        choice(HERE, "vector 512", LAST.toString());
        assertThat(only().message()).isEqualTo("the tuning was measured for another target and is not used");
        assertThat(only().primary().text()).isEqualTo("for vector 512, this compiles for portable");
        assertThat(diagnostics.list().getFirst().help().getFirst())
                .startsWith("`tern tune net.tern --target portable` measures here");
    }

    @Test
    void withoutMeasurementsTheModelChooses() {
        TunedChoice choice = TunedChoice.untuned();
        assertThat(choice.of("y.dense", SHAPE, CANDIDATES)).isEqualTo(CANDIDATES.getFirst().schedule());
        choice.report(MODEL, diagnostics);
        assertThat(diagnostics.list()).isEmpty();
    }
}
