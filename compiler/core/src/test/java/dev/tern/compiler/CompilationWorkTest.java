package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.testing.work.CompilerWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compiling takes work in proportion to the model's size. Work is method entries and jumps backwards in the compiler,
 * its parser and its class writer, which are the same on any machine: a model of four times the size may take up to
 * five times as many, where a step that grows with the square takes sixteen times. Nor may a single method grow so that
 * has a hundredth of all, for with a greater model it would have more.
 */
class CompilationWorkTest {
    private static final double MOST = 5;
    /** Trees get deeper, and what is sorted takes some steps more. */
    private static final double MOST_OF_A_METHOD = 7;
    private static final double SHARE = 0.01;

    @TempDir
    private static Path folder;

    private static CompilerWork compiler;

    @BeforeAll
    static void loadClasses() throws IOException {
        compiler = new CompilerWork();
        for (Family family : Family.values()) {
            // Once for what is made once.
            work(family.text(3));
        }
    }

    private static Map<String, Long> work(String text) throws IOException {
        return compiler.of(Files.writeString(folder.resolve("m.tern"), text));
    }

    @ParameterizedTest
    @EnumSource
    void growsWithSize(Family family) throws IOException {
        Map<String, Long> small = work(family.text(family.size));
        Map<String, Long> large = work(family.text(4 * family.size));
        long all = sum(large);
        assertThat((double) all / sum(small)).as("%,d steps for %d, %,d for %d", sum(small), family.size, all,
                4 * family.size).isLessThan(MOST);
        assertThat(large.entrySet().stream().filter(method -> method.getValue() > SHARE * all
                && method.getValue() > MOST_OF_A_METHOD * small.getOrDefault(method.getKey(), 0L))).isEmpty();
    }

    private static long sum(Map<String, Long> work) {
        return work.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Models that grow; where sums become epilogues, beyond what one epilogue holds. */
    enum Family {
        ELEMENTS(25), SIGNS(15), CODES(15), THRESHOLDS(15), FLOATS(15), SHORT_OF_MEMORY(15), CONSTANTS(15), OUTPUTS(
                15), INPUTS(40), READERS(15), BRANCHES(40), RESIDUALS(15), BLOCKS(15), REPEATS(15), IMAGES(10);

        private final int size;

        Family(int size) {
            this.size = size;
        }

        String text(int n) {
            String layer = "|> dense(8) |> batchnorm |> relu";
            String codes = "default weights: ternary(absmean), activations: dynamic(4)";
            return switch (this) {
                case ELEMENTS -> chain(n, "", "|> sigmoid");
                case SIGNS -> chain(n, "default weights: binary, activations: sign", layer);
                case CODES -> chain(n, codes, layer);
                case THRESHOLDS -> chain(n, "default weights: ternary(absmean), activations: static(2, -1..1)",
                        "|> dense(8) |> batchnorm");
                case FLOATS -> chain(n, "", "|> dense(8) |> tanh");
                case SHORT_OF_MEMORY -> chain(n, "budget ram: 1 B\n    " + codes, layer);
                case CONSTANTS -> constants(n);
                case OUTPUTS -> outputs(n);
                case INPUTS -> inputs(n);
                case READERS -> branches(n, "x |> dense(4, weights: binary, activations: sign)", ", ");
                case BRANCHES ->
                    branches(n, "x |> dense(8, weights: ternary(absmean), activations: dynamic(4))", " + ");
                case RESIDUALS -> residual(n);
                case BLOCKS -> blocks(n);
                case REPEATS -> "model M(x: f32[8]) -> (y: f32[8]) {\n"
                        + "    default weights: binary, activations: sign\n    y = x |> repeat(" + n
                        + ", dense(8) |> batchnorm)\n}\n";
                case IMAGES -> images(n);
            };
        }
    }

    private static String images(int n) {
        return "model M(x: f32[4, 4, 8]) -> (y: f32[4, 4, 8]) {\n"
                + "    default weights: binary, activations: sign\n    v0 = x\n"
                + lines(n, i -> "v" + i + " = v" + (i - 1) + " |> conv(8, 3x3, pad: 1) |> batchnorm"
                        + " |> maxpool(3, stride: 1, pad: 1)")
                + "    y = v" + n + "\n}\n";
    }

    private static String lines(int n, IntFunction<String> line) {
        return IntStream.rangeClosed(1, n).mapToObj(line).map(l -> "    " + l + "\n").collect(Collectors.joining());
    }

    private static String chain(int n, String defaults, String layer) {
        return "model M(x: f32[8]) -> (y: f32[8]) {\n    " + defaults + "\n    v0 = x\n"
                + lines(n, i -> "v" + i + " = v" + (i - 1) + " " + layer) + "    y = v" + n + "\n}\n";
    }

    private static String residual(int n) {
        return "model M(x: f32[8]) -> (y: f32[8]) {\n    default weights: binary, activations: sign\n    v0 = x\n"
                + lines(n, i -> "v" + i + " = relu(v" + (i - 1) + " + (v" + (i - 1) + " |> dense(8)))") + "    y = v"
                + n + "\n}\n";
    }

    private static String branches(int n, String branch, String join) {
        String joined = IntStream.rangeClosed(1, n).mapToObj(i -> "b" + i).collect(Collectors.joining(join));
        boolean concat = join.equals(", ");
        return "model M(x: f32[8]) -> (y: f32[" + (concat ? 4 * n : 8) + "]) {\n"
                + lines(n, i -> "b" + i + " = " + branch) + "    y = "
                + (concat ? "concat(" + joined + ", axis: 0)" : joined) + "\n}\n";
    }

    private static String blocks(int n) {
        return lines(n, i -> "block B" + i + "(x: f32[8]) -> (y: f32[8]) {\n"
                + "    y = x |> dense(8, weights: binary, activations: sign) |> relu\n}\n")
                + "model M(x: f32[8]) -> (y: f32[8]) {\n    v0 = x\n"
                + lines(n, i -> "v" + i + " = v" + (i - 1) + " |> B" + i) + "    y = v" + n + "\n}\n";
    }

    private static String constants(int n) {
        String parts = IntStream.rangeClosed(1, n).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        return "model M(x: f32[1]) -> (y: f32[" + (n + 1) + "]) {\n" + lines(n, i -> "c" + i + " = 0 * x + " + i)
                + "    y = concat(x, " + parts + ", axis: 0)\n}\n";
    }

    private static String inputs(int n) {
        String declared = IntStream.rangeClosed(1, n).mapToObj(i -> "x" + i + ": f32[4]")
                .collect(Collectors.joining(", "));
        return "model M(" + declared + ") -> (y: f32[4]) {\n    y = "
                + IntStream.rangeClosed(1, n).mapToObj(i -> "x" + i).collect(Collectors.joining(" + ")) + "\n}\n";
    }

    private static String outputs(int n) {
        StringJoiner declared = new StringJoiner(", ");
        IntStream.rangeClosed(1, n).forEach(i -> declared.add("y" + i + ": f32[4]"));
        return "model M(x: f32[4]) -> (" + declared + ") {\n" + lines(n, i -> "y" + i + " = " + i + " * x |> sigmoid")
                + "}\n";
    }
}
