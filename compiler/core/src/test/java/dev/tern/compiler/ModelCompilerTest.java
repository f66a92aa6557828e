package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCompilerTest {
    private static final String TEXT = """
            model Net(x: f32[4]) -> (y: f32[4]) {
                budget ram: 1 KiB
                y = x |> relu |> softmax
            }
            """;

    @TempDir
    Path folder;

    private final List<DiagnosticCode> heard = new ArrayList<>();

    private final ModelCompiler compiler = Tern.compiler()
            .onDiagnostic(diagnostic -> heard.add(diagnostic.code()));

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("net.tern"), TEXT);
    }

    @Test
    void compilesAsTernDoes() {
        float[] input = {-1, 0.5f, 2, 0};

        assertThat(compiler.compile(file).newSession().run(input))
                .containsExactly(Tern.compile(file).newSession().run(input));
        assertThat(heard).isEmpty();
    }

    @Test
    void takesATarget() {
        assertThat(compiler.target(Target.PORTABLE).compile(file).signature().variant()).isEqualTo("portable");
        assertThat(compiler.target(Target.vector(256)).compilation(file).program().target())
                .isEqualTo(Target.vector(256));
    }

    @Test
    void keepsAnotherBudgetThanTheOneWritten() throws IOException {
        Files.writeString(file, TEXT.replace("1 KiB", "8 B"));
        assertThatThrownBy(() -> compiler.compile(file)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("net.tern:2:");

        assertThat(compiler.ram(0).compile(file).signature().model()).isEqualTo("Net");
        assertThatThrownBy(() -> compiler.ram(4).compile(file)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("4 bytes").hasMessageNotContaining("net.tern:2:");
        assertThatIllegalArgumentException().isThrownBy(() -> compiler.flash(-1));
    }

    @Test
    void tellsOfWarningsAndOfErrors() throws IOException {
        Files.writeString(folder.resolve("net.tuning"), "{");
        compiler.compile(file);
        assertThat(heard).containsExactly(DiagnosticCode.TUNING_MALFORMED);

        heard.clear();
        compiler.untuned().compile(file);
        assertThat(heard).isEmpty();

        Files.writeString(file, TEXT.replace("relu", "rellu"));
        assertThatThrownBy(() -> compiler.compile(file)).isInstanceOf(CompilationFailedException.class);
        assertThat(heard).containsExactly(DiagnosticCode.UNKNOWN_OP);
    }

    @Test
    void checksWithoutThrowing() throws IOException {
        assertThat(compiler.check(file)).isEmpty();

        Files.writeString(file, TEXT.replace("softmax", "softmax |> dense(2)"));
        List<Diagnostic> found = compiler.check(file);
        assertThat(found).isNotEmpty();
        assertThat(heard).containsExactlyElementsOf(found.stream().map(Diagnostic::code).toList());
        assertThat(compiler.check(folder.resolve("none.tern"))).extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.UNREADABLE_FILE);
    }
}
