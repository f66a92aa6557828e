package dev.tern.compiler.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The driver over programs that are texts: well-formed while they have no question mark. */
class PassPipelineTest {
    private static final Representation<String> TEXTS = new Representation<>() {
        @Override
        public List<String> verify(String text) {
            return text.contains("?") ? List.of("a question mark") : List.of();
        }

        @Override
        public String print(String text) {
            return "<" + text + ">";
        }

        @Override
        public String markChanges(String before, String after, String pass) {
            return after + "." + pass;
        }
    };

    private final List<String> seen = new ArrayList<>();
    private final PassObserver<String> observer = new PassObserver<>() {
        @Override
        public void after(Pass<String> pass, String text, boolean changed) {
            seen.add(pass.name() + (changed ? " -> " : " == ") + text);
        }

        @Override
        public void unstable(String passes, int rounds) {
            seen.add(passes + " unstable after " + rounds);
        }
    };

    private record TextPass(String name, UnaryOperator<String> function) implements Pass<String> {
        @Override
        public String summary() {
            return "a test";
        }

        @Override
        public String apply(String text, Diagnostics diagnostics) {
            return function.apply(text);
        }
    }

    @Test
    void runsPassesInOrderAndMarksChanges() {
        PassPipeline<String> pipeline = PassPipeline.over(TEXTS).then(new TextPass("Add", t -> t + "a"))
                .then(new TextPass("Keep", t -> t)).then(new TextPass("Lower", String::toLowerCase));
        assertThat(pipeline.run("X", new Diagnostics(), observer)).isEqualTo("xa.add.Lower");
        assertThat(seen).containsExactly("Add -> Xa.Add", "Keep == Xa.Add", "Lower -> xa.add.Lower");
        assertThat(pipeline.passes()).extracting(Pass::name).containsExactly("Add", "Keep", "Lower");
    }

    @Test
    void repeatsUntilARoundChangesNothing() {
        PassPipeline<String> pipeline = PassPipeline.over(TEXTS).untilStable(9,
                List.of(new TextPass("Grow", t -> t.length() < 8 ? t + "a" : t)));
        assertThat(pipeline.run("", new Diagnostics(), observer)).isEqualTo("a.Growa.Grow");
        assertThat(seen).hasSize(3).last().isEqualTo("Grow == a.Growa.Grow");
    }

    @Test
    void tellsTheObserverWhereALoopIsCutShort() {
        PassPipeline<String> pipeline = PassPipeline.over(TEXTS).untilStable(2,
                List.of(new TextPass("Grow", t -> t + "a")));
        pipeline.run("", new Diagnostics(), observer);
        assertThat(seen).last().isEqualTo("Grow unstable after 2");
    }

    @Test
    void namesThePassThatBreaksTheRules() {
        PassPipeline<String> pipeline = PassPipeline.over(TEXTS).then(new TextPass("Spoil", t -> t + "?"));
        assertThatThrownBy(() -> pipeline.run("x", new Diagnostics(), observer))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("Spoil breaks the rules")
                .hasMessageContaining("a question mark").hasMessageContaining("<x?.Spoil>");
    }

    @Test
    void endsAfterThePassThatFoundAnError() {
        PassPipeline<String> pipeline = PassPipeline.over(TEXTS).then(new Pass<>() {
            @Override
            public String name() {
                return "Complain";
            }

            @Override
            public String summary() {
                return "a test";
            }

            @Override
            public String apply(String text, Diagnostics diagnostics) {
                diagnostics.add(Diagnostic.error(DiagnosticCode.NOT_LOWERED, "no", new FilePosition("x", -1, ""), ""));
                return text;
            }
        }).then(new TextPass("Never", t -> t));
        assertThatThrownBy(() -> pipeline.run("x", new Diagnostics(), observer))
                .isInstanceOf(CompilationFailedException.class).hasMessageContaining("T0901");
        assertThat(seen).isEmpty();
    }
}
