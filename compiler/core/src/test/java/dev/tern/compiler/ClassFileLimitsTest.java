package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.bytecode.ClassDefinition;
import dev.tern.compiler.bytecode.ClassEmitter;
import dev.tern.compiler.bytecode.ClassLimitException;
import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a class file cannot hold is refused with a place, and what it just holds is compiled. */
class ClassFileLimitsTest {
    @TempDir
    private Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("m.tern"), text);
    }

    @Test
    void longNames() throws IOException {
        String longest = "n".repeat(255);
        String text = "model %1$s(%2$s: f32[2]) -> (%3$s: f32[2]) {\n    %3$s = relu(%2$s)\n}\n";
        float[] result = Tern.compile(write(text.formatted(longest, "x".repeat(255), "y".repeat(255)))).newSession()
                .run(new float[]{-1, 2});
        assertThat(result).containsExactly(0, 2);
        Path file = write(text.formatted("n".repeat(70_000), "x", "y"));
        assertThatThrownBy(() -> Tern.compile(file)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("error[T0008]: a name is too long")
                .hasMessageContaining("70000 letters, the limit is 255");
    }

    @Test
    void longPaths() throws IOException {
        assertThat(Tern.compile(write(nested(14))).newSession().run(new float[]{-1, 2})).containsExactly(0, 2);
        Path file = write(nested(17));
        assertThatThrownBy(() -> Tern.compile(file)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("error[T0305]: the model is too large: the path of a layer has more than 4096"
                        + " letters");
    }

    /** Blocks in blocks, each of whose statements has a long name. */
    private static String nested(int depth) {
        StringBuilder text = new StringBuilder("block B0(x: f32[n]) -> (y: f32[n]) { y = relu(x) }\n");
        for (int i = 1; i <= depth; i++) {
            text.append("block B").append(i).append("(x: f32[n]) -> (y: f32[n]) { ").append("a".repeat(250))
                    .append(" = B").append(i - 1).append("(x)\n y = relu(").append("a".repeat(250)).append(") }\n");
        }
        return text + "model M(x: f32[2]) -> (y: f32[2]) { y = B" + depth + "(x) }\n";
    }

    @Test
    void classesOfTooManyConstants() {
        ClassType name = new ClassType("A");
        List<Value.Global> fields = IntStream.range(0, 70_000)
                .mapToObj(i -> new Value.Global("f" + i, ValueType.INT)).toList();
        ClassDefinition definition = new ClassDefinition(ClassDefinition.Visibility.PUBLIC, name, ClassType.OBJECT, 17,
                "a", fields, List.of(), List.of());
        assertThatThrownBy(() -> ClassEmitter.emit(definition)).isInstanceOfSatisfying(ClassLimitException.class,
                limit -> assertThat(limit.owner()).isEqualTo(name))
                .hasMessageMatching("would need [0-9]{5} constants, a class file holds 65535");
    }

    /** The same through a whole compilation, at the model's name. */
    @Test
    void modelsOfTooManyConstants() throws IOException {
        Path tooDeep = write(deep(2_000));
        ModelCompiler compiler = Tern.compiler().target(Target.PORTABLE);
        assertThatThrownBy(() -> compiler.compile(tooDeep)).isInstanceOf(CompilationFailedException.class)
                .hasMessageMatching(
                        "(?s)error\\[T0305]: the model is too large: its class would need [0-9]{5} constants,"
                                + " a class file holds 65535\n --> .*m\\.tern:1:7\n.*split it into models.*");
        assertThat(compiler.check(tooDeep)).extracting(Diagnostic::code).containsExactly(
                DiagnosticCode.MODEL_TOO_LARGE);
    }

    /**
     * The files of a small model where class files hold none of some classes.
     *
     * @param most the vector classes that the model's own class can choose from
     */
    private ModelFiles files(List<String> tooLong, int most) throws IOException {
        ClassName name = new ClassName("p", "M");
        return Compilation.of(write("model M(x: f32[64]) -> (y: f32[64]) { y = relu(x) }\n"), HostTarget.portable(""))
                .files(name, Target.VECTORS, (own, vectors, className) -> {
                    if (vectors.size() > most) {
                        throw new ClassLimitException(new ClassType("p/M"), "would need more");
                    }
                    ModelFiles files = ModelFiles.of(own, vectors, className);
                    files.byPath().keySet().stream().map(path -> path.replace(".class", ""))
                            .filter(tooLong::contains).findFirst().ifPresent(path -> {
                                throw new ClassLimitException(new ClassType(path), "would need more");
                            });
                    return files;
                });
    }

    /** The class that is too long is left out, whichever it is, and no other. */
    @Test
    void vectorCodeThatIsTooLongIsLeftOut() throws IOException {
        String weights = "p/M.weights";
        String plain = "p/M.class";
        String narrow = "p/M$Vector256";
        String wide = "p/M$Vector512";
        ModelFiles all = files(List.of(), 2);
        assertThat(all.byPath()).containsOnlyKeys(plain, narrow + ".class", wide + ".class", weights);
        assertThat(files(List.of(narrow), 2).byPath()).containsOnlyKeys(plain, wide + ".class", weights);
        ModelFiles narrowAlone = files(List.of(wide), 2);
        assertThat(narrowAlone.byPath()).containsOnlyKeys(plain, narrow + ".class", weights);
        assertThat(narrowAlone.own().signature().variantReason()).isEqualTo("plain loops run on any JVM");
        ModelFiles none = files(List.of(wide, narrow), 2);
        assertThat(none.byPath()).containsOnlyKeys(plain, weights);
        assertThat(none.own().signature().variantReason()).isEqualTo("vector code would not fit into a class file");
        assertThat(none.vectors()).isEmpty();
    }

    /** Where the model's own class has no room for the choice, there is nothing to choose from. */
    @Test
    void withoutRoomToChooseThereArePlainLoopsAlone() throws IOException {
        ModelFiles plain = files(List.of(), 1);
        assertThat(plain.byPath()).containsOnlyKeys("p/M.class", "p/M.weights");
        assertThat(plain.own().signature().variantReason()).isEqualTo("vector code would not fit into a class file");
    }

    private static String deep(int steps) {
        StringBuilder text = new StringBuilder("model Deep(x: f32[5, 33]) -> (y: f32[5, 33]) {\n    x0 = x\n");
        for (int i = 1; i <= steps; i++) {
            text.append("    x%d = x%d |> l2norm\n".formatted(i, i - 1));
        }
        return text.append("    y = x%d\n}\n".formatted(steps)).toString();
    }

    /** A JVM would refuse such a class when it loads it; the compiler says which member it is. */
    @Test
    void noNameTwice() {
        Value.Global field = new Value.Global("weights", ValueType.INT);
        MethodDefinition method = MethodDefinition.kernel(new Routine("kernel", List.of(), new Block(List.of())));
        assertThatThrownBy(() -> ClassEmitter.emit(definition(List.of(field, field), List.of())))
                .isInstanceOf(IllTypedException.class).hasMessage("A has two of field weights");
        assertThatThrownBy(() -> ClassEmitter.emit(definition(List.of(field), List.of(method, method))))
                .isInstanceOf(IllTypedException.class).hasMessage("A has two of method kernel()V");
        assertThat(ClassEmitter.emit(definition(List.of(field), List.of(method))).bytes()).isNotEmpty();
    }

    private static ClassDefinition definition(List<Value.Global> fields, List<MethodDefinition> methods) {
        return new ClassDefinition(ClassDefinition.Visibility.PUBLIC, new ClassType("A"), ClassType.OBJECT, 17, "a",
                fields, List.of(), methods);
    }
}
